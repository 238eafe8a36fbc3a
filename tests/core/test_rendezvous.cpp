// SPDX-License-Identifier: BSD-3-Clause
#include "lane/annexes.h"
#include "lane/handshake.h"
#include "lane/rendezvous.h"
#include "lane/socket.h"
#include "memory/ring.h"
#include "memory/sealed_memory.h"
#include "support/raw_client.h"
#include "support/served_process.h"
#include "wire/result.h"

#include <decoy/decoy.h>

#include <QTest>

#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;

/// How clients find servers, and whom either of them trusts.
class TestRendezvous : public QObject {
    Q_OBJECT

private slots:
    void init() { m_runtime = std::make_unique<RuntimeDirectory>(); }
    void cleanup() { m_runtime.reset(); }

    void aNameBelongsToOneLiveServer();
    void theNameOfAKilledServerIsTakenOver();
    void onlyLiveServersAreListed();
    void badServerNamesAreRefused_data();
    void badServerNamesAreRefused();
    void withoutARuntimeDirectoryThereIsOneUnderTmp();
    void aRuntimeDirectoryThatOthersCanWriteToIsRefused();
    void aRuntimeDirectoryOfSomebodyElseIsRefused();
    void aLinkIsNoRuntimeDirectory();
    void aPathTooLongForASocketIsRefused();
    void anotherUserIsDenied();
    void anotherUserIsServedWhereThePredicateSaysSo();
    void aUserThatThePredicateRefusesIsDenied();
    void aPredicateThatFailsDenies();
    void aFullServerRefusesFurtherClients();
    void aFullServerStaysFullWhenClientsAreGreetedTogether();
    void badOptionsAreRefused();
    void aServerThatBreaksTheProtocolIsLeft_data();
    void aServerThatBreaksTheProtocolIsLeft();

private:
    [[nodiscard]] static std::filesystem::path folder() { return qgetenv("XDG_RUNTIME_DIR").toStdString() + "/decoy"; }
    std::unique_ptr<RuntimeDirectory> m_runtime;
};

namespace {

constexpr uid_t nobody = 65534;

/// What a server says to a process of another user that can reach its socket: a HelloStatus; -1 if nothing.
int statusForNobody(const std::string &socketPath)
{
    std::filesystem::path path = socketPath;
    std::filesystem::permissions(path, std::filesystem::perms::all);
    for (path = path.parent_path(); path != "/tmp" && path != "/"; path = path.parent_path())
        std::filesystem::permissions(path, std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socketPath.c_str(), sizeof address.sun_path - 1);
    // Only system calls between fork and _exit: other threads of this process may hold any lock.
    const pid_t child = fork();
    if (child == 0) {
        lane::ServerHello hello;
        const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        const bool isIn = setgid(nobody) == 0 && setuid(nobody) == 0
            && connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
            && recv(socket, &hello, sizeof hello, 0) == sizeof hello;
        _exit(isIn ? static_cast<int>(hello.status) : 100);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status) == 100 ? -1 : WEXITSTATUS(status);
}

/// A server of the test's own that greets one client and then does what a good server never does.
class ForgedServer {
public:
    explicit ForgedServer(std::function<void(ForgedServer &)> behaviour)
        : m_rendezvous(lane::Rendezvous::claim("forged")), m_thread([this, behaviour = std::move(behaviour)] {
              greet();
              behaviour(*this);
          })
    {}
    ~ForgedServer() { m_thread.join(); }
    ForgedServer(const ForgedServer &) = delete;
    ForgedServer &operator=(const ForgedServer &) = delete;

    /// The call id of the next request.
    std::uint64_t nextCall()
    {
        for (;;) {
            if (const auto record = reader->next()) {
                (void)reader->consume(*record);
                return record->header.callId;
            }
            std::this_thread::yield();
        }
    }
    void send(std::uint64_t callId, std::span<const std::byte> frame, std::uint32_t flags = 0)
    {
        if (writer->write({static_cast<std::uint32_t>(frame.size()), flags, callId}, frame) && writer->publish())
            ring();
    }
    void ring() { (void)lane::sendMessage(socket, lane::asMessage(lane::Notice{})); }

