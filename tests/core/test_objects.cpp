// SPDX-License-Identifier: BSD-3-Clause
#include "object/introspection.h"
#include "support/bank.h"
#include "support/error_message.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace decoy;
using namespace decoy::test;
using Kind = RecordedAnswer::Kind;

/// Objects of bound classes: their attributes, what becomes of results, and what they tell about themselves.
class TestObjects : public QObject {
    Q_OBJECT

private slots:
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
};

QTEST_APPLESS_MAIN(TestObjects)
#include "test_objects.moc"
