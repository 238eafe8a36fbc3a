// SPDX-License-Identifier: BSD-3-Clause
#include "decoy_command.h"

#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <memory>

using namespace decoy::test;

/// What a person types about objects in mailboxes of the Duck lane, and what comes back: those of a host of ours, and those of a
/// server that is as rude as the reference's. And the worker that uses one from Python.
class TestCliDuck : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aHostSaysWhereTheMailboxOfEachObjectIs();
    void aSignalEndsAHostAndNoMailboxIsLeft();
    void attributesAndMethodsAreUsedThroughAMailbox();
    void argumentsKeepTheirOrderAmongTheOptions();
    void objectsAndMethodsLookAsTheyDoOnTheNativeLane();
    void everyErrorIsOneLineWithItsKindAndStatus_data();
    void everyErrorIsOneLineWithItsKindAndStatus();
    void aHostThatWasKilledIsNoticed();
    void aServerOfTheReferenceIsUsedInTheSameWay();
    void aCallThatAServerOfTheReferenceNeverAnswersTimesOut();
    void theMailboxOfAKilledServerOfTheReferenceIsGone();
    void aMailboxIsClosedWhenTheProcessEndsThatItWasOpenedFor();
    void theDuckWorkerPlaysItsRounds();
    void theDuckWorkersFramesAreThoseOfTheDuckLane();
    void aSignalEndsTheDuckWorkerInGoodOrder();
    void theDuckWorkerSaysThatItsServerDied();
    void aDuckWorkerThatNobodyReadsEndsQuietly();

private:
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

constexpr const char *python = "/usr/bin/python3";

/// An object in a mailbox, as the line of its server describes it.
struct MailboxObject {
    QJsonObject line;

    [[nodiscard]] QString segment() const { return line["segment"].toString(); }
    [[nodiscard]] bool exists() const { return QFile::exists("/dev/shm/" + segment()); }

    [[nodiscard]] QStringList options() const
    {
        // Ids of the reference are addresses, which a double may not hold.
        return {"--segment", segment(),
                "--id",      QString::number(line["id"].toInteger()),
                "--bufsize", QString::number(line["bufsize"].toInteger())};
    }
    [[nodiscard]] Outcome ask(const QString &command, const QStringList &rest) const
    {
        return decoy::test::decoy(QStringList{command} + options() + rest);
    }
    [[nodiscard]] QByteArray outputOf(const QString &command, const QStringList &rest) const
    {
        const Outcome outcome = ask(command, rest);
        return outcome.status == 0 ? outcome.output.trimmed() : "failed with " + outcome.errors;
    }
    [[nodiscard]] QJsonObject proxyOf(const QString &command, const QStringList &rest) const
    {
        return QJsonDocument::fromJson(outputOf(command, rest)).object()["$proxy"].toObject();
    }
};

/// A server with a mailbox for each object, which has said where they are.
class MailboxServer : public Process {
public:
    MailboxServer(const QString &program, const QStringList &arguments) : Process(program, arguments)
    {
        for (QByteArray line = readLine(); !line.contains("\"ready\""); line = readLine()) {
            if (line.isNull())
                throw std::runtime_error("the server did not become ready: " + waitForEnd().errors.toStdString());
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            m_objects.insert(object["object"].toString(), {object});
        }
    }
    [[nodiscard]] const MailboxObject &operator[](const QString &name) const { return *m_objects.constFind(name); }
    [[nodiscard]] const QHash<QString, MailboxObject> &objects() const { return m_objects; }

private:
    QHash<QString, MailboxObject> m_objects;
};

class DuckHost : public MailboxServer {
public:
    explicit DuckHost(const QStringList &options = {})
        : MailboxServer(DECOY_PROGRAM, QStringList{"host", "--duck"} + options)
    {}
};

class ReferenceServer : public MailboxServer {
public:
    ReferenceServer() : MailboxServer(python, {DECOY_REFERENCE_SERVER}) {}
};

} // namespace

void TestCliDuck::initTestCase()
{
    if (!QFile::exists(python) || run(python, {"-I", "-c", "import msgpack"}).status != 0)
        QSKIP("the peers of these tests need Debian's python3-msgpack");
}

