// SPDX-License-Identifier: BSD-3-Clause
#include "lane/annexes.h"
#include "memory/sealed_memory.h"
#include "support/raw_client.h"
#include "support/served_objects.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QTest>
#include <QThread>

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <set>
#include <sys/mman.h>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;
using lane::asMessage;
using lane::ClientHello;
using lane::Notice;

/// A client that keeps no rule. Whatever it does, the server lives, a good client is served, and nothing is left behind.
class TestHostileClient : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_runtime = std::make_unique<RuntimeDirectory>();
        m_server = std::make_unique<ServedProcess>(QStringList{"connections=100"});
        m_good = std::make_unique<Connection>(m_server->connect());
        QCOMPARE((*m_good)["lab"].call<int>("digits", 1), 123);
        m_descriptors = descriptors();
        m_watched = probe().call<int>("watched");
    }
    /// The same for every attack: nothing was lost, nothing was kept.
    void cleanup()
    {
        QCOMPARE((*m_good)["lab"].call<int>("digits", 1), 123);
        EVENTUALLY_EQUAL(probe().call<int>("connections"), 1);
        EVENTUALLY_EQUAL(descriptors(), m_descriptors);
        QCOMPARE(probe().call<int>("watched"), m_watched);
        m_good.reset();
        m_server.reset();
        m_runtime.reset();
    }

    void aWrongFrameIsAnsweredWithAClearError_data();
    void aWrongFrameIsAnsweredWithAClearError();
    void aFrameLargerThanBufsizeIsAnsweredWithBothSizes();
    void aHundredWrongFramesInARowGetAHundredAnswers();
    void aHelloThatIsNoHelloEndsTheGreeting_data();
    void aHelloThatIsNoHelloEndsTheGreeting();
    void aRegionThatIsNotOursToTrustEndsTheGreeting_data();
    void aRegionThatIsNotOursToTrustEndsTheGreeting();
    void clientsThatNeverAnswerTheGreetingUseUpNothing();
    void garbageInTheRingCostsOnlyItsWritersConnection_data();
    void garbageInTheRingCostsOnlyItsWritersConnection();
    void aLargeFrameThatIsNotWhatItSaysEndsTheConnection_data();
    void aLargeFrameThatIsNotWhatItSaysEndsTheConnection();
    void anAnnexIsCopiedBeforeItIsParsedAndUsedAgain();
    void messagesThatNobodyAskedForDoNoHarm();
    void aStormOfDoorbellsDoesNotKeepOthersWaiting();
    void theDoorbellOfAClosedClientWakesNobody();
    void aClientMayLeaveAtAnyMoment();
    void aClientThatDoesNotReadGetsEverythingInOrderWhenItDoes();
    void aClientThatNeverReadsHarmsNobody();
    void aReleaseOfWhatWasNeverHandedOutIsRefused();

private:
    [[nodiscard]] Proxy probe() const { return (*m_good)["probe"]; }
    [[nodiscard]] int descriptors() const { return probe().call<int>("descriptors"); }
    std::unique_ptr<RuntimeDirectory> m_runtime;
    std::unique_ptr<ServedProcess> m_server;
    std::unique_ptr<Connection> m_good;
    int m_descriptors = 0;
    int m_watched = 0;
};

namespace {

std::vector<std::byte> bytesOf(const QByteArray &text)
{
    const auto bytes = std::as_bytes(std::span(text.data(), static_cast<std::size_t>(text.size())));
    return {bytes.begin(), bytes.end()};
}

/// The id of a published object for a raw client, which has to ask the directory as everybody does.
std::uint64_t idOf(RawClient &client, const char *name)
{
    if (!client.call(1, 0, "__getitem__", {Value(name)}))
        throw std::runtime_error("no room");
    return client.receiveResult().value().parsed().payload().at(0).as<std::uint64_t>();
}

std::uint64_t labOf(RawClient &client) { return idOf(client, "lab"); }

} // namespace

