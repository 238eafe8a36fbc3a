// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/client.h"

#include "lane/duck/segment_users.h"
#include "memory/file_lock.h"
#include "memory/looking.h"
#include "memory/mailbox_names.h"
#include "trace/clock.h"
#include "wire/duck_value.h"
#include "wire/request.h"
#include "wire/result.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <random>
#include <time.h>

namespace decoy::lane::duck {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Releases must not hold up the one who drops a proxy, nor the call that goes behind those which had to wait.
constexpr milliseconds releaseTimeout{100};
constexpr std::size_t mostReleasesKept = 4096;

/// Looks again and again, for as long as the deadline allows, and says now and then that something may be wrong.
class Looking {
public:
    /// Waits a little. False once the deadline has passed.
    [[nodiscard]] bool pause(Deadline &deadline)
    {
        if (m_looking.slept() != microseconds(0) && deadline.hasPassed())
            return false;
        m_looking.pause();
        return true;
    }
    /// Whether it is time to ask the system if anybody is still there: at first soon, then ever more rarely.
    [[nodiscard]] bool shouldSuspect() noexcept
    {
        if (m_looking.slept() < m_nextSuspicion)
            return false;
        m_nextSuspicion = m_looking.slept()
            + std::clamp<microseconds>(m_looking.slept() * 2, milliseconds(5), milliseconds(500));
        return true;
    }

private:
    memory::Looking m_looking;
    microseconds m_nextSuspicion = milliseconds(5);
};

void sleepAMoment()
{
    const timespec time{0, 100'000};
    nanosleep(&time, nullptr);
}

} // namespace

/// The right to use the mailbox, among the threads of this process and the processes of ours.
class Client::Turn {
public:
    explicit Turn(Client &client) noexcept : m_client(client) {}
    ~Turn()
    {
        if (!m_isTaken)
            return;
        memory::FileLock::drop(m_client.m_memory.descriptor(), memory::FileLock::clientByte);
        leaveThreads();
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

    void take(Deadline &deadline)
    {
        enterThreads(deadline);
        while (!takeFileLock()) {
            if (deadline.hasPassed()) {
                leaveThreads();
                raise(deadline);
            }
            sleepAMoment();
        }
    }
    [[nodiscard]] bool tryTake()
    {
        {
            const std::lock_guard lock(m_client.m_turnMutex);
            if (std::exchange(m_client.m_isTurnTaken, true))
                return false;
        }
        if (!takeFileLock())
            leaveThreads();
        return m_isTaken;
    }

private:
    /// Waits until no other thread of this process uses the mailbox.
    void enterThreads(Deadline &deadline)
    {
        std::unique_lock lock(m_client.m_turnMutex);
        const auto isFree = [this] { return !m_client.m_isTurnTaken; };
        if (const auto end = deadline.time(); !end)
            m_client.m_turnIsFree.wait(lock, isFree);
        else if (!m_client.m_turnIsFree.wait_until(lock, *end, isFree))
            raise(deadline);
        m_client.m_isTurnTaken = true;
    }
    void leaveThreads()
    {
        {
            const std::lock_guard lock(m_client.m_turnMutex);
            m_client.m_isTurnTaken = false;
        }
        m_client.m_turnIsFree.notify_one();
    }
    [[nodiscard]] bool takeFileLock() noexcept
    {
        m_isTaken = memory::FileLock::take(m_client.m_memory.descriptor(), memory::FileLock::clientByte);
        return m_isTaken;
    }
    [[noreturn]] void raise(const Deadline &deadline) const
    {
        throw CallTimeout("other calls kept the mailbox \"" + m_client.m_address.segment
                          + "\" for longer than this one could wait: it was not free " + deadline.text());
    }
    Client &m_client;
    bool m_isTaken = false;
};

namespace {
SharedMemory openMailbox(const std::string &segment)
{
    try {
        return SharedMemory::openNamed(segment);
    } catch (const ProxyObjectNotFound &) {
        // Our servers never use a name again, and clear away what a dead one left: what was there once is gone.
        if (memory::isServerGone(segment))
            throw PeerDied("the mailbox \"" + segment + "\" was closed, or its server is gone");
        throw;
    }
}
} // namespace

Client::Client(DuckAddress address, SharedMemory memory)
    : m_address(std::move(address)), m_server{m_address.segment,
                                              m_address.process,
                                              m_address.maxChainLevel,
                                              {.bufsize = m_address.bufsize},
                                              wire::Dialect::Duck},
      m_memory(std::move(memory)), m_watch(m_address, m_memory), m_end(m_memory.writableBytes())
{}

std::shared_ptr<Client> Client::open(const DuckAddress &address)
{
    constexpr std::uint32_t smallestMailbox = 64;
    SharedMemory memory = openMailbox(address.segment);
    if (memory.size() != address.bufsize || memory.size() < smallestMailbox)
        throw ArgumentError("the shared memory \"" + address.segment + "\" has " + std::to_string(memory.size())
                            + " bytes, not " + std::to_string(address.bufsize) + " as its address says");
    return std::shared_ptr<Client>(new Client(address, std::move(memory)));
}

Client::~Client()
{
    Turn turn(*this);
    try {
        if (!m_closed && turn.tryTake())
            sendReleases();
    } catch (const std::exception &) {
        // The references go with the mailbox.
    }
}

bool Client::isAlive() const noexcept { return !m_closed && !m_watch.isGone(); }

void Client::close() noexcept { m_closed.store(true); }

void Client::checkUsable() const
{
    if (m_closed)
        throw PeerDied("the mailbox \"" + m_address.segment + "\" was closed");
    if (m_watch.isGone())
        throw PeerDied("the server of the mailbox \"" + m_address.segment + "\" is gone");
}

void Client::exchange(const detail::OutgoingRequest &outgoing, std::chrono::milliseconds timeout,
                      std::vector<std::byte> &result)
{
    const std::span<const std::byte> request = outgoing.frame;
    if (!memory::MailboxHead::of(request).isRequest())
        throw ArgumentError("only requests can be sent: what looks like an answer would be taken for one");
    wire::requireDuckValue(request.subspan(framePrefixSize)); // what it cannot decode a server would never answer
    Deadline deadline(timeout);
    Turn turn(*this);
    turn.take(deadline);
    checkUsable();
    awaitEarlierAnswer(deadline);
    sendReleases();
    awaitEarlierAnswer(deadline); // of a release that was not answered in its time
    ask(request, deadline, result);
}

/// Whether the call that keeps the mailbox will never be answered. Throws PeerDied if that holds for all calls.
bool Client::isKeptByNobody() const
{
    checkUsable();
    if (m_watch.isDeserted())
        throw PeerDied("no process serves the mailbox \"" + m_address.segment + "\" any more");
    return m_askedAt && m_end.isTaken() && m_watch.hasNoHandlerSince(*m_askedAt);
}

void Client::awaitEarlierAnswer(Deadline &deadline)
{
    Looking looking;
    while (m_end.isBusy()) {
        if (looking.shouldSuspect() && isKeptByNobody())
            break;
        if (!looking.pause(deadline))
            throw CallTimeout("an earlier call keeps the mailbox \"" + m_address.segment
                              + "\": the server has taken it and not answered it " + deadline.text());
    }
    if (m_isSuspect)
        awaitSilence(deadline);
    m_askedAt.reset();
}

void Client::ask(std::span<const std::byte> request, Deadline &deadline, std::vector<std::byte> &result)
{
    Looking looking;
    m_askedAt = threadClock();
    m_end.send(request);
    while (!m_end.receive(result, trace::now())) {
        if (looking.shouldSuspect())
            (void)isKeptByNobody(); // a dead server; a dead handler costs this call its time, and no more
        if (!looking.pause(deadline))
            giveUp(deadline);
    }
    m_askedAt.reset();
}

void Client::giveUp(const Deadline &deadline)
{
    if (!m_end.withdraw()) {
        if (!m_watch.hasNoHandlerSince(*m_askedAt))
            deadline.raise();
        m_askedAt.reset();
        m_end.clear(); // for our other processes, which do not know when it was asked
        throw CallTimeout(
            "no answer " + deadline.text()
            + ": the server's thread that worked on it has ended without one (a result too big, a foreign "
              "callable, an object handed out before?)");
    }
    withdrawn();
    throw CallTimeout("the server did not take the call " + deadline.text() + "; it was withdrawn");
}

void Client::withdrawn() noexcept
{
    // A server of the reference may have read it, and not yet said so: then its answer is still to come.
    if (!m_watch.isOwn())
        m_isSuspect = true;
    else
        m_askedAt.reset();
}

/// Waits until no answer to a request that was withdrawn can come any more. The server takes requests one after the other: when it
/// has answered a question that only we can have asked, it has begun to work on the withdrawn one, if it ever does; and the thread
/// that works on it can be seen.
void Client::awaitSilence(Deadline &deadline)
{
    const std::uint64_t nobody = std::random_device()() | std::uint64_t{1} << 62;
    PackBuffer question(m_address.bufsize);
    wire::beginFrame(question);
    msgpack::packer<PackBuffer>(question).pack_array(2).pack(0).pack_array(2).pack(nobody).pack("a");
    wire::endFrame(question, "the question", m_address.bufsize);

    Looking looking;
    m_end.send(question.bytes());
    for (bool isAnswered = false; !isAnswered || !m_watch.hasNoHandlerSince(*m_askedAt);) {
        if (!isAnswered && m_end.receive(m_answer, trace::now())) {
            const auto head = wire::peekHead(std::span<const std::byte>(m_answer).subspan(framePrefixSize));
            isAnswered = head && head->object == nobody;
            if (!isAnswered)
                m_end.send(question.bytes()); // that was the late answer; it may have covered the question
            continue;
        }
        if (looking.shouldSuspect())
            (void)isKeptByNobody();
        if (!looking.pause(deadline)) {
            (void)m_end.withdraw();
            throw CallTimeout("the server may still answer an earlier call that was given up: it did not say otherwise "
                              + deadline.text());
        }
    }
    m_isSuspect = false;
}

// ---- releases ----

void Client::post(std::span<const std::byte> request) noexcept
try {
    Turn turn(*this);
    if (!m_closed && turn.tryTake() && !m_end.isBusy() && !m_isSuspect) {
        Deadline deadline(releaseTimeout);
        if (sendRelease(request, deadline))
            return;
    }
    const std::lock_guard lock(m_releasesMutex);
    if (m_releases.size() < mostReleasesKept)
        m_releases.emplace_back(request.begin(), request.end());
} catch (const std::exception &) {
    // The reference goes with the mailbox.
}

void Client::sendReleases()
{
    std::vector<std::vector<std::byte>> releases;
    {
        const std::lock_guard lock(m_releasesMutex);
        releases.swap(m_releases);
    }
    Deadline deadline(releaseTimeout);
    auto next = releases.begin();
    while (next != releases.end() && !m_end.isBusy() && !m_isSuspect && !deadline.hasPassed()
           && sendRelease(*next, deadline))
        ++next;
    if (next == releases.end())
        return;
    const std::lock_guard lock(m_releasesMutex); // the rest goes with a later call
    m_releases.insert(m_releases.begin(), std::make_move_iterator(next), std::make_move_iterator(releases.end()));
}

/// False if the server has not taken it: it is to be sent again.
bool Client::sendRelease(std::span<const std::byte> request, Deadline &deadline)
{
    Looking looking;
    m_askedAt = threadClock();
    m_end.send(request);
    while (!m_end.receive(m_answer, trace::now())) {
        // There are servers that never answer it: their thread ends, and the mailbox is free.
        if (looking.shouldSuspect() && isKeptByNobody())
            break;
        if (looking.pause(deadline))
            continue;
        if (!m_end.withdraw())
            return true; // it is still being worked on: the next call waits for it
        withdrawn();
        return m_isSuspect; // one that may have been taken is not sent twice
    }
    m_askedAt.reset();
    return true;
}

} // namespace decoy::lane::duck
