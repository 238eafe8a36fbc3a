// SPDX-License-Identifier: BSD-3-Clause
#include "support/raw_client.h"
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/duck.h>
#include <decoy/proxy_server.h>

#include <QDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <map>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using namespace std::chrono_literals;

namespace {

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

/// Uses up all descriptors but so many, until it goes.
class FewDescriptors {
public:
    explicit FewDescriptors(std::size_t left)
    {
        getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit few = m_before;
        few.rlim_cur = 64;
        setrlimit(RLIMIT_NOFILE, &few);
        for (FileDescriptor next(open("/dev/null", O_RDONLY)); next.isOpen();
             next = FileDescriptor(open("/dev/null", O_RDONLY)))
            m_used.push_back(std::move(next));
        m_used.resize(m_used.size() - std::min(left, m_used.size()));
    }
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &m_before); }
    FewDescriptors(const FewDescriptors &) = delete;
    FewDescriptors &operator=(const FewDescriptors &) = delete;

private:
    rlimit m_before = {};
    std::vector<FileDescriptor> m_used;
};

/// Serves a mailbox in a loop of our own until `isDone`.
void serveByHand(ProxyServer &server, const SharedMemory &memory, const std::atomic<bool> &isDone)
{
    while (!isDone) {
        try {
            server.handleFrame(memory, ProxyServer::readFrame(memory, 10ms));
        } catch (const CallTimeout &) {
            continue;
        } catch (const DataDecodeError &) {
            continue; // it is just being written
        }
    }
}

} // namespace

/// Mailboxes that are served in a loop of one's own, many of them, and few descriptors.
class TestMailboxService : public QObject {
    Q_OBJECT

private slots:
    void aMailboxIsServedWithoutRun();
    void numbersWithAPointComeThroughHandleFrame();
    void aReleaseIsAnsweredWithoutRun();
    void whatCannotBeAMailboxIsRefused();
    void aThousandMailboxesNeedNoDescriptors();
    void aMailboxThatCannotBeMadeLeavesNothingBehind();
    void aProxyThatCannotBeMadeLeavesNoMailbox();
    void mailboxesThatComeAndGoAreAllServed();
};

void TestMailboxService::aMailboxIsServedWithoutRun()
{
    Server here;
    const Proxy lab = here.server.createProxy(here.objects.lab);
    std::atomic<bool> isDone{false};
    int right = 0;
    std::thread client([&] {
        const Proxy own = openProxy(lab.address());
        for (int i = 0; i < 100; ++i)
            right += own.call<int>("echo", i) == i ? 1 : 0;
        isDone = true;
    });
    serveByHand(here.server, lab.sharedMemory(), isDone);
    client.join();
    QCOMPARE(right, 100);
    QCOMPARE(
        errorOf([&] { here.server.handleRequestFrame(lab.sharedMemory(), Frame(ProxyOpCode::ResponsePending, {})); }),
        QByteArray("ArgumentError"));
    here.server.handleFrame(lab.sharedMemory(), Frame(ProxyOpCode::ResponsePending, {}));
    const SharedMemory other = SharedMemory::createNamed(testName(), 5000);
    QCOMPARE(errorOf([&] {
                 here.server.handleFrame(other, Frame(ProxyOpCode::Get, {1, "a"}));
             }),
             QByteArray("ArgumentError"));
}

void TestMailboxService::numbersWithAPointComeThroughHandleFrame()
{
    Server here;
    const SharedMemory memory = SharedMemory::openNamed(here.server.createProxy(here.objects.lab).address().segment);
    // EXECUTE echo(2.0) as Python packs it
    const auto payload = QByteArray::fromHex("920294 01 a4 6563686f 91 cb4000000000000000 80");
    const auto request = withPrefix(
        std::as_bytes(std::span(payload.constData(), static_cast<std::size_t>(payload.size()))));
    std::ranges::copy(request, memory.writableBytes().begin());
    here.server.handleFrame(memory, ProxyServer::readFrame(memory));
    QCOMPARE(memory.bytes()[5], std::byte{0xff}); // it has been answered
}

void TestMailboxService::aReleaseIsAnsweredWithoutRun()
{
    Server here;
    const Proxy node = here.server.createProxy(here.objects.node);
    const SharedMemory memory = SharedMemory::openNamed(node.address().segment);
    const auto isAnswered = [&](const Frame &frame) {
        ProxyServer::writeFrame(memory, frame); // as a client of the reference does
        here.server.handleFrame(memory, frame);
        return memory.bytes()[5] == std::byte{0xff};
    };
    const int living = Node::living();
    const std::map<std::string, Value> none;
    QVERIFY(isAnswered(Frame(ProxyOpCode::Execute, {node.id(), "fresh", std::vector<Value>(), none})));
    const auto child = readFrame(memory.bytes()).payload().at(0).as<std::uint64_t>();
    QCOMPARE(Node::living(), living + 1);
    const bool isReleaseAnswered = isAnswered(Frame(ProxyOpCode::Execute, {child, "__del__"}));
    QCOMPARE(Node::living(), living);
    QVERIFY(isReleaseAnswered);
}

