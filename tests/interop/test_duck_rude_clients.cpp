// SPDX-License-Identifier: BSD-3-Clause
#include "python_peer.h"
#include "shared_names.h"
#include "support/local_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>

#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <vector>

using namespace decoy;
using namespace decoy::test;

/// Python clients that die, write piece by piece, write nonsense, or give up.
class TestDuckRudeClients : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { forkOnce(); }
    void init();
    void cleanup();

    void aClientThatDiesLeavesTheMailboxToTheNext_data();
    void aClientThatDiesLeavesTheMailboxToTheNext();
    void tornFramesGetTheRightAnswer_data();
    void tornFramesGetTheRightAnswer();
    void brokenFramesAreAnsweredAndStarveNobody();
    void aLengthThatCannotBeIsAnsweredToo();
    void aClientThatGivesUpNeverGetsTheLateAnswer();
    void aClientThatGaveUpItsProxyLeavesNoReference();
    void aSlowCallHoldsUpNoOtherMailbox();
    void aQueuedCallIsAnsweredInItsTurn();

private:
    [[nodiscard]] DuckAddress lab(DuckMailbox mailbox = {})
    {
        return m_local->server->createProxy(m_local->objects->lab, std::move(mailbox)).address();
    }

    std::optional<LocalServer> m_local;
};

namespace {

QByteArray plainNumber(int number) { return "int " + QByteArray::number(number); }

} // namespace

void TestDuckRudeClients::init() { m_local.emplace(); }

void TestDuckRudeClients::cleanup() { m_local.reset(); }

void TestDuckRudeClients::aClientThatDiesLeavesTheMailboxToTheNext_data()
{
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("how");
    QTest::addColumn<bool>("isFirst");
    for (const char *at : {"prefix", "half", "sent", "never-read"}) {
        for (const char *how : {"kill", "exit"}) {
            QTest::addRow("%s, %s, in fresh memory", at, how) << at << how << true;
            QTest::addRow("%s, %s, after another call", at, how) << at << how << false;
        }
    }
}

void TestDuckRudeClients::aClientThatDiesLeavesTheMailboxToTheNext()
{
    QFETCH(QString, at);
    QFETCH(QString, how);
    QFETCH(bool, isFirst);
    const DuckAddress address = lab();
    NameWatch name(address.segment);
    {
        PythonClient client(address);
        if (!isFirst)
            QCOMPARE(client.execute("digits", {1}).text(), "int 123");
        const PythonAnswer answer = client.ask("die",
                                               {{"at", at}, {"how", how}, {"method", "note"}, {"args", QJsonArray{7}}});
        QCOMPARE(answer.object()["dies"].toString(), at);
        QCOMPARE(client.waitForEnd().status, how == "kill" ? 128 + SIGKILL : 0);
    }
    const bool isWhole = at == "sent" || at == "never-read";
    if (isWhole) // whoever wrote it, it was asked
        EVENTUALLY_EQUAL(m_local->objects->lab.notes(), std::vector<int>{7});
    QVERIFY(name.waitUntilPutBack()); // the dead one's resource tracker has unlinked it
    PythonClient next(address);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(next.execute("digits", {i}).text(), plainNumber(100 * i + 23));
    QCOMPARE(m_local->objects->lab.notes(), isWhole ? std::vector<int>{7} : std::vector<int>{});
}

void TestDuckRudeClients::tornFramesGetTheRightAnswer_data()
{
    QTest::addColumn<int>("pieces");
    QTest::addColumn<int>("pause");
    QTest::newRow("two pieces") << 2 << 1000;
    QTest::newRow("five pieces") << 5 << 300;
    QTest::newRow("byte by byte") << 1000 << 50;
    QTest::newRow("two pieces, far apart") << 2 << 80'000;
}

void TestDuckRudeClients::tornFramesGetTheRightAnswer()
{
    QFETCH(int, pieces);
    QFETCH(int, pause);
    PythonClient client(lab());
    const int rounds = pause > 10'000 ? 5 : 40;
    for (int i = 0; i < rounds; ++i) {
        // The same length as the one before every second time, so that the old frame's end fits the new one's beginning.
        const QString text = QString("%1").arg(i, 4, 10, QChar('0')) + QString(1 + i / 2 * 7, QChar('a' + i % 26));
        const PythonAnswer answer = client.ask(
            "torn", {{"method", "echo"}, {"args", QJsonArray{text}}, {"pieces", pieces}, {"pause_us", pause}});
        QCOMPARE(answer.text(), "str \"" + text.toUtf8() + "\"");
        const PythonAnswer number = client.ask(
            "torn", {{"method", "digits"}, {"args", QJsonArray{i, 0, 0}}, {"pieces", pieces}, {"pause_us", pause}});
        QCOMPARE(number.text(), plainNumber(100 * i));
    }
}

