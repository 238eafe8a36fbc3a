// SPDX-License-Identifier: BSD-3-Clause
#include "object/class_target.h"
#include "object/introspection.h"
#include "support/recording_reply.h"

#include <decoy/class.h>
#include <decoy/containers.h>
#include <decoy/dynamic_object.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <map>
#include <new>
#include <optional>
#include <thread>

namespace {
std::atomic<std::size_t> allocations = 0;
}
// For aCallWithNumbersAllocatesNothing.
void *operator new(std::size_t size)
{
    ++allocations;
    if (void *const memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

enum class Colour { Red = 1, Green = 2 };
MSGPACK_ADD_ENUM(Colour)

namespace {

using namespace decoy;
using test::Keywords;
using test::RecordedAnswer;
using test::TargetProbe;
using Kind = RecordedAnswer::Kind;

struct Point {
    double x = 0;
    double y = 0;
    MSGPACK_DEFINE(x, y)
};

struct Parcel { // move-only, as some arguments are
    std::string content;
    Parcel() = default;
    Parcel(Parcel &&) = default;
    Parcel &operator=(Parcel &&) = default;
    MSGPACK_DEFINE(content)
};

struct History {
    int entries = 3;
};

class Named {
public:
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    void rename(const std::string &name) { m_name = name; }
    int rank = 1;

private:
    std::string m_name = "somebody";
};

class Account : public Named {
public:
    History history; // first member: see theFirstMemberOfAnObjectIsAnotherObject
    std::unique_ptr<History> audit = std::make_unique<History>();
    int balance = 100;
    const int number = 7;

    int deposit(int amount, const std::string &memo) { return memo.empty() ? balance += amount : balance; }
    [[nodiscard]] double interest(double rate) const noexcept { return balance * rate; }
    [[nodiscard]] std::int8_t small(std::int8_t value) const & { return value; }
    Colour paint(Colour colour) { return colour; }
    std::string send(Parcel parcel) { return std::move(parcel.content); }
    int maybe(std::optional<int> value) { return value.value_or(-1); }
    void takeOver(std::string &&text) { owner = std::move(text); }
    void change(std::string &text)
    {
        text += "!";
        owner = text;
    }
    double length(const Point &point) const { return point.x + point.y; }
    std::vector<int> twice(std::vector<int> items)
    {
        items.insert(items.end(), items.begin(), items.end());
        return items;
    }
    Value echo(const Value &value) { return value; }
    History &historyReference() { return history; }
    std::shared_ptr<History> historyCopy() { return std::make_shared<History>(history); }
    History *noHistory() { return nullptr; }
    std::string owner = "Ada";
};

std::shared_ptr<const detail::ClassInfo> accountClass()
{
    return Class<Account>("Account", "A bank account.")
        .property("owner", &Account::owner, "Who owns it.")
        .property("balance", &Account::balance)
        .property("number", &Account::number)
        .property("rank", &Account::rank)
        .property("name", &Account::name, &Account::rename)
        .property("history", &Account::history)
        .property("audit", &Account::audit)
        .readOnly("fixed", &Account::balance)
        .property(
            "half", [](const Account &account) { return account.balance / 2.0; }, "Half of the balance.")
        .method("deposit", &Account::deposit, arg("amount"), arg("memo") = "", "Adds to the balance.")
        .method("interest", &Account::interest, arg("rate") = 1)
        .method("small", &Account::small, arg("value"))
        .method("paint", &Account::paint, arg("colour") = Colour::Green)
        .method("send", &Account::send, arg("parcel"))
        .method("maybe", &Account::maybe, arg("value") = Value())
        .method("takeOver", &Account::takeOver, arg("text"))
        .method("change", &Account::change, arg("text"))
        .method("length", &Account::length, arg("point"))
        .method("twice", &Account::twice, arg("items"))
        .method("echo", &Account::echo, arg("value"))
        .method("rename", &Account::rename, arg("name"))
        .method("reset", [](Account &account) { account.balance = 0; })
        .method("overloaded", [](Account &, int value) noexcept { return value; })
        .method("historyReference", &Account::historyReference)
        .method("historyCopy", &Account::historyCopy)
        .method("noHistory", &Account::noHistory)
        .method("byReference", [](Account &account) { return reference(account.balance); })
        .finish();
}

struct Bank {
    std::shared_ptr<Account> account = std::make_shared<Account>();
    std::shared_ptr<object::ClassRegistry> classes = std::make_shared<object::ClassRegistry>();

    Bank()
    {
        classes->bind(typeid(Account), accountClass());
        classes->bind(typeid(History), Class<History>("History").property("entries", &History::entries).finish());
    }
    [[nodiscard]] TargetProbe probe() const { return TargetProbe(classes->wrap(typeid(Account), account), classes); }
};

/// Takes plain values and keeps nothing, as cheaply as a real one.
class PlainContext final : public detail::ReplyContext {
public:
    void packObject(PackBuffer &, std::shared_ptr<Target>) override {}
    void packCallable(PackBuffer &, std::string_view) override {}
    void packFailure(PackBuffer &, const Failure &) override {}
    void beginValue(PackBuffer &out) override { out.clear(); }
    void endValue(PackBuffer &) override {}
    bool isBound(std::type_index) const override { return false; }
    std::shared_ptr<Target> wrap(std::type_index, std::shared_ptr<void>) override { return nullptr; }
    std::shared_ptr<ReplyContext> detach() override { return nullptr; }
    void finished(PackBuffer &) override {}
};

template <class Error, class Action>
std::string messageOf(Action action)
{
    try {
        action();
    } catch (const Error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

#define COMPARE_MESSAGE(Error, action, expected) \
    QCOMPARE(QString::fromStdString(messageOf<Error>([&] { static_cast<void>(action); })), QString::fromUtf8(expected))

} // namespace

class TestObjects : public QObject {
    Q_OBJECT

private slots:
    void methodsTakePositionalAndKeywordArgumentsAndDefaults()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        QCOMPARE(account.call("deposit", {5}).data.as<int>(), 105);
        QCOMPARE(account.call("deposit", {5, "gift"}).data.as<int>(), 105);
        QCOMPARE(account.call("deposit", {}, {{"memo", ""}, {"amount", 5}}).data.as<int>(), 110);
        QCOMPARE(account.call("deposit", {1}, {{"memo", ""}}).data.as<int>(), 111);
        QVERIFY(account.call("reset").data.isNone());
        QCOMPARE(bank.account->balance, 0);
    }

    void aCallWithNumbersAllocatesNothing()
    {
        const Bank bank;
        const std::shared_ptr<Target> account = bank.classes->wrap(typeid(Account), bank.account);
        const std::array argument = {msgpack::object(7)};
        PlainContext context;
        PackBuffer buffer;
        const auto use = [&] {
            Reply reply(context, buffer);
            account->call("overloaded", Arguments(argument, {}), reply);
            account->get("balance", reply);
            account->set("balance", argument[0], reply);
        };
        use(); // the buffer gets its memory
        const std::size_t before = allocations;
        use();
        QCOMPARE(allocations.load() - before, std::size_t{0});
        QCOMPARE(bank.account->balance, 7);
    }

    void wrongArgumentsAreNamedPrecisely()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {1, "", 3}),
                        "deposit() takes at most 2 arguments, 3 were given");
        COMPARE_MESSAGE(ArgumentError, account.call("reset", {1}), "reset() takes no arguments, 1 was given");
        COMPARE_MESSAGE(ArgumentError, account.call("rename", {1, 2}),
                        "rename() takes at most 1 argument, 2 were given");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit"), "deposit() needs 'amount'");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {1}, {{"memmo", ""}}),
                        "deposit() has no parameter 'memmo' (it has amount, memo); did you mean 'memo'?");
        COMPARE_MESSAGE(ArgumentError, account.call("reset", {}, {{"x", 1}}),
                        "reset() has no parameter 'x' (it has none)");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {1}, {{"amount", 2}}), "deposit() got 'amount' twice");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {}, {{"amount", 2}, {"amount", 2}}),
                        "deposit() got 'amount' twice");
        QCOMPARE(bank.account->balance, 100);
    }

    void wrongTypesAreToldApartFromValuesOutOfRange()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {"abc"}),
                        "deposit(): 'amount' must be int, not str \"abc\"");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {1.5}),
                        "deposit(): 'amount' must be int, not float 1.5");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {Value()}), "deposit(): 'amount' must be int, not None");
        COMPARE_MESSAGE(ArgumentError, account.call("deposit", {true}),
                        "deposit(): 'amount' must be int, not bool true");
        COMPARE_MESSAGE(ArgumentError, account.call("small", {300}),
                        "small(): 'value' is out of range: it must be from -128 to 127, not 300");
        COMPARE_MESSAGE(ArgumentError, account.call("small", {-129}),
                        "small(): 'value' is out of range: it must be from -128 to 127, not -129");
        COMPARE_MESSAGE(ArgumentError, account.call("twice", {std::vector<std::string>{"a"}}),
                        "twice(): 'items' holds something that does not fit: [\"a\"]");
        COMPARE_MESSAGE(ArgumentError, account.set("balance", "lots"), "'balance' must be int, not str \"lots\"");
    }

    void whatAPeerSentIsShownShortAndClean()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        const std::string message = messageOf<ArgumentError>(
            [&] { account.call("deposit", {std::string(1'000'000, 'x')}); });
        QVERIFY2(message.size() < 200, message.c_str());
        QVERIFY(message.ends_with("…"));
        const std::string dirty = messageOf<ArgumentError>([&] { account.call("deposit", {"\xff\x01\n"}); });
        QCOMPARE(QString::fromStdString(dirty),
                 QString::fromUtf8("deposit(): 'amount' must be int, not str \"\uFFFD  \""));
        std::vector<msgpack::object> nested(100'000); // each a list that holds the next: deeper than any frame may be
        for (std::size_t depth = 0; depth + 1 < nested.size(); ++depth) {
            nested[depth].type = msgpack::type::ARRAY;
            nested[depth].via.array = {1, &nested[depth + 1]};
        }
        QVERIFY(messageOf<ArgumentError>([&] { account.call("deposit", {Value(nested[0], nullptr)}); }).size() < 200);
    }

    void allKindsOfFunctionsCanBeBound()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        QCOMPARE(account.call("interest").data.as<double>(), 100.0); // the default 1 is an int, the parameter a double
        QCOMPARE(account.call("interest", {2}).data.as<double>(), 200.0);
        QCOMPARE(account.call("small", {-5}).data.as<int>(), -5);
        QCOMPARE(account.call("paint").data.as<int>(), 2);
        QCOMPARE(account.call("paint", {Colour::Red}).data.as<Colour>(), Colour::Red);
        Parcel parcel;
        parcel.content = "tea";
        QCOMPARE(account.call("send", {parcel}).data.as<std::string>(), "tea");
        QCOMPARE(account.call("maybe").data.as<int>(), -1);
        QCOMPARE(account.call("maybe", {8}).data.as<int>(), 8);
        account.call("takeOver", {"Bob"});
        QCOMPARE(bank.account->owner, "Bob");
        account.call("change", {"Eve"});
        QCOMPARE(bank.account->owner, "Eve!");
        QCOMPARE(account.call("length", {Point{3, 4}}).data.as<double>(), 7.0);
        QCOMPARE(account.call("twice", {std::vector<int>{1, 2}}).data.as<std::vector<int>>(),
                 (std::vector<int>{1, 2, 1, 2}));
        QCOMPARE(account.call("echo", {"text"}).data.as<std::string>(), "text");
        QCOMPARE(account.call("overloaded", {4}).data.as<int>(), 4);
        account.call("rename", {"Grace"}); // a member of the base class
        QCOMPARE(bank.account->name(), "Grace");
    }

    void bindingsThatCannotWorkAreRefusedAtOnce()
    {
        COMPARE_MESSAGE(ArgumentError, Class<Account>("A").method("rename", &Account::rename, arg("name") = 3),
                        "rename(): 'name' must be str, not int 3");
        COMPARE_MESSAGE(ArgumentError,
                        Class<Account>("A").method(
                            "reset", [](Account &) {}, arg("x")),
                        "reset() has no parameter for arg(\"x\")");
    }

    void attributesAreReadAndSet()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        QCOMPARE(account.get("owner").data.as<std::string>(), "Ada");
        QVERIFY(account.set("owner", "Bob").data.isNone());
        QCOMPARE(bank.account->owner, "Bob");
        account.set("name", "Grace");
        QCOMPARE(account.get("name").data.as<std::string>(), "Grace");
        account.set("rank", 4);
        QCOMPARE(bank.account->rank, 4);
        QCOMPARE(account.get("half").data.as<double>(), 50.0);
    }

    void attributesThatDoNotExistOrCannotBeSetSaySo()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        COMPARE_MESSAGE(AttributeNotFound, account.get("balence"),
                        "Account has no attribute 'balence'; did you mean 'balance'?");
        COMPARE_MESSAGE(AttributeNotFound, account.get("zzzzzzzz"), "Account has no attribute 'zzzzzzzz'");
        COMPARE_MESSAGE(AttributeNotFound, account.call("depositt"),
                        "Account has no method 'depositt'; did you mean 'deposit'?");
        COMPARE_MESSAGE(AttributeNotFound, account.call("balance"),
                        "'balance' is an attribute of Account, not a method");
        COMPARE_MESSAGE(AttributeNotFound, account.set("fixed", 1), "'fixed' of Account is read-only");
        COMPARE_MESSAGE(AttributeNotFound, account.set("number", 1), "'number' of Account is read-only");
        COMPARE_MESSAGE(AttributeNotFound, account.set("history", 1), "'history' of Account is read-only");
        COMPARE_MESSAGE(AttributeNotFound, account.set("deposit", 1),
                        "'deposit' is a method of Account and cannot be set");
        COMPARE_MESSAGE(AttributeNotFound, account.set("other", 1),
                        "Account has no attribute 'other'; did you mean 'owner'?");
    }

    void aMethodIsReadAsACallable()
    {
        const RecordedAnswer answer = Bank().probe().get("deposit");
        QCOMPARE(answer.kind, Kind::Callable);
        QCOMPARE(answer.callable, "deposit");
    }

    void objectsThatResultsReferToStayAlive()
    {
        std::shared_ptr<Target> history;
        std::weak_ptr<Account> account;
        {
            const Bank bank;
            account = bank.account;
            history = bank.probe().call("historyReference").object;
        }
        QVERIFY(!account.expired());
        QCOMPARE(TargetProbe(history).get("entries").data.as<int>(), 3);
        history.reset();
        QVERIFY(account.expired());
    }

    void resultsOfEveryOwnershipBecomeObjects()
    {
        const Bank bank;
        const TargetProbe account = bank.probe();
        QCOMPARE(account.get("history").object->identity(), static_cast<const void *>(&bank.account->history));
        QCOMPARE(account.get("audit").object->identity(), static_cast<const void *>(bank.account->audit.get()));
        QCOMPARE(account.call("historyCopy").object->typeName(), "History");
        QVERIFY(account.call("noHistory").data.isNone());
        COMPARE_MESSAGE(ProxyError, account.call("byReference"),
                        "class int is not bound, so objects of it cannot be used by clients: call "
                        "server.bind(decoy::Class<int>(\"Name\")...) before one is published or returned");
    }

    void aPolymorphicResultIsServedAsWhatItReallyIs()
    {
        struct Shape {
            virtual ~Shape() = default;
            int corners = 0;
        };
        struct Painted {
            virtual ~Painted() = default;
            int colour = 5;
        };
        struct Square : Painted, Shape { // so that the Shape does not lie at the Square's address
            int side = 9;
        };
        struct Circle : Shape {};
        const auto classes = std::make_shared<object::ClassRegistry>();
        classes->bind(typeid(Shape), Class<Shape>("Shape").property("corners", &Shape::corners).finish());
        classes->bind(typeid(Square), Class<Square>("Square").property("side", &Square::side).finish());
        test::RecordingContext context(classes);
        PackBuffer buffer;
        Reply reply(context, buffer);
        reply.object(std::shared_ptr<Shape>(std::make_shared<Square>()));
        QCOMPARE(TargetProbe(context.answer().object).get("side").data.as<int>(), 9);
        reply.object(std::shared_ptr<Shape>(std::make_shared<Circle>())); // not bound itself
        QCOMPARE(context.answer().object->typeName(), "Shape");
    }

    void descriptionsTellTypesDefaultsAndDocs()
    {
        const Description description = Bank().probe().target().describe();
        QCOMPARE(description.type, "Account");
        QCOMPARE(description.doc, "A bank account.");
        QCOMPARE(description.method("deposit")->signature(), "deposit(amount: int, memo: str = \"\") -> int");
        QCOMPARE(description.method("deposit")->doc, "Adds to the balance.");
        QCOMPARE(description.method("paint")->signature(), "paint(colour: int = 2) -> int");
        QCOMPARE(description.method("historyReference")->returns, "object");
        QCOMPARE(description.attribute("owner")->type, "str");
        QCOMPARE(description.attribute("owner")->doc, "Who owns it.");
        QVERIFY(description.attribute("owner")->writable);
        QVERIFY(!description.attribute("half")->writable);
        QVERIFY(!description.attribute("number")->writable);
    }

    void everyObjectAnswersTheCommonDunders()
    {
        const TargetProbe account = Bank().probe();
        const auto dunder = [&](std::string_view name, const std::vector<Value> &arguments = {}) {
            return account.handle(arguments, {}, [&](Target &target, const Arguments &given, Reply &reply) {
                QVERIFY(object::answerCommonDunder(target, name, given, reply));
            });
        };
        QCOMPARE(dunder("__describe__").data.as<Description>().type, "Account");
        const auto names = dunder("__dir__").data.as<std::vector<std::string>>();
        QCOMPARE(names.front(), "audit");
        QVERIFY(std::ranges::is_sorted(names));
        QCOMPARE(dunder("__str__").data.as<std::string>(), "<Account object>");
        QCOMPARE(dunder("__repr__").data.as<std::string>(), "<Account object>");
        QCOMPARE(dunder("__getattr__", {"owner"}).data.as<std::string>(), "Ada");
        QCOMPARE(dunder("__setattr__", {"owner", "Bob"}).kind, Kind::Data);
        QCOMPARE(dunder("__getattribute__", {"owner"}).data.as<std::string>(), "Bob");
        COMPARE_MESSAGE(ArgumentError, dunder("__getattr__", {5}), "__getattr__(): 'name' must be str, not int 5");
        COMPARE_MESSAGE(ArgumentError, dunder("__dir__", {5}), "__dir__() takes no arguments, 1 was given");
        QCOMPARE(account
                     .handle({}, {},
                             [](Target &target, const Arguments &arguments, Reply &reply) {
                                 QVERIFY(!object::answerCommonDunder(target, "__class__", arguments, reply));
                             })
                     .kind,
                 Kind::Nothing);
    }

    void aListBehavesAsInPython()
    {
        auto numbers = std::make_shared<std::vector<int>>(std::vector{1, 2, 3});
        const TargetProbe list(
            std::make_shared<object::ClassTarget>(decoy::list<std::vector<int>>().finish(), numbers));
        QCOMPARE(list.call("__len__").data.as<int>(), 3);
        QCOMPARE(list.call("__getitem__", {-1}).data.as<int>(), 3);
        list.call("__setitem__", {0, 10});
        list.call("append", {4});
        list.call("insert", {-100, 0});
        QCOMPARE(*numbers, (std::vector{0, 10, 2, 3, 4}));
        QCOMPARE(list.call("pop").data.as<int>(), 4);
        QCOMPARE(list.call("pop", {0}).data.as<int>(), 0);
        list.call("__delitem__", {1});
        QCOMPARE(list.call("__iter__").data.as<std::vector<int>>(), (std::vector{10, 3}));
        QVERIFY(list.call("__contains__", {3}).data.as<bool>());
        COMPARE_MESSAGE(ArgumentError, list.call("__getitem__", {7}), "index 7 is out of range, the size is 2");
        COMPARE_MESSAGE(ArgumentError, list.call("__getitem__", {-3}), "index -3 is out of range, the size is 2");
        for (const std::int64_t index : {INT64_MIN, INT64_MAX})
            QVERIFY(messageOf<ArgumentError>([&] { list.call("__getitem__", {index}); }).starts_with("index "));
        list.call("clear");
        QVERIFY(numbers->empty());
    }

    void aListOfObjectsGivesItsItemsByReference()
    {
        const auto classes = std::make_shared<object::ClassRegistry>();
        classes->bind(typeid(History), Class<History>("History").property("entries", &History::entries).finish());
        auto items = std::make_shared<std::deque<History>>(2);
        const TargetProbe list(
            std::make_shared<object::ClassTarget>(decoy::list<std::deque<History>>().finish(), items), classes);
        QCOMPARE(list.call("__getitem__", {1}).object->identity(), static_cast<const void *>(&items->at(1)));
        QVERIFY(!list.target().describe().method("append"));

        auto flags = std::make_shared<std::vector<bool>>(2);
        const TargetProbe bits(std::make_shared<object::ClassTarget>(decoy::list<std::vector<bool>>().finish(), flags));
        bits.call("__setitem__", {1, true});
        QCOMPARE(bits.call("__getitem__", {1}).data.as<bool>(), true);
    }

    void aDictionaryBehavesAsInPython()
    {
        using Map = std::map<std::string, int>;
        auto settings = std::make_shared<Map>(Map{{"a", 1}, {"b", 2}});
        const TargetProbe map(std::make_shared<object::ClassTarget>(dictionary<Map>().finish(), settings));
        QCOMPARE(map.call("__getitem__", {"a"}).data.as<int>(), 1);
        map.call("__setitem__", {"c", 3});
        map.call("__delitem__", {"a"});
        QCOMPARE(map.call("keys").data.as<std::vector<std::string>>(), (std::vector<std::string>{"b", "c"}));
        QCOMPARE(map.call("values").data.as<std::vector<int>>(), (std::vector{2, 3}));
        QCOMPARE(map.call("items").data.as<Map>(), (Map{{"b", 2}, {"c", 3}}));
        QVERIFY(map.call("get", {"x"}).data.isNone());
        QCOMPARE(map.call("get", {"x", 5}).data.as<int>(), 5);
        QCOMPARE(map.call("get", {"b"}).data.as<int>(), 2);
        QVERIFY(!map.call("__contains__", {"x"}).data.as<bool>());
        COMPARE_MESSAGE(ArgumentError, map.call("__getitem__", {"x"}), "there is no key \"x\"");
        COMPARE_MESSAGE(ArgumentError, map.call("__delitem__", {"x"}), "there is no key \"x\"");
    }

    void aDynamicObjectTakesNewAttributesAndDropsThem()
    {
        const auto object = std::make_shared<DynamicObject>("Bag");
        object->setFunction("add", [](const std::vector<Value> &values) {
            return Value(values.at(0).as<int>() + values.at(1).as<int>());
        });
        object->setObject("child", std::make_shared<DynamicObject>("Child"));
        const TargetProbe bag(object);
        bag.set("colour", "red");
        QCOMPARE(object->attribute("colour").as<std::string>(), "red");
        QCOMPARE(bag.get("colour").data.as<std::string>(), "red");
        QCOMPARE(bag.get("child").object->typeName(), "Child");
        QCOMPARE(bag.get("add").callable, "add");
        QCOMPARE(bag.call("add", {2, 3}).data.as<int>(), 5);
        bag.set("add", 1); // replaces the function, as in Python
        COMPARE_MESSAGE(AttributeNotFound, bag.call("add"), "'add' is an attribute of Bag, not a method");
        bag.call("__delattr__", {"colour"});
        COMPARE_MESSAGE(AttributeNotFound, bag.get("colour"), "Bag has no attribute 'colour'");
        COMPARE_MESSAGE(AttributeNotFound, bag.call("__delattr__", {"chil"}),
                        "Bag has no attribute 'chil'; did you mean 'child'?");
        const Description description = object->describe();
        QCOMPARE(description.attribute("add")->type, "int");
        QVERIFY(description.method("__delattr__"));
    }

    void aDynamicObjectsFunctionsMayUseIt()
    {
        const auto object = std::make_shared<DynamicObject>();
        object->setFunction("next", [&bag = *object](const std::vector<Value> &) {
            const int next = bag.attribute("count").as<int>() + 1;
            bag.setAttribute("count", next);
            bag.setFunction("next",
                            [](const std::vector<Value> &) { return Value("replaced"); }); // this one still runs
            return Value(next);
        });
        object->setAttribute("count", 1);
        QCOMPARE(TargetProbe(object).call("next").data.as<int>(), 2);
        QCOMPARE(TargetProbe(object).call("next").data.as<std::string>(), "replaced");
    }

    void aDynamicObjectIsUsedByManyThreads()
    {
        const auto object = std::make_shared<DynamicObject>();
        object->setAttribute("count", 0);
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&object, name = "own" + std::to_string(thread)] {
                const TargetProbe probe(object);
                for (int round = 0; round < 500; ++round) {
                    probe.set("count", round);
                    probe.set(name, round);
                    static_cast<void>(probe.get("count"));
                    static_cast<void>(object->describe());
                    probe.call("__delattr__", {name});
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(object->describe().attributes.size(), std::size_t{1});
    }

    void aDeferredAnswerTravelsOnce()
    {
        test::RecordingContext context;
        PackBuffer buffer;
        Reply reply(context, buffer);
        const std::shared_ptr<Reply> later = reply.defer();
        QVERIFY(reply.isDeferred());
        QCOMPARE(context.answer().kind, Kind::Nothing);
        later->value(5);
        later->value(6);
        QCOMPARE(context.answer().timesFinished, 1);
    }

    void aDeferredAnswerThatIsDroppedBecomesAnError()
    {
        test::RecordingContext context;
        PackBuffer buffer;
        Reply reply(context, buffer);
        reply.defer().reset();
        QCOMPARE(context.answer().kind, Kind::Failure);
        QCOMPARE(context.answer().failure.message, "the object dropped the call without an answer");
        QCOMPARE(context.answer().timesFinished, 1);
    }

    void nullObjectsAreNone()
    {
        test::RecordingContext context;
        PackBuffer buffer;
        Reply reply(context, buffer);
        reply.object(std::shared_ptr<Target>());
        QVERIFY(context.answer().data.isNone());
        reply.object(std::shared_ptr<History>());
        QVERIFY(context.answer().data.isNone());
    }
};

QTEST_APPLESS_MAIN(TestObjects)
#include "test_objects.moc"
