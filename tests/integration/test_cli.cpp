// SPDX-License-Identifier: BSD-3-Clause
#include "decoy_command.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <memory>

using namespace decoy::test;

/// What a person types and what comes back.
class TestCli : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void aCallFromAnotherProcessPrintsItsResult();
    void attributesAreReadAndSet();
    void containersAreListedAndGrown();
    void whatReturnsNothingPrintsNull();
    void argumentsTravelByPositionAndByName();
    void everyJsonValueComesBackAsItWent_data();
    void everyJsonValueComesBackAsItWent();
    void whatJsonCannotSayIsAnObjectWithOneKey();
    void lsListsLiveServers();
    void lsListsTheObjectsOfAServer();
    void lsListsWhatClientsHold();
    void lsListsWhoHasSubscribedToWhat();
    void lsListsCallsInFlight();
    void theDemoPrintsEventsAsTheyAreTold();
    void theDemoPrintsCallbacksInBothDirections();
    void describeShowsSignaturesAndTexts();
    void describeAsJsonHasEverythingADialogNeeds();
    void everyDemoObjectIsDocumented();
    void everyErrorIsOneLineWithItsKindAndStatus_data();
    void everyErrorIsOneLineWithItsKindAndStatus();
    void helpAndVersionAreNoErrors_data();
    void helpAndVersionAreNoErrors();
    void watchPrintsAnAttributeNowAndWhenItChanges();
    void watchThatSeesNothingTimesOut();
    void describeShowsTheEvents();
    void describeShowsWhatOthersHold();
    void watchAsJsonHasTimeNamesAndValues();
    void watchEndsWithTheServer();
    void watchSaysWhatCannotBeWatched();
    void workersAreListed();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<Host> m_host;
};

namespace {

QByteArray outputOf(const QStringList &arguments)
{
    const Outcome outcome = decoy::test::decoy(arguments);
    return outcome.status == 0 ? outcome.output.trimmed() : "failed with " + outcome.errors;
}

QJsonDocument jsonOf(const QStringList &arguments) { return QJsonDocument::fromJson(outputOf(arguments)); }

} // namespace

void TestCli::initTestCase()
{
    m_runtime = std::make_unique<RuntimeDirectory>();
    m_host = std::make_unique<Host>();
}

void TestCli::cleanupTestCase()
{
    m_host.reset();
    m_runtime.reset();
}

void TestCli::aCallFromAnotherProcessPrintsItsResult()
{
    QCOMPARE(outputOf({"call", "demo", "counter", "reset"}), "null");
    QCOMPARE(outputOf({"call", "demo", "counter", "add", "5"}), "105");
    QCOMPARE(outputOf({"get", "demo", "counter", "a"}), "105");
    QCOMPARE(outputOf({"call", "demo", "counter", "add", "-5"}), "100");
}

void TestCli::attributesAreReadAndSet()
{
    QCOMPARE(outputOf({"set", "demo", "counter", "a", "-7"}), "null");
    QCOMPARE(outputOf({"get", "demo", "counter", "a"}), "-7");
    QCOMPARE(outputOf({"set", "demo", "account", "owner", "\"Grace\""}), "null");
    QCOMPARE(outputOf({"get", "demo", "account", "owner"}), "\"Grace\"");
    QCOMPARE(outputOf({"set", "demo", "thermostat", "target", "22.5"}), "null");
    QCOMPARE(outputOf({"get", "demo", "thermostat", "target"}), "22.5");
}

void TestCli::containersAreListedAndGrown()
{
    QCOMPARE(outputOf({"get", "demo", "numbers"}), "[1,2,3]");
    QCOMPARE(outputOf({"call", "demo", "numbers", "append", "4"}), "null");
    QCOMPARE(outputOf({"get", "demo", "numbers"}), "[1,2,3,4]");
    QVERIFY(outputOf({"describe", "demo", "numbers"}).startsWith("numbers: list, id 3, 4 items\n"));
    QCOMPARE(outputOf({"get", "demo", "settings"}), R"({"muted":false,"ratio":0.5,"theme":"dark","volume":7})");
    QVERIFY(outputOf({"describe", "demo", "settings"}).startsWith("settings: dict, id 4, 4 items\n"));
}