void TestHostileClient::aWrongFrameIsAnsweredWithAClearError_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("nothing") << QByteArray() << QByteArray("EmptyData");
    QTest::newRow("half a prefix") << QByteArray("\0\0", 2) << QByteArray("EmptyData");
    QTest::newRow("a prefix alone") << QByteArray("\0\0\0\0", 4) << QByteArray("EmptyData");
    QTest::newRow("a prefix that says more") << QByteArray("\0\0\0\x09\x92\0", 6) << QByteArray("DataDecodeError");
    QTest::newRow("a prefix that says less") << QByteArray("\0\0\0\1\x92\0", 6) << QByteArray("DataDecodeError");
    QTest::newRow("a prefix that lies") << QByteArray("\xff\xff\xff\xff\x92\0", 6) << QByteArray("DataDecodeError");
    QTest::newRow("no msgpack") << QByteArray("\0\0\0\1\xc1", 5) << QByteArray("DataDecodeError");
    QTest::newRow("a number") << QByteArray("\0\0\0\1\x07", 5) << QByteArray("DataDecodeError");
    QTest::newRow("an unknown opcode") << QByteArray("\0\0\0\5\x92\x07\x92\x01\xa1"
                                                     "a",
                                                     10)
                                              .replace(3, 1, "\6")
                                       << QByteArray("DataDecodeError");
    QTest::newRow("a result") << QByteArray("\0\0\0\6\x92\xff\x93\1\1\xc0", 10) << QByteArray("DataDecodeError");
    QTest::newRow("a name that is no text") << QByteArray("\0\0\0\5\x92\0\x92\1\7", 9) << QByteArray("DataDecodeError");
    QTest::newRow("bytes behind the frame") << QByteArray("\0\0\0\7\x92\0\x92\1\xa1"
                                                          "a\xc0",
                                                          11)
                                            << QByteArray("DataDecodeError");
    QTest::newRow("an array without an end")
        << QByteArray("\0\0\0\5\xdd\xff\xff\xff\xff", 9) << QByteArray("DataDecodeError");
    QTest::newRow("arrays all the way down")
        << QByteArray("\0\0\x40\0", 4) + QByteArray(0x4000, '\x91') << QByteArray("DataDecodeError");
}

void TestHostileClient::aWrongFrameIsAnsweredWithAClearError()
{
    QFETCH(QByteArray, frame);
    QFETCH(QByteArray, kind);
    RawClient client("served");
    client.answer();
    QVERIFY(client.send(77, bytesOf(frame)));
    const auto answer = client.receiveResult();
    QVERIFY(answer && answer->callId == 77);
    const auto failure = answer->failure();
    QVERIFY(failure && !failure->message.empty());
    const std::string_view name = errorKindName(failure->kind);
    QCOMPARE(QByteArray(name.data(), static_cast<qsizetype>(name.size())), kind);
    QVERIFY(labOf(client) > 0); // the connection is as good as before
}

void TestHostileClient::aFrameLargerThanBufsizeIsAnsweredWithBothSizes()
{
    RawClient client("served");
    client.answer();
    const std::size_t size = client.hello.limits.bufsize + 1;
    QVERIFY(client.send(5, withPrefix(std::vector<std::byte>(size - framePrefixSize))));
    const auto failure = client.receiveResult().value().failure();
    QVERIFY(failure && failure->kind == ErrorKind::DataTooBigError);
    QVERIFY(failure->message.find(std::to_string(size)) != std::string::npos);
    QVERIFY(failure->message.find(std::to_string(size - 1)) != std::string::npos);
}

void TestHostileClient::aHundredWrongFramesInARowGetAHundredAnswers()
{
    RawClient client("served");
    client.answer();
    const auto good = frameBytes(Frame(
        ProxyOpCode::Execute, {Value(0), Value("__len__"), Value(std::vector<int>()), Value(std::map<int, int>())}));
    for (std::uint64_t id = 1; id <= 200; ++id)
        QVERIFY(client.send(id, id % 2 ? withPrefix(bytesOf("\x92\x09\x92")) : good));
    std::set<std::uint64_t> answered; // the directory's calls may overlap, so the order is open
    for (int i = 0; i < 200; ++i) {
        const auto answer = client.receiveResult();
        QVERIFY(answer && answered.insert(answer->callId).second);
        QCOMPARE(answer->failure().has_value(), answer->callId % 2 == 1);
    }
    QVERIFY(*answered.begin() == 1 && *answered.rbegin() == 200);
}

