// SPDX-License-Identifier: BSD-3-Clause
#include "support/mailbox_address.h"
#include "support/served_objects.h"
#include "support/served_process.h"

#include "memory/mailbox_names.h"

#include <decoy/callable.h>
#include <decoy/duck.h>
#include <decoy/proxy_server.h>

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

std::string pathOf(const std::string &segment) { return memory::sharedMemoryPath(segment); }
bool exists(const std::string &segment) { return access(pathOf(segment).c_str(), F_OK) == 0; }
ino_t inodeOf(const std::string &segment)
{
    struct stat status = {};
    return stat(pathOf(segment).c_str(), &status) == 0 ? status.st_ino : 0;
}
/// All names that the server of this mailbox has given, hidden ones too.
QStringList namesBeside(const std::string &segment)
{
    const QString server = QString::fromStdString(segment.substr(0, segment.rfind('-')));
    return QDir("/dev/shm").entryList({server + "*", "." + server + "*"}, QDir::Files | QDir::Hidden);
}
std::string testName() { return "decoy-test-" + std::to_string(getpid()); }

struct Server {
    Server() : server("duck"), objects(server) {}
    ~Server() { server.stop(); } // before its objects go
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;
    RuntimeDirectory runtime;
    ProxyServer server;
    ServedTestObjects objects;
};

} // namespace

/// Mailboxes from their creation to their end: names, memory, descriptors, and who may use them.
class TestMailboxLifetime : public QObject {
    Q_OBJECT

private slots:
    void namesAreRandomAndMemoryIsPrivate();
    void nothingIsLeftBehind();
    void whatAKilledServerLeftIsClearedByTheNextOne();
    void aNameThatAPeerUnlinksIsPutBack();
    void aNameThatStandsForOtherMemoryIsPutBackBeforeAProxyIsHandedOut();
    void aNameThatWasPutBackGoesWithTheServer();
    void theUsersMemoryIsServed();
    void memoryThatAServerUsesIsRefused_data();
    void memoryThatAServerUsesIsRefused();
    void memoryIsFreeOnceItsMailboxIsClosed();
    void aClosedMailboxIsGone();
    void whoWaitsLearnsThatTheMailboxIsClosed();
    void whoCallsLearnsThatTheMailboxIsClosed();
    void anObjectGetsAMailboxAgainAfterItsLastOneWasClosed();
};

void TestMailboxLifetime::namesAreRandomAndMemoryIsPrivate()
{
    Server here;
    std::set<std::string> segments;
    for (int i = 0; i < 10; ++i) {
        const DuckAddress address = here.server.createProxy(here.objects.lab, {.bufsize = 1000}).address();
        const QRegularExpression pattern("^decoy-[0-9a-f]{16}-[0-9a-f]{16}$");
        QVERIFY(pattern.match(QString::fromStdString(address.segment)).hasMatch());
        QVERIFY(segments.insert(address.segment).second);
        struct stat status = {};
        QCOMPARE(stat(pathOf(address.segment).c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777, mode_t{0600});
        QCOMPARE(status.st_size, off_t{1000});
        QCOMPARE(address.bufsize, 1000U);
        QCOMPARE(address.process, getpid());
        QCOMPARE(inodeOf("." + address.segment), inodeOf(address.segment));
    }
}

void TestMailboxLifetime::nothingIsLeftBehind()
{
    std::string segment;
    {
        Server here;
        for (int i = 0; i < 3; ++i)
            segment = here.server.createProxy(here.objects.lab).address().segment;
        here.server.run();
        QCOMPARE(namesBeside(segment).size(), 7); // the lock, and two names each
    }
    QCOMPARE(namesBeside(segment), QStringList());
}

void TestMailboxLifetime::whatAKilledServerLeftIsClearedByTheNextOne()
{
    const RuntimeDirectory runtime;
    Process process(DECOY_MAILBOX_PEER, {"serve", "killed"});
    const std::string line = process.readLine().toStdString();
    const std::string segment = fromText(line.substr(line.find(' ') + 1)).segment;
    QVERIFY(process.waitForLineWith("probe"));
    process.send(SIGKILL);
    (void)process.waitForEnd();
    QVERIFY(memory::isServerGone(segment)); // a server of another test may clear it away before ours does

    Server here;
    (void)here.server.createProxy(here.objects.lab);
    const std::string own = here.server.createProxy(here.objects.lab).address().segment;
    here.server.run();
    QVERIFY(!exists(segment) && !exists("." + segment) && !exists("." + segment.substr(0, segment.rfind('-'))));
    QVERIFY(exists(own) && exists("." + own) && !memory::isServerGone(own)); // that of the living stays
}

void TestMailboxLifetime::aNameThatAPeerUnlinksIsPutBack()
{
    Server here;
    const Proxy lab = here.server.createProxy(here.objects.lab);
    const std::string segment = lab.address().segment;
    here.server.run();
    const ino_t inode = inodeOf(segment);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(unlink(pathOf(segment).c_str()), 0);
        EVENTUALLY(exists(segment));
        QCOMPARE(inodeOf(segment), inode);
    }
    QCOMPARE(openProxy(lab.address()).call<int>("echo", 1), 1);
}