void TestCli::whatReturnsNothingPrintsNull() { QCOMPARE(outputOf({"call", "demo", "lab", "sleep", "0"}), "null"); }

void TestCli::argumentsTravelByPositionAndByName()
{
    const int before = outputOf({"get", "demo", "account", "balance"}).toInt();
    QCOMPARE(outputOf({"call", "demo", "account", "deposit", "50", "--kw", "memo=\"a=b\""}).toInt(), before + 50);
    QCOMPARE(outputOf({"call", "demo", "account", "withdraw", "--kw", "memo=\"both\"", "--kw", "amount=50"}).toInt(),
             before);
    QCOMPARE(outputOf({"call", "demo", "thermostat", "boost", "3"}), "3");
}

void TestCli::everyJsonValueComesBackAsItWent_data()
{
    QTest::addColumn<QString>("json");
    for (const char *json : {"null",
                             "true",
                             "0",
                             "-1",
                             "9223372036854775807",
                             "18446744073709551615",
                             "-9223372036854775808",
                             "0.5",
                             "-1.25",
                             "\"\"",
                             "\"text\"",
                             R"("Zeile\n\"zwei\" ü")",
                             "[]",
                             "[1]",
                             "[1,2]",
                             "[[],[[]]]",
                             "{}",
                             R"({"b":1,"a":[{}]})",
                             R"({"$bytes":"AAH/"})",
                             "\"get\"",
                             "\"--json\""})
        QTest::newRow(json) << json;
}

void TestCli::everyJsonValueComesBackAsItWent()
{
    QFETCH(QString, json);
    QCOMPARE(QString(outputOf({"call", "demo", "lab", "echo", json})), json);
    QCOMPARE(QString(outputOf({"call", "demo", "lab", "echo", "--kw", "value=" + json})), json);
}

void TestCli::whatJsonCannotSayIsAnObjectWithOneKey()
{
    QCOMPARE(outputOf({"call", "demo", "lab", "blob", "3"}), R"({"$bytes":"AAEC"})");
    QCOMPARE(outputOf({"get", "demo", "counter", "add"}), R"({"$callable":"add"})");
    const QJsonObject proxy = jsonOf({"call", "demo", "node", "child"}).object()["$proxy"].toObject();
    QCOMPARE(proxy["type"].toString(), "Node");
    QCOMPARE(proxy["level"].toInt(), 1);
    QVERIFY(proxy["id"].toInt() > 7);
}

void TestCli::lsListsLiveServers()
{
    const QByteArray table = outputOf({"ls"});
    QVERIFY2(table.startsWith("SERVER"), table);
    QVERIFY2(table.contains("\ndemo"), table);
    const QJsonObject server = jsonOf({"ls", "--json"}).array().first().toObject();
    QCOMPARE(server["server"].toString(), "demo");
    QCOMPARE(server["pid"].toInt(), m_host->id());
    QCOMPARE(server["objects"].toInt(), 7);
}

void TestCli::lsListsTheObjectsOfAServer()
{
    const QByteArray table = outputOf({"ls", "demo"});
    QVERIFY2(table.startsWith("OBJECT"), table);
    QVERIFY2(table.contains("\naccount"), table);
    const QJsonArray objects = jsonOf({"ls", "demo", "--json"}).array();
    QCOMPARE(objects.size(), 7);
    QCOMPARE(objects[1].toObject(), (QJsonObject{{"object", "account"}, {"id", 2}, {"type", "Account"}}));
}