    FileDescriptor socket;
    memory::Region own;
    memory::Region peer;
    std::optional<memory::RingWriter> writer;
    std::optional<memory::RingReader> reader;

private:
    void greet()
    {
        (void)lane::waitReadable(m_rendezvous.socket(), std::nullopt);
        socket = FileDescriptor(accept4(m_rendezvous.socket().get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        lane::ServerHello hello;
        hello.ringSize = 256 * 1024;
        hello.maxChainLevel = 7;
        own = memory::Region::create(hello.ringSize);
        const FileDescriptor doorbell = memory::createMemory(4096);
        const std::array descriptors{own.descriptor(), doorbell.get()};
        (void)lane::sendMessage(socket, lane::asMessage(hello), descriptors);
        (void)lane::waitReadable(socket, std::nullopt);
        lane::Message message;
        if (lane::receiveMessage(socket, message) != lane::Received::Message)
            return;
        peer = memory::Region::open(std::move(message.descriptors.at(0)), hello.ringSize);
        writer.emplace(own, peer);
        reader.emplace(own, peer);
    }

    lane::Rendezvous m_rendezvous;
    std::thread m_thread;
};

} // namespace

void TestRendezvous::aNameBelongsToOneLiveServer()
{
    const ServedProcess first;
    ProxyServer second("served");
    std::string message;
    QCOMPARE(errorOf([&] { second.run(); }, &message), "NameTaken");
    QVERIFY2(message.find("served") != std::string::npos, message.c_str());
    QVERIFY(!second.running());
    QCOMPARE(first.connect()["lab"].call<int>("digits", 1), 123);
    ProxyServer third("another");
    third.run();
    QCOMPARE(liveServers(), (std::vector<std::string>{"another", "served"}));
}

void TestRendezvous::theNameOfAKilledServerIsTakenOver()
{
    ServedProcess first;
    first.send(SIGKILL);
    QVERIFY(std::filesystem::exists(folder() / "served.sock")); // it could not clean up
    QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "ServerNotFound");
    QVERIFY(liveServers().empty());
    const ServedProcess second;
    QCOMPARE(second.connect()["lab"].call<int>("digits", 1), 123);
}

void TestRendezvous::onlyLiveServersAreListed()
{
    QVERIFY(liveServers().empty());
    for (const char *file : {"dead.lock", "dead.sock", "strange", ".lock"})
        QVERIFY(FileDescriptor(open((folder() / file).c_str(), O_CREAT | O_WRONLY, 0600)).isOpen());
    std::filesystem::create_directory(folder() / "folder.lock");
    const ServedProcess server;
    QCOMPARE(liveServers(), std::vector<std::string>{"served"});
    ProxyServer revived("dead"); // what only looks like a server's is taken over
    revived.run();
    QCOMPARE(liveServers(), (std::vector<std::string>{"dead", "served"}));
    QCOMPARE(errorOf([] { (void)decoy::connect("nobody"); }), "ServerNotFound");
}

void TestRendezvous::badServerNamesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name :
         {QString(""), QString("."), QString(".."), QString(".hidden"), QString("a/b"), QString("../x"), QString("a b"),
          QString("a\n"), QString::fromUtf8("ä"), QString(65, 'x')})
        QTest::newRow(qPrintable('"' + name + '"')) << name;
}

void TestRendezvous::badServerNamesAreRefused()
{
    QFETCH(QString, name);
    QCOMPARE(errorOf([&] { (void)decoy::connect(name.toStdString()); }), "ArgumentError");
    QVERIFY_THROWS_EXCEPTION(ArgumentError, ProxyServer(name.toStdString()));
    QVERIFY_THROWS_EXCEPTION(ArgumentError, ProxyServer(std::string("a\0b", 3)));
    QCOMPARE(errorOf([] { ProxyServer(std::string(64, 'x')).run(); }), "none");
}

void TestRendezvous::withoutARuntimeDirectoryThereIsOneUnderTmp()
{
    const std::string name = "fallback-" + std::to_string(getpid());
    for (const char *directory : {"", "relative", "/nonexistent/decoy"}) {
        qputenv("XDG_RUNTIME_DIR", directory);
        const ServedProcess server({}, QString::fromStdString(name));
        QCOMPARE(server.connect()["lab"].call<int>("digits", 1), 123);
        QVERIFY(std::filesystem::exists("/tmp/decoy-" + std::to_string(geteuid()) + "/" + name + ".sock"));
    }
}