void TestHostileClient::aHelloThatIsNoHelloEndsTheGreeting_data()
{
    QTest::addColumn<QByteArray>("hello");
    const auto bytes = [](const ClientHello &hello) {
        return QByteArray(reinterpret_cast<const char *>(&hello), sizeof hello);
    };
    ClientHello hello;
    QTest::newRow("too short") << bytes(hello).chopped(1);
    QTest::newRow("too long") << bytes(hello) + 'x';
    QTest::newRow("much too long") << QByteArray(5000, 'x');
    hello.magic ^= 1;
    QTest::newRow("another protocol") << bytes(hello);
    hello = {};
    hello.version = 1;
    QTest::newRow("another version") << bytes(hello);
}

void TestHostileClient::aHelloThatIsNoHelloEndsTheGreeting()
{
    QFETCH(QByteArray, hello);
    const RawClient client("served");
    const auto region = memory::Region::create(client.hello.ringSize);
    const int descriptor = region.descriptor();
    QVERIFY(client.answerWith(bytesOf(hello), {&descriptor, 1}));
    QVERIFY(client.isHungUpOn());
}

void TestHostileClient::aRegionThatIsNotOursToTrustEndsTheGreeting_data()
{
    QTest::addColumn<QString>("region");
    for (const char *region : {"none", "two", "a pipe", "/dev/zero", "unsealed", "too small", "too large", "five"})
        QTest::newRow(region) << region;
}

void TestHostileClient::aRegionThatIsNotOursToTrustEndsTheGreeting()
{
    QFETCH(QString, region);
    const RawClient client("served");
    const std::size_t size = client.hello.ringSize;
    std::vector<FileDescriptor> given;
    const auto add = [&given](int descriptor) { given.emplace_back(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); };
    const auto good = memory::Region::create(size);
    if (region == "two" || region == "five")
        for (int i = 0; i < (region == "two" ? 2 : 4); ++i)
            add(good.descriptor());
    if (region == "a pipe") {
        std::array<int, 2> ends{};
        QCOMPARE(pipe(ends.data()), 0);
        given.emplace_back(ends[0]);
        const FileDescriptor writing(ends[1]);
    }
    if (region == "/dev/zero")
        given.emplace_back(open("/dev/zero", O_RDWR | O_CLOEXEC));
    if (region == "unsealed")
        given.push_back(memory::createMemory(memory::Region::headerSize + size));
    if (region == "too small")
        add(memory::Region::create(size / 2).descriptor());
    if (region == "too large")
        add(memory::Region::create(size * 2).descriptor());
    std::vector<int> descriptors;
    for (const FileDescriptor &descriptor : given)
        descriptors.push_back(descriptor.get());
    QVERIFY(client.answerWith(asMessage(ClientHello{}), descriptors));
    QVERIFY(client.isHungUpOn());
}

void TestHostileClient::clientsThatNeverAnswerTheGreetingUseUpNothing()
{
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 150; ++i)
        silent.push_back(std::make_unique<RawClient>("served"));
    QVERIFY(silent.front()->isHungUpOn());               // the oldest had to go
    EVENTUALLY(descriptors() <= m_descriptors + 64 * 2); // of the latest one more is just being closed
    const Connection late = m_server->connect();
    QCOMPARE(late["lab"].call<int>("digits", 2), 223);
}

void TestHostileClient::garbageInTheRingCostsOnlyItsWritersConnection_data()
{
    QTest::addColumn<quint64>("produced");
    QTest::addColumn<bool>("isStamped");
    QTest::addColumn<quint32>("size");
    QTest::newRow("too much produced") << ~quint64{0} / 2 << false << quint32{0};
    QTest::newRow("half a header produced") << quint64{8} << false << quint32{0};
    QTest::newRow("a record that is not there") << quint64{64} << false << quint32{100};
    QTest::newRow("a record longer than memory") << quint64{64} << true << ~quint32{0};
    QTest::newRow("a record as long as the ring") << quint64{64} << true << quint32{256 * 1024};
}

void TestHostileClient::garbageInTheRingCostsOnlyItsWritersConnection()
{
    QFETCH(quint64, produced);
    QFETCH(bool, isStamped);
    QFETCH(quint32, size);
    RawClient client("served");
    client.answer();
    const memory::RecordHeader header{size, 0, 1};
    std::memcpy(client.own.at(sizeof(memory::Stamp)), &header, sizeof header);
    if (isStamped)
        memory::stampAt(client.own, 0).store(client.own.header().key);
    client.own.header().produced.store(produced);
    client.ring();
    QVERIFY(client.isHungUpOn());
}