void TestCli::lsListsWhatClientsHold()
{
    QCOMPARE(outputOf({"ls", "demo", "--held", "--json"}), "[]");
    const Worker worker("reader");
    QTRY_VERIFY_WITH_TIMEOUT(outputOf({"ls", "demo", "--held"}).contains(QByteArray::number(worker.id())), 60'000);
    const QByteArray table = outputOf({"ls", "demo", "--held"});
    QVERIFY2(table.startsWith("PID"), table);
    const QJsonObject row = jsonOf({"ls", "demo", "--held", "--json"}).array().first().toObject();
    QCOMPARE(row["process"].toInt(), worker.id());
    QVERIFY(row["references"].toInt() >= row["objects"].toInt() && row["objects"].toInt() > 0);
    QCOMPARE(decoy::test::decoy({"ls", "--held"}).status, 2);
}

void TestCli::lsListsWhoHasSubscribedToWhat()
{
    QCOMPARE(outputOf({"ls", "demo", "--subscriptions", "--json"}), "[]");
    Worker worker("listener");
    QVERIFY(worker.waitForLineWith("subscribed to "));
    outputOf({"call", "demo", "account", "deposit", "1"});
    QVERIFY(worker.waitForLineWith("account.changed("));
    const QByteArray table = outputOf({"ls", "demo", "--subscriptions"});
    QVERIFY2(table.startsWith("PID") && table.contains("account") && table.contains("changed"), table);
    bool isListed = false;
    for (const QJsonValue &value : jsonOf({"ls", "demo", "--subscriptions", "--json"}).array()) {
        const QJsonObject row = value.toObject();
        QCOMPARE(row["process"].toInt(), worker.id());
        QCOMPARE(row["lost"].toInt(), 0);
        isListed |= row["event"] == "changed" && row["type"] == "Account" && row["delivered"].toInt() > 0;
    }
    QVERIFY(isListed);
    QCOMPARE(decoy::test::decoy({"ls", "--subscriptions"}).status, 2);
    QCOMPARE(decoy::test::decoy({"ls", "demo", "--held", "--subscriptions"}).status, 2);
}

void TestCli::lsListsCallsInFlight()
{
    Worker sleeper("sleeper"); // always in a long call
    const auto rowOfSleeper = [&sleeper] {
        for (const QJsonValue &row : jsonOf({"ls", "demo", "--clients", "--json"}).array()) {
            if (row["process"].toInt() == sleeper.id())
                return row.toObject();
        }
        return QJsonObject();
    };
    QTRY_COMPARE_WITH_TIMEOUT(rowOfSleeper()["inFlight"].toInt(), 1, 60'000);
    QCOMPARE(rowOfSleeper()["callbacks"].toInt(), 0);
    const QByteArray table = outputOf({"ls", "demo", "--clients"});
    const QRegularExpression expected(
        QString(R"(^PID +IN FLIGHT +CALLBACKS +CALLS +REFERENCES +FOR\s[^$]*%1 +1 +0 )").arg(sleeper.id()));
    QVERIFY2(expected.match(QString::fromUtf8(table)).hasMatch(), table);
    QCOMPARE(decoy::test::decoy({"ls", "--clients"}).status, 2);
    QCOMPARE(decoy::test::decoy({"ls", "demo", "--held", "--clients"}).status, 2);
}

void TestCli::theDemoPrintsCallbacksInBothDirections()
{
    Process demo(DECOY_PROGRAM, {"demo", "--only", "callbacks"});
    const QRegularExpression request(R"(lender \d+ +native +<= client +EXECUTE +callback \d+\(1\) )");
    const QRegularExpression result(R"(lender \d+ +native +=> server +RESULT +callback \d+\(1\) -> \d+ )");
    QByteArrayList lines;
    const auto readUntil = [&](const QRegularExpression &wanted) {
        do
            lines.append(demo.readLine());
        while (!lines.last().isNull() && !wanted.match(QString::fromUtf8(lines.last())).hasMatch());
        return !lines.last().isNull();
    };
    QVERIFY(readUntil(request));
    QVERIFY(readUntil(result));
    for (const QByteArray &line : lines)
        QVERIFY2(!line.contains(" -> server ") && !line.contains(" <- client "), line);
    demo.send(SIGINT);
    QCOMPARE(demo.waitForEnd().status, 0);
    QCOMPARE(decoy::test::decoy({"demo", "--only", "nonsense"}).status, 2);
}

void TestCli::theDemoPrintsEventsAsTheyAreTold()
{
    Process demo(DECOY_PROGRAM, {"demo"});
    const QRegularExpression expected(R"(listener \d+ +native +<- client +EVENT +account\.changed\(\d+\) )");
    QByteArray line = demo.readLine();
    while (!line.isNull() && !expected.match(QString::fromUtf8(line)).hasMatch())
        line = demo.readLine();
    QVERIFY(!line.isNull());
    demo.send(SIGINT);
    QCOMPARE(demo.waitForEnd().status, 0);
}

void TestCli::describeShowsSignaturesAndTexts()
{
    const QByteArray text = outputOf({"describe", "demo", "account"});
    QVERIFY2(text.startsWith("account: Account, id 2\n"), text);
    QVERIFY2(text.contains("  deposit(amount: int, memo: str = \"\") -> int\n"), text);
    QVERIFY2(text.contains("  balance: int  read-only  "), text);
}

void TestCli::describeAsJsonHasEverythingADialogNeeds()
{
    const QJsonObject account = jsonOf({"describe", "demo", "account", "--json"}).object();
    QCOMPARE(account["object"].toString(), "account");
    QCOMPARE(account["type"].toString(), "Account");
    QCOMPARE(account["attributes"].toArray().first().toObject()["writable"].toBool(), true);
    const QJsonObject deposit = account["methods"].toArray().first().toObject();
    QCOMPARE(deposit["name"].toString(), "deposit");
    const QJsonObject memo = deposit["parameters"].toArray()[1].toObject();
    QCOMPARE(memo, (QJsonObject{{"name", "memo"}, {"type", "str"}, {"required", false}, {"default", ""}}));
}

void TestCli::everyDemoObjectIsDocumented()
{
    for (const char *object : {"counter", "account", "numbers", "settings", "node", "lab", "thermostat"}) {
        const QJsonObject description = jsonOf({"describe", "demo", object, "--json"}).object();
        QVERIFY2(!description["doc"].toString().isEmpty(), object);
        for (const QJsonValue member : description["attributes"].toArray())
            QVERIFY2(!member["doc"].toString().isEmpty(), object + ("." + member["name"].toString().toUtf8()));
        for (const QJsonValue member : description["methods"].toArray()) {
            const QByteArray name = object + ("." + member["name"].toString().toUtf8());
            QVERIFY2(!member["doc"].toString().isEmpty(), name);
            for (const QJsonValue parameter : member["parameters"].toArray())
                QVERIFY2(!parameter["name"].toString().startsWith("arg"), name);
        }
    }
}

void TestCli::everyErrorIsOneLineWithItsKindAndStatus_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("beginning");
    const auto row = [](const char *name, const QStringList &arguments, int status, const char *beginning) {
        QTest::newRow(name) << arguments << status << beginning;
    };
    row("no such server", {"get", "nobody", "counter", "a"}, 3, "ServerNotFound: ");
    row("no such object", {"get", "demo", "nobody", "a"}, 1, "ProxyObjectNotFound: ");
    row("no such attribute", {"get", "demo", "counter", "b"}, 1, "AttributeNotFound: ");
    row("no such method", {"call", "demo", "counter", "rob"}, 1, "AttributeNotFound: ");
    row("nothing that was not bound", {"get", "demo", "counter", "__class__"}, 1, "AttributeNotFound: ");
    row("read-only attribute", {"set", "demo", "account", "balance", "1"}, 1, "AttributeNotFound: ");
    row("unfitting attribute value", {"set", "demo", "counter", "a", "\"x\""}, 1, "ArgumentError: ");
    row("missing argument", {"call", "demo", "counter", "add"}, 1, "ArgumentError: ");
    row("one argument too many", {"call", "demo", "counter", "add", "1", "2"}, 1, "ArgumentError: ");
    row("unknown keyword", {"call", "demo", "counter", "add", "1", "--kw", "y=2"}, 1, "ArgumentError: ");
    row("wrong type", {"call", "demo", "counter", "add", "\"x\""}, 1, "ArgumentError: ");
    row("the target's own error", {"call", "demo", "account", "withdraw", "123456789"}, 1,
        "RemoteError: InsufficientFunds: balance ");
    row("a message of several lines", {"call", "demo", "lab", "fail", R"("one\ntwo")"}, 1,
        "RemoteError: LabFailure: one two");
    row("a message that would clear the screen", {"call", "demo", "lab", "fail", R"("\u001b[2J!")"}, 1,
        "RemoteError: LabFailure: \\x1b[2J!");
    row("too big a result", {"call", "demo", "lab", "blob", "70000"}, 1, "DataTooBigError: ");
    row("an absurd request", {"call", "demo", "lab", "blob", "-1"}, 1, "ArgumentError: ");
    row("deadline", {"call", "demo", "lab", "sleep", "5", "--timeout", "0.2"}, 4, "CallTimeout: ");
    row("server name that cannot be", {"host", "--name", "../demo"}, 2, "UsageError: ");
    row("bufsize that cannot be", {"host", "--name", "other", "--bufsize", "3"}, 2, "UsageError: ");
    row("nothing at all", {}, 2, "UsageError: ");
    row("unknown command", {"dance"}, 2, "UsageError: there is no command dance");
    row("unknown option", {"get", "demo", "counter", "a", "--fast"}, 2, "UsageError: ");
    row("missing operand", {"get", "demo"}, 2, "UsageError: OBJECT is missing");
    row("items of what has none", {"get", "demo", "counter"}, 1, "AttributeNotFound: ");
    row("one operand too many", {"get", "demo", "counter", "a", "b"}, 2, "UsageError: ");
    row("a string without its quotes", {"call", "demo", "lab", "echo", "hello"}, 2,
        "UsageError: argument 1, hello, is not JSON: ");
    row("cut off JSON", {"call", "demo", "lab", "echo", "[1,"}, 2, "UsageError: ");
    row("a keyword without value", {"call", "demo", "lab", "echo", "--kw", "value"}, 2,
        "UsageError: --kw takes NAME=JSON");
    row("set without JSON", {"set", "demo", "counter", "a", "x"}, 2, "UsageError: the value is not JSON: ");
    row("a timeout of nothing", {"call", "demo", "lab", "sleep", "1", "--timeout", "0"}, 2, "UsageError: --timeout ");
    row("a timeout without end", {"call", "demo", "lab", "sleep", "1", "--timeout", "inf"}, 2,
        "UsageError: --timeout ");
    row("a timeout that is none", {"call", "demo", "lab", "sleep", "1", "--timeout", "soon"}, 2, "UsageError: ");
    row("unknown scenario", {"worker", "dancer", "--server", "demo"}, 2,
        "UsageError: there is no scenario dancer; there are reader");
    row("worker without scenario", {"worker", "--server", "demo"}, 2, "UsageError: ");
    row("worker without server", {"worker", "teller"}, 2, "UsageError: ");
    row("worker backwards", {"worker", "teller", "--server", "demo", "--rate", "-1"}, 2, "UsageError: ");
    row("worker for nobody", {"worker", "teller", "--server", "nobody"}, 3, "ServerNotFound: ");
}

void TestCli::everyErrorIsOneLineWithItsKindAndStatus()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, beginning);
    const Outcome outcome = decoy::test::decoy(arguments);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.errors.startsWith("decoy: " + beginning.toUtf8()), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QVERIFY(outcome.errors.endsWith('\n'));
    QCOMPARE(outcome.status, status);
}