void TestRendezvous::aRuntimeDirectoryThatOthersCanWriteToIsRefused()
{
    std::filesystem::create_directory(folder());
    for (const auto open : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
        std::filesystem::permissions(folder(), std::filesystem::perms::owner_all | open);
        QCOMPARE(errorOf([] { ProxyServer("served").run(); }), "AccessDenied");
        QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "AccessDenied");
        QCOMPARE(errorOf([] { (void)liveServers(); }), "AccessDenied");
    }
    std::filesystem::permissions(folder(), std::filesystem::perms::owner_all);
    QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "ServerNotFound");
}

void TestRendezvous::aRuntimeDirectoryOfSomebodyElseIsRefused()
{
    if (geteuid() != 0)
        QSKIP("only root can give a folder away");
    std::filesystem::create_directory(folder());
    QCOMPARE(chown(folder().c_str(), nobody, nobody), 0);
    QCOMPARE(errorOf([] { ProxyServer("served").run(); }), "AccessDenied");
    QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "AccessDenied");
}

void TestRendezvous::aLinkIsNoRuntimeDirectory()
{
    const std::filesystem::path real = folder().parent_path() / "elsewhere";
    std::filesystem::create_directory(real);
    std::filesystem::create_directory_symlink(real, folder());
    QCOMPARE(errorOf([] { ProxyServer("served").run(); }), "AccessDenied");
}

void TestRendezvous::aPathTooLongForASocketIsRefused()
{
    const std::filesystem::path deep = folder().parent_path() / std::string(90, 'd');
    std::filesystem::create_directory(deep);
    qputenv("XDG_RUNTIME_DIR", deep.c_str());
    std::string message;
    QCOMPARE(errorOf([] { ProxyServer("served").run(); }, &message), "ProxyError");
    QVERIFY2(message.find("too long") != std::string::npos, message.c_str());
    QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "ProxyError");
}

void TestRendezvous::anotherUserIsDenied()
{
    if (geteuid() != 0)
        QSKIP("only root can become somebody else");
    const ServedProcess server;
    QCOMPARE(statusForNobody(folder() / "served.sock"), static_cast<int>(lane::HelloStatus::Denied));
    QCOMPARE(server.connect()["probe"].call<int>("connections"), 1);
}

void TestRendezvous::anotherUserIsServedWhereThePredicateSaysSo()
{
    if (geteuid() != 0)
        QSKIP("only root can become somebody else");
    const ServedProcess server({"user=65534"});
    QCOMPARE(statusForNobody(folder() / "served.sock"), static_cast<int>(lane::HelloStatus::Welcome));
}

void TestRendezvous::aUserThatThePredicateRefusesIsDenied()
{
    const ServedProcess server({"user=12345"});
    std::string message;
    QCOMPARE(errorOf([] { (void)decoy::connect("served"); }, &message), "AccessDenied");
    QVERIFY2(message.find("served") != std::string::npos, message.c_str());
}

void TestRendezvous::aPredicateThatFailsDenies()
{
    const ServedProcess server({"throws=1"});
    for (int i = 0; i < 5; ++i) // it lives on
        QCOMPARE(errorOf([] { (void)decoy::connect("served"); }), "AccessDenied");
}

void TestRendezvous::aFullServerRefusesFurtherClients()
{
    const ServedProcess server({"connections=2"});
    const Connection first = server.connect();
    QCOMPARE(first["lab"].call<int>("digits", 1), 123);
    {
        const Connection second = server.connect();
        QCOMPARE(second["probe"].call<int>("connections"), 2);
        QCOMPARE(errorOf([&] { (void)server.connect(); }), "LimitExceeded");
    }
    EVENTUALLY_EQUAL(first["probe"].call<int>("connections"), 1);
    QCOMPARE(server.connect()["lab"].call<int>("digits", 1), 123);
}

void TestRendezvous::aFullServerStaysFullWhenClientsAreGreetedTogether()
{
    const ServedProcess server({"connections=2"});
    const Connection first = server.connect();
    QCOMPARE(first["lab"].call<int>("digits", 1), 123);
    RawClient second("served"); // there is room for one of these two
    RawClient third("served");
    second.answer();
    third.answer();
    EVENTUALLY(lane::hasHungUp(second.socket) || lane::hasHungUp(third.socket));
    EVENTUALLY_EQUAL(first["probe"].call<int>("connections"), 2);
    QVERIFY(!lane::hasHungUp(second.socket) || !lane::hasHungUp(third.socket));
    QCOMPARE(first["probe"].call<int>("connections"), 2);
}

