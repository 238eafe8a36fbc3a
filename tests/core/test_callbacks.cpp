// SPDX-License-Identifier: BSD-3-Clause
#include "support/pond_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

/// An object of the client's.
class Listener {
public:
    explicit Listener(std::string name_ = "listener") : name(std::move(name_)) { ++living; }
    ~Listener() { --living; }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    [[nodiscard]] std::string hear() const { return name + " hears"; }
    [[nodiscard]] std::shared_ptr<Listener> friendOfMine() const { return std::make_shared<Listener>("friend"); }

    std::string name;
    static inline std::atomic<int> living{0};
};

Class<Listener> listenerClass()
{
    return Class<Listener>("Listener")
        .property("name", &Listener::name)
        .method("hear", &Listener::hear)
        .method("friend", &Listener::friendOfMine);
}

} // namespace

/// What a client lends to a server in another process, which calls it.
class TestCallbacks : public QObject {
    Q_OBJECT

private slots:
    void init() { m_process.emplace(); }
    void cleanup()
    {
        m_process.reset();
        QCOMPARE(Listener::living, 0);
    }

    void aCallbackIsCalledWithinTheCall();
    void aCallbackRunsOnAThreadOfTheLibrary();
    void aCallbackMayBeAnyFunction();
    void severalAreLentAtOnceByPlaceAndByName();
    void aCallbacksErrorArrivesInTheMethodThatCalledIt();
    void whatAServerCannotConvertIsAnErrorInTheCallback();
    void noneIsAnEmptyFunction();
    void dataWhereACallbackIsWantedIsAnError();
    void theDescriptionSaysWhatIsLent();

    void anObjectIsLent();
    void anObjectsResultIsAnObjectOfTheClientToo();
    void anAttributeIsSetToAnObject();
    void aParameterThatTakesAnythingTakesAnObject();
    void aClassThatWasNotBoundCannotBeLent();
    void aTargetOfAnyKindIsLent();
    void aCallInABatchOrOnAResultLends();
    void whatFollowsACallbackRunsAtTheServer();
    void manyCallbacksAreFollowedAtOnce();

private:
    [[nodiscard]] Connection connect() const { return m_process->connect(); }
    std::optional<PondProcess> m_process;
};

void TestCallbacks::aCallbackIsCalledWithinTheCall()
{
    const Proxy pond = connect()["pond"];
    std::atomic<std::int64_t> seen = 0;
    const Lent twice = callback([&seen](std::int64_t number) {
        seen = number;
        return 2 * number;
    });
    QCOMPARE(pond.call<int>("apply", twice, 21), 42);
    QCOMPARE(seen.load(), 21);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(pond.call<int>("apply", twice, i), 2 * i);
}

void TestCallbacks::aCallbackRunsOnAThreadOfTheLibrary()
{
    const Proxy pond = connect()["pond"];
    std::promise<std::thread::id> where;
    pond.call("invoke", callback([&where] { where.set_value(std::this_thread::get_id()); }));
    QVERIFY(where.get_future().get() != std::this_thread::get_id());
}

namespace {
std::int64_t successor(std::int64_t number) { return number + 1; }
} // namespace

void TestCallbacks::aCallbackMayBeAnyFunction()
{
    const Proxy pond = connect()["pond"];
    QCOMPARE(pond.call<int>("apply", callback(&successor), 1), 2);
    QCOMPARE(pond.call<int>("apply", callback(std::function<std::int64_t(std::int64_t)>(successor)), 2), 3);
    QCOMPARE(pond.call<int>("apply", callback([](const Value &number) { return number.as<int>() * 3; }), 3), 9);
    QCOMPARE(pond.call<std::string>("invoke", callback([] { return std::string("quack"); })), std::string("quack"));
    QVERIFY(pond.call("invoke", callback([] {})).isNone());
}

void TestCallbacks::severalAreLentAtOnceByPlaceAndByName()
{
    const Proxy pond = connect()["pond"];
    const Lent add = callback([](std::int64_t number) { return number + 1; });
    const Lent twice = callback([](std::int64_t number) { return 2 * number; });
    QCOMPARE(pond.call<int>("applyBoth", add, twice, 1), 4);
    QCOMPARE(pond.call<int>("applyBoth", kw("g", twice), kw("number", 3), kw("f", add)), 8);
    QCOMPARE(pond.call<int>("applyBoth", add, add, 1), 3); // one object, twice
}