void TestCliDuck::aHostSaysWhereTheMailboxOfEachObjectIs()
{
    Process host(DECOY_PROGRAM, {"host", "--duck", "--bufsize", "4096"});
    const QByteArray line = host.readLine();
    QVERIFY2(line.startsWith(R"({"object":"counter","id":1,"type":"Counter","bufsize":4096,"segment":")"), line);
    const MailboxObject counter{QJsonDocument::fromJson(line).object()};
    QCOMPARE(QFile("/dev/shm/" + counter.segment()).size(), 4096);
    for (const char *object : {"account", "numbers", "settings", "node", "lab", "thermostat"})
        QCOMPARE(QJsonDocument::fromJson(host.readLine()).object()["object"].toString(), object);
    QCOMPARE(host.readLine(), R"({"ready":true,"server":"demo","pid":)" + QByteArray::number(host.id()) + "}");
    QCOMPARE(counter.outputOf("call", {"add", "5"}), "105");
}

void TestCliDuck::aSignalEndsAHostAndNoMailboxIsLeft()
{
    DuckHost host;
    QCOMPARE(host.objects().size(), 7);
    for (const MailboxObject &object : host.objects())
        QVERIFY(object.exists());
    host.send(SIGTERM);
    const Outcome outcome = host.waitForEnd();
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    for (const MailboxObject &object : host.objects())
        QVERIFY(!object.exists());
}

void TestCliDuck::attributesAndMethodsAreUsedThroughAMailbox()
{
    const DuckHost host;
    const MailboxObject &counter = host["counter"];
    QCOMPARE(counter.outputOf("call", {"add", "5"}), "105");
    QCOMPARE(counter.outputOf("get", {"a"}), "105");
    QCOMPARE(counter.outputOf("set", {"a", "-7"}), "null");
    QCOMPARE(counter.outputOf("get", {"a", "--timeout", "20"}), "-7");
    QCOMPARE(counter.outputOf("call", {"reset"}), "null");
    QCOMPARE(decoy::test::decoy({"get", "demo", "counter", "a"}).output, "100\n");
    QCOMPARE(host["account"].outputOf("set", {"owner", "\"Grace\""}), "null");
    QCOMPARE(host["account"].outputOf("get", {"owner"}), "\"Grace\"");
    QCOMPARE(host["account"].outputOf("call", {"deposit", "50", "--kw", "memo=\"gift\""}), "150");
    QCOMPARE(host["thermostat"].outputOf("call", {"boost", "3"}), "3");
    for (const char *json : {"-5", "[1,2]", "{}", "[]", R"({"a":[0.5,null]})", R"({"$bytes":"AAH/"})", "\"--json\""})
        QCOMPARE(host["lab"].outputOf("call", {"echo", json}), json);
}

void TestCliDuck::argumentsKeepTheirOrderAmongTheOptions()
{
    const DuckHost host;
    const QStringList numbers = host["numbers"].options();
    const auto ask = [](const QStringList &words) { return decoy::test::decoy(words).output; };
    QCOMPARE(ask({"call", "insert", "0", numbers[0], numbers[1], "-5", numbers[2], numbers[3], numbers[4], numbers[5]}),
             "null\n");
    QCOMPARE(ask({"call", "--timeout", "20", "demo", "numbers", "insert", "--", "1", "-6"}), "null\n");
    QCOMPARE(ask(QStringList{"call"} + numbers + QStringList{"--", "__getitem__", "0"}), "-5\n");
    QCOMPARE(ask({"call", "demo", "numbers", "__getitem__", "1"}), "-6\n");
}

void TestCliDuck::objectsAndMethodsLookAsTheyDoOnTheNativeLane()
{
    const DuckHost host;
    QCOMPARE(host["counter"].outputOf("get", {"add"}), R"({"$callable":"add"})");
    const QJsonObject child = host["node"].proxyOf("call", {"child"});
    QCOMPARE(child["type"].toString(), "Node");
    QCOMPARE(child["level"].toInt(), 1);
    QVERIFY(child["id"].toInt() > 7);
    QCOMPARE(host["node"].outputOf("get", {"name"}), "\"root\"");
}

void TestCliDuck::everyErrorIsOneLineWithItsKindAndStatus_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("beginning");
    const auto row = [](const char *name, const QStringList &arguments, int status, const char *beginning) {
        QTest::newRow(name) << arguments << status << beginning;
    };
    // What begins with @ stands for the options of that object.
    row("no such memory", {"get", "--segment", "nobodys", "--id", "1", "--bufsize", "65536", "a"}, 1,
        "ProxyObjectNotFound: there is no shared memory \"nobodys\"");
    row("an option that is given twice", {"get", "@counter", "--bufsize", "4096", "a"}, 2, "UsageError: ");
    row("no such method", {"call", "@counter", "rob"}, 1, "RemoteError: AttributeNotFound: ");
    row("wrong type", {"call", "@counter", "add", "\"x\""}, 1, "RemoteError: ArgumentError: ");
    row("the target's own error", {"call", "@account", "withdraw", "123456789"}, 1,
        "RemoteError: InsufficientFunds: balance ");
    row("too big a result", {"call", "@lab", "blob", "70000"}, 1, "RemoteError: DataTooBigError: ");
    row("deadline", {"call", "@lab", "sleep", "2", "--timeout", "0.1"}, 4, "CallTimeout: ");
    row("segment without id", {"get", "--segment", "x", "--bufsize", "65536", "a"}, 2,
        "UsageError: --segment needs --id and --bufsize");
    row("segment without bufsize", {"call", "--segment", "x", "--id", "1", "add", "5"}, 2,
        "UsageError: --segment needs --id and --bufsize");
    row("id without segment", {"get", "--id", "1", "demo", "counter", "a"}, 2,
        "UsageError: --id, --bufsize and --max-level go with --segment");
    row("bufsize without segment", {"set", "--bufsize", "65536", "demo", "counter", "a", "1"}, 2,
        "UsageError: --id, --bufsize and --max-level go with --segment");
    row("maximum level without segment", {"call", "--max-level", "2", "demo", "node", "child"}, 2,
        "UsageError: --id, --bufsize and --max-level go with --segment");
    row("a maximum level below 0", {"call", "@node", "--max-level", "-1", "child"}, 2, "UsageError: --max-level ");
    row("an id below 0", {"get", "--segment", "x", "--id", "-1", "--bufsize", "65536", "a"}, 2, "UsageError: --id: ");
    row("an id that is none", {"get", "--segment", "x", "--id", "one", "--bufsize", "65536", "a"}, 2, "UsageError: ");
    row("a name that cannot be", {"get", "--segment", "../x", "--id", "1", "--bufsize", "65536", "a"}, 1,
        "ArgumentError: ");
    row("server and mailbox", {"get", "@counter", "demo", "counter", "a"}, 2,
        "UsageError: counter is one too many; it takes [ATTR] (see decoy get --help)");
    row("a mailbox and no items", {"get", "@counter"}, 1, "AttributeNotFound: ");
    row("a mailbox and no value", {"set", "@counter", "a"}, 2, "UsageError: JSON is missing");
    row("a mailbox and no method", {"call", "@counter"}, 2, "UsageError: METHOD is missing");
    row("a timeout of nothing for get", {"get", "@counter", "a", "--timeout", "0"}, 2, "UsageError: --timeout ");
    row("a timeout of nothing for set", {"set", "demo", "counter", "a", "1", "--timeout", "0"}, 2,
        "UsageError: --timeout ");
    row("unknown option", {"call", "@counter", "add", "--fast", "5"}, 2, "UsageError: there is no option --fast");
    row("a mailbox for no process", {"call", "demo", "lab", "mailbox", "\"counter\"", "0"}, 1,
        "ArgumentError: there is no process 0");
    row("a mailbox to no object", {"call", "demo", "lab", "mailbox", "\"\"", "1"}, 1, "ProxyObjectNotFound: ");
}