void TestDuckRudeClients::brokenFramesAreAnsweredAndStarveNobody()
{
    const std::map<const char *, const char *> frames{
        {"no msgpack", "00000001 c1"},
        {"no msgpack within", "00000008 92 00 92 05 c1 61 61 61"},
        {"no array", "00000003 a2 61 61"},
        {"an array of one", "00000002 91 00"},
        {"an array of three", "00000007 93 00 92 05 a1 61 00"},
        {"an opcode that there is not", "00000003 92 07 90"},
        {"a GET without a name", "00000004 92 00 91 05"},
        {"an id that is no number", "00000007 92 00 92 a1 61 a1 61"},
        {"bytes behind the frame", "00000007 92 00 92 05 a1 61 00"},
        {"its end is missing", "00000005 92 00 92 05 a9"},
        {"a name that is no text", "00000007 92 00 92 05 a2 ff fe"},
    };
    PythonClient good(lab());
    std::map<const char *, std::unique_ptr<PythonClient>> bad;
    for (const auto &[what, frame] : frames)
        bad[what] = std::make_unique<PythonClient>(lab());
    PythonClient another(lab());
    for (const auto &[what, frame] : frames)
        QVERIFY2(!bad[what]->ask("raw", {{"hex", QString(frame).remove(' ')}}).isError(), what);
    for (int i = 0; i < 50; ++i) {
        QCOMPARE(good.execute("digits", {i}).text(), plainNumber(100 * i + 23));
        QCOMPARE(another.execute("digits", {i}).text(), plainNumber(100 * i + 23));
    }
    for (const auto &[what, client] : bad) {
        const QByteArray error = client->ask("await").text();
        QVERIFY2(error.startsWith("ProxyError: DataDecodeError"), QByteArray(what) + ": " + error);
        QCOMPARE(client->execute("digits", {1}).text(), "int 123");
    }
}

void TestDuckRudeClients::aLengthThatCannotBeIsAnsweredToo()
{
    PythonClient good(lab());
    PythonClient bad(lab());
    bad.ask("raw", {{"hex", "ffffffff9200"}});
    QCOMPARE(good.execute("digits", {1}).text(), "int 123");
    // That client takes such a length for the server's fault, until the answer replaces it.
    EVENTUALLY(bad.ask("await").text().startsWith("ProxyError: Data"));
    QCOMPARE(bad.execute("digits", {1}).text(), "int 123");
}

void TestDuckRudeClients::aClientThatGivesUpNeverGetsTheLateAnswer()
{
    PythonClient client(lab());
    for (int round = 0; round < 20; ++round) {
        const QString gate = QString("late%1").arg(round);
        QCOMPARE(client.execute("waitAt", {gate, 5}, {{"timeout", 0.02}}).text(),
                 "TimeoutError: no answer within 0.02 s");
        EVENTUALLY_EQUAL(m_local->objects->gates.waiting(gate.toStdString()), 1);
        QCOMPARE(client.execute("digits", {round}).text(), plainNumber(100 * round + 23));
        m_local->objects->gates.open(gate.toStdString());
        for (int i = 0; i < 20; ++i) // the late answer comes in between
            QCOMPARE(client.execute("digits", {i}).text(), plainNumber(100 * i + 23));
        EVENTUALLY_EQUAL(m_local->objects->gates.waiting(gate.toStdString()), 0);
        QCOMPARE(client.execute("digits", {round}).text(), plainNumber(100 * round + 23));
    }
}

void TestDuckRudeClients::aClientThatGaveUpItsProxyLeavesNoReference()
{
    PythonClient client(m_local->server->createProxy(m_local->objects->node).address());
    PythonClient other(m_local->server->createProxy(m_local->objects->node).address());
    QVERIFY(other.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"node"}}}).object().contains("sent"));
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("node"), 1);
    for (int i = 0; i < 5; ++i) // they queue, and each but the last is replaced by the next
        QVERIFY(client.execute("fresh", {}, {{"timeout", 0.1}}).isError());
    QVERIFY(client.ask("send", {{"method", "child"}}).object().contains("sent"));
    m_local->objects->gates.open("node");
    QCOMPARE(other.ask("await").text(), "NoneType null");
    QCOMPARE(client.ask("await", {{"keep", "child"}}).text(), "proxy Node");
    EVENTUALLY_EQUAL(Node::living(), 2);
}

void TestDuckRudeClients::aSlowCallHoldsUpNoOtherMailbox()
{
    PythonClient slow(lab());
    PythonClient other(lab());
    PythonClient node(m_local->server->createProxy(m_local->objects->node).address());
    slow.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"slow", 3}}});
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("slow"), 1);
    for (int i = 0; i < 200; ++i) {
        QCOMPARE(other.execute("digits", {i}).text(), plainNumber(100 * i + 23));
        QCOMPARE(node.get("name").text(), "str \"root\"");
    }
    QCOMPARE(m_local->objects->gates.waiting("slow"), 1);
    QCOMPARE(other.execute("open", {"slow"}).text(), "NoneType null");
    QCOMPARE(slow.ask("await").text(), "bytes {\"$bytes\":\"AQEB\"}");
}

void TestDuckRudeClients::aQueuedCallIsAnsweredInItsTurn()
{
    const DuckAddress first = m_local->server->createProxy(m_local->objects->till).address();
    PythonClient running(first);
    PythonClient queued(m_local->server->createProxy(m_local->objects->till).address());
    PythonClient other(lab());
    running.ask("send", {{"method", "waitAt"}, {"args", QJsonArray{"till"}}});
    EVENTUALLY_EQUAL(m_local->objects->gates.waiting("till"), 1);
    queued.ask("send", {{"method", "note"}, {"args", QJsonArray{1}}});
    // Marked as taken by now, or soon; nobody else waits for it.
    EVENTUALLY(queued.ask("read").object()["hex"].toString().mid(8, 4) == "92fe");
    QCOMPARE(other.execute("digits", {1}).text(), "int 123");
    QCOMPARE(m_local->objects->till.notes(), std::vector<int>{});
    m_local->objects->gates.open("till");
    QCOMPARE(running.ask("await").text(), "bytes {\"$bytes\":\"\"}");
    QCOMPARE(queued.ask("await").text(), "NoneType null");
    QCOMPARE(m_local->objects->till.notes(), std::vector<int>{1});
    QCOMPARE(m_local->objects->till.overlaps(), 0);
}

QTEST_GUILESS_MAIN(TestDuckRudeClients)
#include "test_duck_rude_clients.moc"