void TestMailboxService::whatCannotBeAMailboxIsRefused()
{
    Server here;
    const std::string segment = here.server.createProxy(here.objects.lab).address().segment;
    const std::size_t objects = here.server.objects().size();
    const auto node = std::make_shared<Node>();
    const auto errorFor = [&](DuckMailbox mailbox) {
        return errorOf([&] { (void)here.server.createProxy(node, std::move(mailbox)); });
    };
    QCOMPARE(errorFor({.bufsize = 63}), QByteArray("ArgumentError"));
    QCOMPARE(errorFor({.bufsize = (1U << 30) + 1}), QByteArray("ArgumentError"));
    QCOMPARE(errorFor({.memory = SharedMemory::createSealed(4096)}), QByteArray("ArgumentError"));
    QCOMPARE(errorOf([&] { (void)here.server.createProxyFor(12345); }), QByteArray("ProxyObjectNotFound"));
    QCOMPARE(here.server.objects().size(), objects);
    QCOMPARE(namesBeside(segment).size(), 3);

    DuckAddress address = here.server.createProxy(node, {.bufsize = 64}).address();
    address.bufsize = 65;
    QCOMPARE(errorOf([&] { (void)openProxy(address); }), QByteArray("ArgumentError"));
    address.segment = "decoy-no-such-memory";
    QCOMPARE(errorOf([&] { (void)openProxy(address); }), QByteArray("ProxyObjectNotFound"));
}

void TestMailboxService::aThousandMailboxesNeedNoDescriptors()
{
    rlimit before = {};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit usual = before;
    usual.rlim_cur = std::min<rlim_t>(1024, before.rlim_max);
    setrlimit(RLIMIT_NOFILE, &usual);
    {
        Server here;
        here.server.run();
        const int descriptors = here.objects.probe.descriptors();
        std::vector<DuckAddress> addresses;
        for (int i = 0; i < 1000; ++i)
            addresses.push_back(here.server.createProxy(here.objects.lab, {.bufsize = 4096}).address());
        QVERIFY(here.objects.probe.descriptors() < descriptors + 10);
        QCOMPARE(here.server.connections().size(), std::size_t{1000});
        for (int i = 0; i < 1000; ++i)
            QCOMPARE(openProxy(addresses[static_cast<std::size_t>(i)]).call<int>("echo", i), i);
    }
    setrlimit(RLIMIT_NOFILE, &before);
}

void TestMailboxService::aMailboxThatCannotBeMadeLeavesNothingBehind()
{
    Server here;
    const std::string segment = here.server.createProxy(here.objects.lab).address().segment; // the lock is there
    const auto node = std::make_shared<Node>();
    const std::size_t objects = here.server.objects().size();
    for (std::size_t left = 0; left < 2; ++left) {
        const FewDescriptors few(left);
        QVERIFY(errorOf([&] { (void)here.server.createProxy(node); }) != "none");
    }
    QCOMPARE(namesBeside(segment).size(), 3);
    QCOMPARE(here.server.objects().size(), objects);
}

void TestMailboxService::aProxyThatCannotBeMadeLeavesNoMailbox()
{
    Server here;
    (void)here.server.createProxy(here.objects.lab);
    const SharedMemory owner = SharedMemory::createNamed(testName(), 5000);
    SharedMemory memory = SharedMemory::openNamed(testName());
    const auto node = std::make_shared<Node>();
    const std::size_t objects = here.server.objects().size();
    {
        const FewDescriptors none(0);
        QVERIFY(errorOf([&] { (void)here.server.createProxy(node, {.memory = std::move(memory)}); }) != "none");
    }
    QCOMPARE(here.server.connections().size(), std::size_t{1});
    QCOMPARE(here.server.objects().size(), objects);
}

void TestMailboxService::mailboxesThatComeAndGoAreAllServed()
{
    Server here;
    here.server.run();
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 100; ++i) {
                const Proxy lab = here.server.createProxyFor(1).withTimeout(10s);
                if (errorOf([&] { right += lab.call<int>("echo", thread * 1000 + i) == thread * 1000 + i ? 1 : 0; })
                    != "none")
                    right -= 1000;
                here.server.closeMailbox(lab.address().segment);
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(right.load(), 300);
}

QTEST_GUILESS_MAIN(TestMailboxService)
#include "test_mailbox_service.moc"
