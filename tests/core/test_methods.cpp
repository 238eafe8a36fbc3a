// SPDX-License-Identifier: BSD-3-Clause
#include "support/bank.h"
#include "support/error_message.h"

#include <QTest>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

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

namespace {

using namespace decoy;
using namespace decoy::test;

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

} // namespace

/// Methods of bound classes: which functions can be bound, which arguments they take, and what is said of wrong ones.
class TestMethods : public QObject {
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
};

QTEST_APPLESS_MAIN(TestMethods)
#include "test_methods.moc"