void TestCallbacks::aCallbacksErrorArrivesInTheMethodThatCalledIt()
{
    const Proxy pond = connect()["pond"];
    std::string message;
    const Lent thrower = callback([](std::int64_t) -> std::int64_t { throw std::runtime_error("no quack"); });
    QCOMPARE(errorOf([&] { pond.call("apply", thrower); }, &message), "RemoteError");
    QVERIFY2(message.find("no quack") != std::string::npos, message.c_str());
    const Lent denier = callback([](std::int64_t) -> std::int64_t { throw AccessDenied("mine"); });
    QCOMPARE(errorOf([&] { pond.call("apply", denier); }, &message), "AccessDenied");
    QCOMPARE(message, std::string("mine"));
}

void TestCallbacks::whatAServerCannotConvertIsAnErrorInTheCallback()
{
    const Proxy pond = connect()["pond"];
    QCOMPARE(errorOf([&] { pond.call("apply", callback([](std::int64_t) { return std::string("text"); })); }),
             "DataDecodeError");
    QCOMPARE(errorOf([&] { pond.call("apply", callback([](const std::string &) { return 1; })); }), "ArgumentError");
    QCOMPARE(errorOf([&] { pond.call("apply", callback([] { return 1; })); }), "ArgumentError");
}

void TestCallbacks::noneIsAnEmptyFunction()
{
    QCOMPARE(connect()["pond"].call<int>("apply", Value()), -1);
    QCOMPARE(errorOf([&] { connect()["pond"].call("ask", Value(), "hear"); }), "ProxyObjectNotFound");
}

void TestCallbacks::dataWhereACallbackIsWantedIsAnError()
{
    std::string message;
    QCOMPARE(errorOf([&] { connect()["pond"].call("apply", 5); }, &message), "ArgumentError");
    QCOMPARE(message, std::string("apply(): 'f' must be callable, not int 5"));
    QCOMPARE(errorOf([&] { connect()["pond"].call("keep", "text"); }, &message), "ArgumentError");
    QCOMPARE(message, std::string("keep(): 'thing' must be object, not str \"text\""));
}

void TestCallbacks::theDescriptionSaysWhatIsLent()
{
    const Description description = connect()["pond"].describe();
    QCOMPARE(description.method("apply")->signature(), std::string("apply(f: callable, number: int = 1) -> int"));
    QCOMPARE(description.method("keep")->signature(), std::string("keep(thing: object) -> None"));
    QCOMPARE(description.method("invoke")->parameters.at(0).type, std::string("callable"));
}

void TestCallbacks::anObjectIsLent()
{
    const Connection connection = connect();
    connection.bind(listenerClass());
    const auto listener = std::make_shared<Listener>("Ada");
    const Proxy pond = connection["pond"];
    QCOMPARE(pond.call<std::string>("ask", connection.lend(listener), "hear"), std::string("Ada hears"));
    EVENTUALLY_EQUAL(listener.use_count(), 1L); // given back after the call
    pond.call("keep", connection.lend(listener));
    QCOMPARE(pond.call<std::string>("askKept", "hear"), std::string("Ada hears"));
    QVERIFY(listener.use_count() > 1);
    pond.call("forget");
    EVENTUALLY_EQUAL(listener.use_count(), 1L);
}

void TestCallbacks::anObjectsResultIsAnObjectOfTheClientToo()
{
    const Connection connection = connect();
    connection.bind(listenerClass());
    const Proxy pond = connection["pond"];
    // The pond's proxy to the friend cannot be a result: it is an object of the process that asks.
    QCOMPARE(errorOf([&] { pond.call("ask", connection.lend(std::make_shared<Listener>()), "friend"); }),
             "DataEncodeError");
    EVENTUALLY_EQUAL(Listener::living, 0);
}