void TestCliDuck::everyErrorIsOneLineWithItsKindAndStatus()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, beginning);
    const DuckHost host;
    if (arguments.size() > 1 && arguments[1].startsWith('@'))
        arguments = arguments.mid(0, 1) + host[arguments[1].mid(1)].options() + arguments.mid(2);
    const Outcome outcome = decoy::test::decoy(arguments);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.errors.startsWith("decoy: " + beginning.toUtf8()), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
    QVERIFY(outcome.errors.endsWith('\n'));
    QCOMPARE(outcome.status, status);
}

void TestCliDuck::aHostThatWasKilledIsNoticed()
{
    DuckHost host;
    host.send(SIGKILL);
    QCOMPARE(host.waitForEnd().status, 128 + SIGKILL);
    const auto verifyNoticed = [&host] {
        const Outcome outcome = host["counter"].ask("get", {"a"});
        QCOMPARE(outcome.status, 3);
        QVERIFY2(outcome.errors.startsWith("decoy: PeerDied: "), outcome.errors);
    };
    verifyNoticed();
    const DuckHost next; // clears away what the killed one left, as every server that starts does
    verifyNoticed();
}

void TestCliDuck::aServerOfTheReferenceIsUsedInTheSameWay()
{
    const ReferenceServer server;
    const MailboxObject &counter = server["counter"];
    QCOMPARE(counter.outputOf("get", {"a"}), "100");
    QCOMPARE(counter.outputOf("set", {"a", "-7"}), "null");
    QCOMPARE(counter.outputOf("call", {"add", "5"}), "-2");
    QCOMPARE(counter.outputOf("get", {"add"}), R"({"$callable":"add"})");
    QCOMPARE(server["values"].outputOf("call", {"keywords", "--kw", "x=[1,2]", "--kw", "y=null"}),
             R"({"x":[1,2],"y":null})");
    QCOMPARE(server["values"].ask("call", {"fail", "\"no\""}).errors, "decoy: RemoteError: no\n");
    const QJsonObject child = server["tree"].proxyOf("call", {"child", "1"});
    QCOMPARE(child["type"].toString(), "Tree");
    QCOMPARE(child["level"].toInt(), 1);
}