void TestHostileClient::aLargeFrameThatIsNotWhatItSaysEndsTheConnection_data()
{
    QTest::addColumn<QString>("flaw");
    for (const char *flaw :
         {"no annex", "unsealed", "too small", "too large", "without memory", "two at once", "no notice",
          "a number beyond the last", "a number that is taken", "a record of another annex",
          "a record of an impossible annex", "a frame beyond bufsize", "a record that is too short"})
        QTest::newRow(flaw) << flaw;
}

void TestHostileClient::aLargeFrameThatIsNotWhatItSaysEndsTheConnection()
{
    QFETCH(QString, flaw);
    RawClient client("served");
    client.answer();
    const std::size_t bufsize = client.hello.limits.bufsize;
    const std::size_t size = flaw == "too small" ? bufsize / 2 : flaw == "too large" ? bufsize * 2 : bufsize;
    const SharedMemory sealed = SharedMemory::createSealed(size);
    const FileDescriptor unsealed = memory::createMemory(size);
    const std::array descriptors{flaw == "unsealed" ? unsealed.get() : sealed.descriptor(), sealed.descriptor()};
    const std::size_t count = flaw == "without memory" ? 0 : flaw == "two at once" ? 2 : 1;
    const Notice notice{flaw == "no notice" ? Notice::Kind::Doorbell : Notice::Kind::Annex,
                        flaw == "a number beyond the last" ? 8u : 0u, 0};
    if (flaw != "no annex")
        QVERIFY(client.answerWith(asMessage(notice), std::span(descriptors).first(count)));
    if (flaw == "a number that is taken")
        QVERIFY(client.answerWith(asMessage(notice), std::span(descriptors).first(1)));
    lane::AnnexedFrame where{0, static_cast<std::uint32_t>(bufsize)};
    if (flaw == "a record of another annex" || flaw == "a number that is taken")
        where.annex = 1;
    if (flaw == "a record of an impossible annex")
        where.annex = ~0u;
    if (flaw == "a frame beyond bufsize")
        where.size += 1;
    const auto record = asMessage(where);
    QVERIFY(
        client.send(9, flaw == "a record that is too short" ? record.first(7) : record, memory::RecordHeader::Annexed));
    QVERIFY(client.isHungUpOn());
}

void TestHostileClient::anAnnexIsCopiedBeforeItIsParsedAndUsedAgain()
{
    RawClient client("served");
    client.answer();
    const SharedMemory annex = SharedMemory::createSealed(client.hello.limits.bufsize);
    const int descriptor = annex.descriptor();
    QVERIFY(client.answerWith(asMessage(Notice{Notice::Kind::Annex, 3, 0}), {&descriptor, 1}));
    for (std::uint64_t id = 1; id <= 100; ++id) {
        const auto frame = frameBytes(
            Frame(ProxyOpCode::Execute, {Value(0), Value("__getitem__"), Value(std::vector<std::string>{"lab"})}));
        std::ranges::copy(frame, annex.writableBytes().begin());
        const lane::AnnexedFrame where{3, static_cast<std::uint32_t>(frame.size())};
        QVERIFY(client.send(id, asMessage(where), memory::RecordHeader::Annexed));
        while (client.peer.header().consumed.load() < client.writer->position())
            QThread::yieldCurrentThread();
        std::ranges::fill(annex.writableBytes(), std::byte{0xc1}); // it was taken, so it is ours again
        const auto answer = client.receiveResult();
        QVERIFY(answer && answer->callId == id && !answer->failure());
    }
}