void TestRendezvous::badOptionsAreRefused()
{
    const auto refused = [](auto change) {
        ServerOptions options;
        change(options);
        return errorOf([&] { ProxyServer("served", options); }) == "ArgumentError";
    };
    QVERIFY(refused([](ServerOptions &options) { options.limits.bufsize = 10; }));
    QVERIFY(refused([](ServerOptions &options) { options.limits.bufsize = ~0u; }));
    QVERIFY(refused([](ServerOptions &options) { options.maxChainLevel = -1; }));
    QVERIFY(refused([](ServerOptions &options) { options.maxConnections = 0; }));
}

void TestRendezvous::aServerThatBreaksTheProtocolIsLeft_data()
{
    QTest::addColumn<QString>("behaviour");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("a chain beyond the limit") << "chain" << QByteArray("LimitedProxyChaining");
    QTest::newRow("an impossible position") << "position" << QByteArray("PeerDied");
    QTest::newRow("a large frame that never comes") << "no annex" << QByteArray("PeerDied");
    QTest::newRow("a large frame in an annex beyond the last") << "ninth annex" << QByteArray("PeerDied");
    QTest::newRow("memory that it may still write and shrink") << "unsealed annex" << QByteArray("PeerDied");
    QTest::newRow("a result that is none") << "garbage" << QByteArray("DataDecodeError");
    QTest::newRow("a result that is empty") << "empty" << QByteArray("EmptyData");
    QTest::newRow("a message that is no notice") << "message" << QByteArray("PeerDied");
    QTest::newRow("a hang-up") << "hang-up" << QByteArray("PeerDied");
    QTest::newRow("a result for another call") << "stranger" << QByteArray("CallTimeout");
}

void TestRendezvous::aServerThatBreaksTheProtocolIsLeft()
{
    QFETCH(QString, behaviour);
    QFETCH(QByteArray, kind);
    ForgedServer server([&behaviour](ForgedServer &forged) {
        const std::uint64_t call = forged.nextCall();
        if (behaviour == "chain") {
            PackBuffer frame;
            wire::packProxy(frame, wire::Dialect::Native, 9, 8, "Node");
            wire::endFrame(frame, "the result", 1000);
            forged.send(call, frame.bytes());
            (void)forged.nextCall(); // what was refused is given back
        } else if (behaviour == "position") {
            forged.own.header().produced.store(~std::uint64_t{0} / 2);
            forged.ring();
        } else if (behaviour == "no annex" || behaviour == "ninth annex") {
            const lane::AnnexedFrame where{behaviour == "no annex" ? 0u : 8u, 100};
            forged.send(call, lane::asMessage(where), memory::RecordHeader::Annexed);
        } else if (behaviour == "unsealed annex") {
            const FileDescriptor memory = memory::createMemory(64 * 1024);
            const int descriptor = memory.get();
            (void)lane::sendMessage(forged.socket, lane::asMessage(lane::Notice{lane::Notice::Kind::Annex, 0, 0}),
                                    {&descriptor, 1});
        } else if (behaviour == "garbage") {
            forged.send(call, withPrefix(std::array{std::byte{0x92}, std::byte{0xff}}));
        } else if (behaviour == "empty") {
            forged.send(call, {});
        } else if (behaviour == "message") {
            (void)lane::sendMessage(forged.socket, std::as_bytes(std::span("rubbish")));
        } else if (behaviour == "stranger") {
            forged.send(call + 1, frameBytes(Frame(ProxyOpCode::ExecutionResult, {Value(0), Value(1), Value()})));
        }
        if (behaviour == "hang-up")
            forged.socket.reset();
    });
    {
        const Connection connection = decoy::connect("forged");
        const Proxy directory = connection.directory().withTimeout(
            behaviour == "stranger" ? std::chrono::milliseconds(50) : defaultCallTimeout);
        QCOMPARE(errorOf([&] { (void)directory.call("__getitem__", "lab"); }), kind);
    }
}

QTEST_GUILESS_MAIN(TestRendezvous)
#include "test_rendezvous.moc"