void TestCli::helpAndVersionAreNoErrors_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("version") << QStringList{"--version"};
    QTest::newRow("help") << QStringList{"--help"};
    for (const char *command : {"host", "ls", "describe", "get", "set", "call", "watch", "worker", "demo"})
        QTest::newRow(command) << QStringList{command, "--help"};
}

void TestCli::helpAndVersionAreNoErrors()
{
    QFETCH(QStringList, arguments);
    const Outcome outcome = decoy::test::decoy(arguments);
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    QVERIFY(outcome.output.contains("decoy"));
    if (arguments.size() == 2)
        QVERIFY2(outcome.output.contains("Example"), outcome.output);
}

void TestCli::watchPrintsAnAttributeNowAndWhenItChanges()
{
    Process watch(DECOY_PROGRAM, {"watch", "demo", "account", "balance", "--count", "2"});
    const QByteArray before = watch.readLine(); // it has subscribed
    QVERIFY2(before.contains("  balance = "), before);
    const int balance = outputOf({"call", "demo", "account", "deposit", "5"}).toInt();
    QVERIFY(watch.readLine().endsWith("  balance = " + QByteArray::number(balance)));
    QCOMPARE(outputOf({"call", "demo", "account", "withdraw", "5"}).toInt(), balance - 5);
    QVERIFY(watch.readLine().endsWith("  balance = " + QByteArray::number(balance - 5)));
    QCOMPARE(watch.waitForEnd().status, 0);
}