void TestCallbacks::anAttributeIsSetToAnObject()
{
    const Connection connection = connect();
    connection.bind(listenerClass());
    const Proxy pond = connection["pond"];
    pond.set("favourite", connection.lend(std::make_shared<Listener>()));
    QCOMPARE(pond.get<std::string>("favourite"), std::string("Listener"));
    QCOMPARE(Listener::living, 1);
    pond["favourite"] = callback([] {});
    QCOMPARE(pond.get<std::string>("favourite"), std::string("callable"));
    EVENTUALLY_EQUAL(Listener::living, 0);
    std::string message;
    QCOMPARE(errorOf([&] { pond.set("favourite", 3); }, &message), "ArgumentError");
    QCOMPARE(message, std::string("'favourite' must be object, not int 3"));
}

void TestCallbacks::aParameterThatTakesAnythingTakesAnObject()
{
    const Proxy pond = connect()["pond"];
    QCOMPARE(pond.call<std::string>("kindOf", callback([] {})), std::string("proxy of callable"));
    QCOMPARE(pond.call<std::string>("kindOf", 7), std::string("7"));
}

void TestCallbacks::aClassThatWasNotBoundCannotBeLent()
{
    const Connection connection = connect();
    QCOMPARE(errorOf([&] { (void)connection.lend(std::make_shared<Listener>()); }), "ProxyError");
    QCOMPARE(errorOf([&] { (void)connection.lend(std::shared_ptr<Listener>()); }), "ArgumentError");
    QCOMPARE(errorOf([&] { Lent(std::shared_ptr<Target>()); }), "ArgumentError");
}

void TestCallbacks::aTargetOfAnyKindIsLent()
{
    const Connection connection = connect();
    const auto bag = std::make_shared<DynamicObject>("Bag");
    bag->setFunction("hear", [](const std::vector<Value> &) { return Value("a bag hears"); });
    connection["pond"].call("keep", connection.lend(bag));
    QCOMPARE(connection["pond"].call<std::string>("askKept", "hear"), std::string("a bag hears"));
}

void TestCallbacks::aCallInABatchOrOnAResultLends()
{
    const Connection connection = connect();
    const Lent twice = callback([](std::int64_t number) { return 2 * number; });
    Batch batch;
    Future<int> four = batch.call<int>(connection["pond"], "apply", twice, 2);
    batch.send();
    QCOMPARE(four.get(), 4);
    QCOMPARE(connection.directory().callAsync("object", "pond").call<int>("apply", twice, 3).get(), 6);
    QCOMPARE(connection["pond"].callAsync<int>("apply", twice, 4).get(), 8);
}

void TestCallbacks::whatFollowsACallbackRunsAtTheServer()
{
    const Connection connection = connect();
    const Proxy pond = connection["pond"];
    const Lent twice = callback([](std::int64_t number) { return 2 * number; });
    QCOMPARE(pond.call<int>("applyThen", twice, 3), 7);
    QCOMPARE(pond.call<int>("applyAwait", twice, 3), 14);
    pond.call("noteAnswer", callback([] { return 5; }));
    EVENTUALLY(pond.call("notes").as<std::vector<int>>() == std::vector{5});
    const Lent thrower = callback([](std::int64_t) -> std::int64_t { throw AccessDenied("mine"); });
    QCOMPARE(errorOf([&] { pond.call("applyThen", thrower, 3); }), "AccessDenied");
    QCOMPARE(pond.call<int>("apply", twice, 4), 8); // and those that are waited for go on as before
}

void TestCallbacks::manyCallbacksAreFollowedAtOnce()
{
    const Connection connection = connect();
    const Proxy lake = connection["lake"];
    const Lent twice = callback([](std::int64_t number) { return 2 * number; });
    std::vector<Future<std::int64_t>> answers;
    for (int i = 0; i < 500; ++i)
        answers.push_back(lake.callAsync<std::int64_t>(i % 2 == 0 ? "applyThen" : "applyAwait", twice, i));
    for (int i = 0; i < 500; ++i)
        QCOMPARE(answers[static_cast<std::size_t>(i)].get(), i % 2 == 0 ? 2 * i + 1 : 4 * i + 2);
}

QTEST_GUILESS_MAIN(TestCallbacks)
#include "test_callbacks.moc"