void TestMailboxLifetime::aNameThatStandsForOtherMemoryIsPutBackBeforeAProxyIsHandedOut()
{
    Server here;
    const Proxy node = here.server.createProxy(here.objects.node);
    const std::string segment = node.address().segment;
    const ino_t inode = inodeOf(segment);
    here.server.run();
    SharedMemory other = SharedMemory::createNamed(testName(), 65'536);
    QCOMPARE(rename(pathOf(other.name()).c_str(), pathOf(segment).c_str()), 0);
    (void)node.call<Proxy>("fresh");
    QCOMPARE(inodeOf(segment), inode);
}

void TestMailboxLifetime::aNameThatWasPutBackGoesWithTheServer()
{
    {
        Server here;
        SharedMemory memory = SharedMemory::createNamed(testName(), 4096);
        (void)here.server.createProxy(here.objects.lab, {.memory = SharedMemory::openNamed(testName())});
        here.server.run();
        memory.unlink(); // its owner is done with it
        EVENTUALLY(exists(testName()));
    }
    const bool isLeft = exists(testName());
    unlink(pathOf(testName()).c_str());
    QVERIFY(!isLeft);
}

void TestMailboxLifetime::theUsersMemoryIsServed()
{
    const SharedMemory memory = SharedMemory::createNamed(testName(), 5000);
    {
        Server here;
        const Proxy lab = here.server.createProxy(here.objects.lab, {.memory = SharedMemory::openNamed(testName())});
        here.server.run();
        QCOMPARE(lab.address().segment, testName());
        QCOMPARE(lab.address().bufsize, 5000U);
        QCOMPARE(lab.call<int>("echo", 1), 1);
        QVERIFY(errorOf([&] { (void)lab.call("blob", 5000); }) != "none");
        QVERIFY(here.server.closeMailbox(testName()));
    }
    QVERIFY(exists(testName())); // the name is the user's
    struct stat status = {};
    QCOMPARE(fstat(memory.descriptor(), &status), 0);
    QCOMPARE(status.st_nlink, nlink_t{1}); // and there is no other
}

void TestMailboxLifetime::memoryThatAServerUsesIsRefused_data()
{
    QTest::addColumn<bool>("isOurs");
    QTest::newRow("memory of the user") << false;
    QTest::newRow("memory that the other server has made") << true;
}

void TestMailboxLifetime::memoryThatAServerUsesIsRefused()
{
    QFETCH(bool, isOurs);
    const SharedMemory memory = SharedMemory::createNamed(testName(), 5000);
    Server first;
    ProxyServer second("second");
    ServedTestObjects objects(second);
    const std::string segment = first.server
                                    .createProxy(first.objects.lab,
                                                 isOurs ? DuckMailbox{}
                                                        : DuckMailbox{.memory = SharedMemory::openNamed(testName())})
                                    .address()
                                    .segment;
    QCOMPARE(errorOf([&] { (void)second.createProxy(objects.lab, {.memory = SharedMemory::openNamed(segment)}); }),
             QByteArray("NameTaken"));
    QCOMPARE(errorOf([&] {
                 (void)first.server.createProxy(first.objects.lab, {.memory = SharedMemory::openNamed(segment)});
             }),
             QByteArray("NameTaken"));
}

void TestMailboxLifetime::memoryIsFreeOnceItsMailboxIsClosed()
{
    const SharedMemory memory = SharedMemory::createNamed(testName(), 5000);
    Server here;
    here.server.run();
    for (int i = 0; i < 20; ++i) {
        Proxy lab;
        QCOMPARE(errorOf([&] { lab = here.server.createProxyFor(1, {.memory = SharedMemory::openNamed(testName())}); }),
                 QByteArray("none"));
        QCOMPARE(lab.call<int>("echo", i), i);
        QVERIFY(here.server.closeMailbox(testName()));
    }
}

void TestMailboxLifetime::aClosedMailboxIsGone()
{
    Server here;
    here.server.run();
    const int living = Node::living();
    const std::size_t objects = here.server.objects().size();
    const std::size_t connections = here.server.connections().size();
    const Proxy node = here.server.createProxy(std::make_shared<Node>("only one"));
    const std::string segment = node.address().segment;
    const Proxy child = node.call<Proxy>("fresh");
    QCOMPARE(Node::living(), living + 2);
    QVERIFY(here.server.closeMailbox(segment));
    QVERIFY(!here.server.closeMailbox(segment));
    QVERIFY(!here.server.closeMailbox("no such mailbox"));
    EVENTUALLY(Node::living() == living);
    EVENTUALLY(!exists(segment) && !exists("." + segment));
    QCOMPARE(here.server.objects().size(), objects);
    QCOMPARE(here.server.connections().size(), connections);
}

void TestMailboxLifetime::whoWaitsLearnsThatTheMailboxIsClosed()
{
    Server here;
    const Proxy lab = here.server.createProxyFor(here.server.createProxy(here.objects.lab).id());
    here.server.run();
    std::string text;
    std::thread waiter([&] { (void)errorOf([&] { lab.call("waitAt", "gate"); }, &text); });
    EVENTUALLY(here.objects.gates.waiting("gate") == 1);
    QVERIFY(here.server.closeMailbox(lab.address().segment));
    waiter.join(); // before its call is over
    QVERIFY2(text.find("closed") != std::string::npos, text.c_str());
    here.objects.gates.open("gate");
}

void TestMailboxLifetime::whoCallsLearnsThatTheMailboxIsClosed()
{
    Server here;
    const Proxy lab = here.server.createProxy(here.objects.lab).withTimeout(10s);
    here.server.run();
    QVERIFY(here.server.closeMailbox(lab.address().segment));
    const QByteArray error = errorOf([&] { lab.call("echo", 1); });
    QVERIFY2(error == "PeerDied" || error == "ProxyObjectNotFound", error.constData());
}

void TestMailboxLifetime::anObjectGetsAMailboxAgainAfterItsLastOneWasClosed()
{
    Server here;
    here.server.run();
    const auto node = std::make_shared<Node>("again");
    for (int i = 0; i < 3; ++i) {
        Proxy proxy;
        QCOMPARE(errorOf([&] { proxy = here.server.createProxy(node); }), QByteArray("none"));
        QCOMPARE(proxy.get<std::string>("name"), std::string("again"));
        QVERIFY(here.server.closeMailbox(proxy.address().segment));
    }
}

QTEST_GUILESS_MAIN(TestMailboxLifetime)
#include "test_mailbox_lifetime.moc"