void TestCli::watchThatSeesNothingTimesOut()
{
    const Outcome outcome = decoy::test::decoy({"watch", "demo", "account", "changed", "--timeout", "0.05"});
    QCOMPARE(outcome.status, 4);
    QCOMPARE(outcome.errors, QByteArray("decoy: CallTimeout: nothing happened within 50 ms\n"));
}

void TestCli::describeShowsWhatOthersHold()
{
    QVERIFY(!outputOf({"describe", "demo", "node"}).contains("Held by clients"));
    const Worker worker("hoarder", {"--rate", "1000", "--count", "3"});
    const Worker keeper("hoarder", {"--rate", "20"});
    const QByteArray holder = "\nHeld by clients, of type Node\n  process " + QByteArray::number(keeper.id()) + ": ";
    QTRY_VERIFY_WITH_TIMEOUT(outputOf({"describe", "demo", "node"}).contains(holder), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(jsonOf({"describe", "demo", "node", "--json"}).object()["held"].toArray().size(), 1,
                              60'000);
    const auto row = [] {
        return jsonOf({"describe", "demo", "node", "--json"}).object()["held"].toArray()[0].toObject();
    };
    QCOMPARE(row()["process"].toInt(), static_cast<int>(keeper.id()));
    QTRY_VERIFY_WITH_TIMEOUT(row()["objects"].toInt() > 1, 60'000);
    QVERIFY(!outputOf({"describe", "demo", "account"}).contains("Held by clients")); // nobody holds any
}

void TestCli::describeShowsTheEvents()
{
    QVERIFY(outputOf({"describe", "demo", "account"}).contains("Events\n  changed(balance: int)\n"));
    const QJsonObject account = jsonOf({"describe", "demo", "account", "--json"}).object();
    QCOMPARE(account["events"].toArray().at(0).toObject()["name"].toString(), QString("changed"));
}

void TestCli::watchAsJsonHasTimeNamesAndValues()
{
    Process watch(DECOY_PROGRAM, {"watch", "demo", "account", "--json", "--count", "1"});
    // Nothing says that it has subscribed, so there are deposits until it has seen one.
    while (watch.isRunning())
        QVERIFY(outputOf({"call", "demo", "account", "deposit", "1"}).toInt() > 0);
    const Outcome outcome = watch.waitForEnd();
    QCOMPARE(outcome.status, 0);
    const QJsonObject event = QJsonDocument::fromJson(outcome.output).object();
    QCOMPARE(event["event"].toString(), QString("changed"));
    QVERIFY(event["arguments"].toObject()["balance"].toInt() > 0);
    QCOMPARE(event["lost"].toInt(-1), 0);
    QCOMPARE(event["time"].toString().size(), 12);
}

void TestCli::watchEndsWithTheServer()
{
    Host host({"--name", "short"});
    Process watch(DECOY_PROGRAM, {"watch", "short", "account", "balance"});
    (void)watch.readLine();
    host.send(SIGKILL);
    const Outcome outcome = watch.waitForEnd();
    QCOMPARE(outcome.status, 3);
    QVERIFY2(outcome.errors.startsWith("decoy: PeerDied: "), outcome.errors);
}

void TestCli::watchSaysWhatCannotBeWatched()
{
    QVERIFY(outputOf({"watch", "demo", "account", "chnged"}).contains("did you mean 'changed'?"));
    QVERIFY(
        outputOf({"watch", "demo", "account", "owner"}).contains("'owner' of Account tells nobody when it changes"));
    QVERIFY(outputOf({"watch", "demo", "lab"}).contains("Lab has no events"));
    QVERIFY(outputOf({"watch", "demo", "account", "--count", "0"}).contains("UsageError"));
}

void TestCli::workersAreListed()
{
    const QByteArray table = outputOf({"worker", "--list"});
    for (const char *scenario : {"reader", "teller", "climber", "listener", "lender", "duck", "slow", "sleeper",
                                 "faulty", "hoarder", "flood", "crasher"})
        QVERIFY2(table.contains(QByteArray("\n") + scenario), table);
}

QTEST_GUILESS_MAIN(TestCli)
#include "test_cli.moc"
