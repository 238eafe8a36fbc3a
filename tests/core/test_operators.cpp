// SPDX-License-Identifier: BSD-3-Clause
#include "support/served_containers.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <memory>

using namespace decoy;
using namespace decoy::test;

/// Operators of objects in another process.
class TestOperators : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_runtime = std::make_unique<RuntimeDirectory>();
        m_server = std::make_unique<ServedProcess>(QStringList{"containers=1"});
        m_connection = std::make_unique<Connection>(m_server->connect());
    }
    void cleanupTestCase()
    {
        m_connection.reset();
        m_server.reset();
        m_runtime.reset();
    }

    void valuesAreComparedAddedAndMultiplied()
    {
        const Proxy vector = served("vector");
        QVERIFY((vector == Vector{1, 2}));
        QVERIFY((Vector{1, 2} == vector));
        QVERIFY((vector != Vector{2, 1}));
        QCOMPARE((vector + Vector{10, 20}).as<Vector>(), (Vector{11, 22}));
        QCOMPARE((vector * 2.5).as<Vector>(), (Vector{2.5, 5}));
        QCOMPARE((vector * 2).as<Vector>(), (Vector{2, 4})); // a whole number is a float without loss
        QCOMPARE((3.0 * vector).as<Vector>(), (Vector{3, 6}));
        QCOMPARE((-vector).as<Vector>(), (Vector{-1, -2}));
        vector += Vector{1, 1};
        QVERIFY((vector == Vector{2, 3}));
    }

    void anOperandIsTakenAsWhatItIs()
    {
        const Proxy tally = served("tally");
        QVERIFY(tally == 10 && tally < 11 && tally >= 10 && !(tally > 10) && tally <= 10 && tally != 9);
        QCOMPARE((tally - std::string("four")).as<int>(), 6);
        const Proxy less = (tally - 3).proxy(); // what does not travel by value is a chained proxy
        QCOMPARE(less.get<int>("count"), 7);
        QCOMPARE(less.level(), 0);
        QCOMPARE(tally(4).as<int>(), 40);
        tally += 5;
        QCOMPARE(tally.get<int>("count"), 15);
        (tally += -5) += 0;
        QCOMPARE(tally.get<int>("count"), 10);
    }

    void nothingIsRoundedOrGuessed()
    {
        const Proxy tally = served("tally");
        std::string message;
        QCOMPARE(errorOf([&] { tally += 2.5; }, &message), "ArgumentError");
        QVERIFY2(message.find("must be int, not float 2.5") != std::string::npos, message.c_str());
        QCOMPARE(errorOf([&] { (void)(tally - true); }, &message), "ArgumentError");
        QVERIFY2(message.find("must be int or str, not bool true") != std::string::npos, message.c_str());
        QCOMPARE(errorOf([&] { tally += std::int64_t{1} << 40; }), "ArgumentError");
        QCOMPARE(errorOf([&] { (void)(tally + 1); }), "AttributeNotFound");
        QCOMPARE(tally.get<int>("count"), 10);
    }

    void containersAreCompared()
    {
        const Proxy numbers = served("numbers");
        QVERIFY((numbers == std::vector{1, 2, 3}));
        QVERIFY((numbers != std::vector{1, 2}));
        QVERIFY((served("nothing") == std::vector<int>()));
        QVERIFY((served("primes") == std::set{2, 3, 5, 7}));
        QVERIFY((served("ages") == std::map<std::string, int>{{"Ada", 36}, {"Bob", 41}, {"Eve", 29}}));
        QCOMPARE(errorOf([&] { (void)(numbers == "text"); }), "ArgumentError");
    }

    void operatorsThatReadDoNotEndIterations()
    {
        const Proxy numbers = served("numbers");
        auto place = numbers.range<int>(1).begin();
        QVERIFY((numbers == std::vector{1, 2, 3}));
        ++place;
        QCOMPARE(*place, 2);
    }

    void descriptionsNameThem()
    {
        const Description vector = served("vector").describe();
        QCOMPARE(vector.method("__mul__")->signature(), "__mul__(other: float) -> list");
        QCOMPARE(vector.method("__add__")->signature(), "__add__(other: list) -> list");
        QVERIFY(!vector.method("__sub__") && !vector.method("__call__"));
        QCOMPARE(served("tally").describe().method("__sub__")->parameters[0].type, "int or str");
    }

private:
    [[nodiscard]] Proxy served(const char *name) const { return (*m_connection)[name]; }

    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<ServedProcess> m_server;
    std::unique_ptr<Connection> m_connection;
};

QTEST_GUILESS_MAIN(TestOperators)
#include "test_operators.moc"