void TestHostileClient::messagesThatNobodyAskedForDoNoHarm()
{
    RawClient client("served");
    client.answer();
    const FileDescriptor memory = memory::createMemory(4096);
    const std::array descriptors{memory.get(), client.own.descriptor(), memory.get(), memory.get()};
    int sent = 0;
    while (sent < 10'000 && client.answerWith(asMessage(Notice{}), descriptors))
        ++sent;
    QVERIFY(sent > 10 && sent < 10'000); // until the socket is full
    QVERIFY(labOf(client) > 0);
}

void TestHostileClient::aStormOfDoorbellsDoesNotKeepOthersWaiting()
{
    RawClient client("served");
    client.answer();
    const std::uint64_t most = ~std::uint64_t{0} - 1;
    QCOMPARE(write(client.doorbell.get(), &most, sizeof most), ssize_t{8}); // the counter is full: even that is no trap
    const Proxy lab = (*m_good)["lab"];
    for (int i = 0; i < 2000; ++i) {
        for (int k = 0; k < 20; ++k)
            client.ring();
        QCOMPARE(lab.call<int>("digits", i), 100 * i + 23);
    }
}

void TestHostileClient::theDoorbellOfAClosedClientWakesNobody()
{
    RawClient client("served");
    client.answer();
    QVERIFY(labOf(client) > 0);
    client.own.header().produced.store(~std::uint64_t{0} / 2);
    client.ring();
    QVERIFY(client.isHungUpOn());
    // Its doorbell is still open here; the server must have forgotten it all the same.
    EVENTUALLY_EQUAL(probe().call<int>("watched"), m_watched);
    for (int i = 0; i < 100; ++i)
        client.ring();
}

void TestHostileClient::aClientMayLeaveAtAnyMoment()
{
    for (int i = 0; i < 50; ++i) {
        {
            const RawClient early("served");
        }
        RawClient later("served");
        later.answer();
        if (i % 3 == 0)
            continue;
        const std::uint64_t lab = labOf(later);
        QVERIFY(later.call(2, lab, "blob", {Value(60'000)}));
        if (i % 3 == 1)
            (void)later.receive();
    }
}

void TestHostileClient::aClientThatDoesNotReadGetsEverythingInOrderWhenItDoes()
{
    RawClient client("served");
    client.answer();
    const std::uint64_t till = idOf(client, "till");
    constexpr std::uint64_t calls = 40; // ten times what its ring holds
    for (std::uint64_t id = 2; id < 2 + calls; ++id)
        QVERIFY(client.call(id, till, "blob", {Value(60'000), Value(id)}));
    // The ring is full when it holds four of them; others are served meanwhile.
    EVENTUALLY(client.peer.header().produced.load() > 200'000);
    for (int i = 0; i < 100; ++i)
        QCOMPARE((*m_good)["lab"].call<int>("digits", 1), 123);
    for (std::uint64_t id = 2; id < 2 + calls; ++id) {
        const auto answer = client.receiveResult();
        QVERIFY(answer);
        QCOMPARE(answer->callId, id);
        QVERIFY(answer->parsed().payload().at(1).as<Bytes>() == Bytes(60'000, static_cast<std::byte>(id)));
    }
}

void TestHostileClient::aClientThatNeverReadsHarmsNobody()
{
    RawClient client("served");
    client.answer();
    const std::uint64_t lab = labOf(client);
    std::uint64_t id = 2;
    while (client.call(id, lab, "blob", {Value(60'000)}))
        ++id; // until its own ring is full too, because the server takes no more requests
    for (int i = 0; i < 1000; ++i)
        QCOMPARE((*m_good)["lab"].call<int>("digits", 1), 123);
}

void TestHostileClient::aReleaseOfWhatWasNeverHandedOutIsRefused()
{
    RawClient client("served");
    client.answer();
    const std::uint64_t lab = labOf(client);
    const auto release = [&client](std::uint64_t id, std::uint64_t object) {
        return client.send(id, frameBytes(Frame(ProxyOpCode::Execute, {Value(object), Value("__del__")})));
    };
    QVERIFY(release(2, lab) && release(3, lab) && release(4, 0) && release(5, 999));
    QVERIFY(!client.receiveResult().value().failure());
    QVERIFY(client.receiveResult().value().failure()->kind == ErrorKind::ProxyObjectNotFound);
    QVERIFY(client.receiveResult()); // the directory stays, whatever is said
    QVERIFY(client.receiveResult().value().failure()->kind == ErrorKind::ProxyObjectNotFound);
    QCOMPARE(labOf(client), lab);
}

QTEST_GUILESS_MAIN(TestHostileClient)
#include "test_hostile_client.moc"