void TestCliDuck::aCallThatAServerOfTheReferenceNeverAnswersTimesOut()
{
    const ReferenceServer server;
    const Outcome outcome = server["values"].ask("call", {"foreign", "--timeout", "0.3"});
    QCOMPARE(outcome.status, 4);
    QVERIFY2(outcome.errors.startsWith("decoy: CallTimeout: "), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
}

void TestCliDuck::theMailboxOfAKilledServerOfTheReferenceIsGone()
{
    ReferenceServer server;
    server.send(SIGKILL);
    QCOMPARE(server.waitForEnd().status, 128 + SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(!server["counter"].exists(), 60'000); // Python's resource tracker removes it
    const Outcome outcome = server["counter"].ask("get", {"a"});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.errors.startsWith("decoy: ProxyObjectNotFound: "), outcome.errors);
}

void TestCliDuck::aMailboxIsClosedWhenTheProcessEndsThatItWasOpenedFor()
{
    const Host host;
    Process client("cat", {});
    const Outcome opened = decoy::test::decoy(
        {"call", "demo", "lab", "mailbox", "\"counter\"", QString::number(client.id())});
    QVERIFY2(opened.status == 0, opened.errors);
    const MailboxObject counter{QJsonDocument::fromJson(opened.output).object()};
    QCOMPARE(counter.line["process"].toInt(), host.id());
    QCOMPARE(counter.outputOf("call", {"add", "5"}), "105");
    client.send(SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(!counter.exists(), 60'000);
    QCOMPARE(decoy::test::decoy({"call", "demo", "counter", "add", "5"}).output, "110\n");
}

void TestCliDuck::theDuckWorkerPlaysItsRounds()
{
    const Host host;
    const Outcome outcome = Worker("duck", {"--rate", "0", "--count", "2"}).waitForEnd();
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
    const QByteArray round = "counter.add(5) = 105\ncounter.a = 105\ncounter.a was set to 100\n";
    QCOMPARE(outcome.output, round + round);
}

void TestCliDuck::theDuckWorkersFramesAreThoseOfTheDuckLane()
{
    Process demo(DECOY_PROGRAM, {"demo"});
    for (const char *frame : {R"(duck \d+ +duck +-> server +GET +counter\.add )",
                              R"(duck \d+ +duck +<- client +RESULT +counter\.add -> method add )",
                              R"(duck \d+ +duck +-> server +EXECUTE +counter\.add\(5\) )",
                              R"(duck \d+ +duck +-> server +SET +counter\.a = \d+ )"}) {
        const QRegularExpression expected(frame);
        bool isFound = false;
        for (int lines = 0; lines < 1000 && !isFound; ++lines) // the demo itself would go on for ever
            isFound = expected.match(QString::fromUtf8(demo.readLine())).hasMatch();
        QVERIFY2(isFound, frame);
    }
    demo.send(SIGINT);
    const Outcome outcome = demo.waitForEnd();
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
}

void TestCliDuck::aSignalEndsTheDuckWorkerInGoodOrder()
{
    const Host host;
    Worker worker("duck");
    QVERIFY(worker.waitForLineWith("counter.a = "));
    worker.send(SIGTERM);
    worker.send(SIGINT); // timeout(1) sends two as well
    const Outcome outcome = worker.waitForEnd();
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
}

void TestCliDuck::theDuckWorkerSaysThatItsServerDied()
{
    Host host;
    Worker worker("duck", {"--rate", "0"});
    QVERIFY(worker.waitForLineWith("counter.a = "));
    host.send(SIGKILL);
    const Outcome outcome = worker.waitForEnd();
    QCOMPARE(outcome.status, 3);
    QCOMPARE(outcome.errors, "decoy: PeerDied: the server's process " + QByteArray::number(host.id()) + " is gone\n");
}

void TestCliDuck::aDuckWorkerThatNobodyReadsEndsQuietly()
{
    const Host host;
    const QString command = QStringLiteral("%1 worker duck --server demo --rate 0 | head -n 1").arg(DECOY_PROGRAM);
    const Outcome outcome = run("bash", {"-o", "pipefail", "-c", command});
    QCOMPARE(outcome.output, "counter.add(5) = 105\n");
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
}

QTEST_GUILESS_MAIN(TestCliDuck)
#include "test_cli_duck.moc"
