// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "lane/annexes.h"
#include "lane/call_table.h"
#include "lane/deadline.h"
#include "lane/event_source.h"
#include "lane/handshake.h"
#include "lane/socket.h"
#include "memory/backoff.h"
#include "memory/event_signal.h"
#include "memory/ring.h"
#include "object/awaited_calls.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace decoy::object {
class Caller;
}

namespace decoy::lane {

class FollowedLanes;
class ReverseServer;

/// What a server does for a lane to what one of its clients has lent. Empty for a client's own lane.
struct ReverseHost {
    std::uint32_t connection = 0;                 ///< of the client's channel
    std::unique_ptr<detail::LaneWitness> witness; ///< sees what travels; null: nobody does
    std::shared_ptr<FollowedLanes> followed;      ///< is told once there is code to be run by process()
};

/// The client's end of the native lane: one channel that all threads of the process share.
///
/// There is no thread of its own: whoever waits reads. The first waiting thread reads the results for all, hands each to
/// its owner, and passes the reading on when it has its own. It sleeps on the socket, which carries the server's doorbell and
/// hangs up when the server dies, so one wait covers both. process() takes part like a call that waits, and when nobody
/// reads any more, whoever polls descriptor() is told. A thread that reads for others runs nothing of the user's: that is left
/// in a queue (addDue), which only process() works off.
///
/// A server uses one for each client that lends it something: the other direction, over a channel of its own.
class NativeClient final : public detail::ClientLane, public std::enable_shared_from_this<NativeClient> {
public:
    /// Connects and greets. Throws ServerNotFound, AccessDenied, LimitExceeded, CallTimeout, ProxyError.
    [[nodiscard]] static std::shared_ptr<NativeClient> connect(std::string_view server,
                                                               std::chrono::milliseconds timeout);
    /// The other direction of a client's channel: `socket` came over that, and the greeting stands in it already, so this waits for nothing.
    /// `limits` are this server's, `caller` is who must be at the other end, and `host` what the server does for the lane. Throws BrokenPeer if
    /// it is not what a client of ours sends, ProxyError for what the system refuses.
    [[nodiscard]] static std::shared_ptr<NativeClient> adopt(FileDescriptor socket, const object::Caller &caller,
                                                             const Limits &limits, ReverseHost host);
    /// Of the forward channel, on a lane that was adopted.
    [[nodiscard]] std::uint32_t hostConnection() const noexcept { return m_host.connection; }
    ~NativeClient() override;

    [[nodiscard]] const detail::ServerFacts &server() const noexcept override { return m_server; }
    [[nodiscard]] PackLender *lender() noexcept override { return &m_lender; }
    void exchange(const detail::OutgoingRequest &request, std::chrono::milliseconds timeout,
                  std::vector<std::byte> &result) override;
    void post(std::span<const std::byte> request) noexcept override;
    bool start(const std::shared_ptr<detail::AsyncCall> &call, const detail::OutgoingRequest &request,
               const detail::StartOptions &options) override;
    void publish() noexcept override;
    bool await(detail::AsyncCall &call, detail::TimePoint deadline) override;
    void follow(detail::AsyncCall &call, std::shared_ptr<detail::DueWork> next) override;
    void abandon(detail::AsyncCall &call) noexcept override;
    bool process(std::chrono::milliseconds timeout) override;
    [[nodiscard]] int descriptor() override;
    [[nodiscard]] std::uint64_t listen(std::shared_ptr<detail::EventReceiver> receiver) override;
    void stopListening(std::uint64_t subscription) noexcept override;
    void schedule(std::shared_ptr<detail::DueWork> work) override;
    [[nodiscard]] std::uint64_t lend(std::shared_ptr<Target> target) override;
    void takeBack(std::uint64_t object) noexcept override;
    void bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info) override;
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) override;
    [[nodiscard]] bool isAlive() const noexcept override;
    void close() noexcept override;
    /// Ends the connection, and nothing else: whoever waits finds out.
    void hangUp() noexcept;
    /// The peer is gone: takes in what it has said before, and runs what follows calls to it.
    void runLast();

private:
    /// A thread that waits.
    struct Waiter {
        enum class For : std::uint8_t { Result, Room, Work };
        For what = For::Result;
        std::uint64_t callId = 0;                 ///< of the result
        std::vector<std::byte> *result = nullptr; ///< where it goes; null where a detail::AsyncCall takes it
        bool readsOn = false;                     ///< takes what else is there too
        /// Told under m_mutex or by the reader; the reader looks without the mutex, which guards all that it is told of.
        std::atomic<bool> isDone{false};
        bool sleepsAsReader = false; ///< in the system, where `wakened` is not heard
        std::condition_variable wakened;
    };
    using Lock = std::unique_lock<std::mutex>;                                                   // of m_mutex, held
    using Listeners = std::unordered_map<std::uint64_t, std::shared_ptr<detail::EventReceiver>>; // by subscription

    /// What the greeting has agreed on. Without a doorbell the peer is rung over the socket.
    struct Greeted {
        detail::ServerFacts server;
        std::string peerName; ///< for messages
        FileDescriptor socket;
        FileDescriptor doorbell;
        memory::Region own;
        memory::Region peer;
        std::shared_ptr<object::AwaitedCalls> awaited;
    };
    explicit NativeClient(Greeted greeted, ReverseHost host = {});
    /// Sends a region of our own and returns it; both keep no descriptor.
    [[nodiscard]] static memory::Region answerGreeting(const FileDescriptor &socket, memory::Region &peer,
                                                       const std::string &peerName);
    void die(const std::string &reason) noexcept;
    void dieOfBreach(const std::string &what) noexcept;
    [[nodiscard]] std::string died() const { return m_peerName + " died"; }

    /// A request with what its record says beside the frame.
    struct Request {
        std::span<const std::byte> frame;
        std::uint32_t flags = 0;
        std::uint64_t within = 0; ///< the call of the peer within which it is made, if there is one

        [[nodiscard]] std::span<const std::byte> trailer() const noexcept
        {
            return flags & memory::RecordHeader::Within ? asMessage(within) : std::span<const std::byte>();
        }
    };
    [[nodiscard]] Request requestOf(const detail::OutgoingRequest &request, std::uint32_t flags) const noexcept;

    // sending
    void append(Lock &lock, std::uint64_t callId, const Request &request, Deadline &deadline);
    void publishWritten() noexcept;
    [[nodiscard]] bool tryWrite(std::uint64_t callId, const Request &request);
    [[nodiscard]] bool tryWriteUnseen(std::uint64_t callId, const Request &request);
    [[nodiscard]] bool hasRoom(const Request &request);
    void writePosted();
    void ringServer() const noexcept;
    void waitForRoom(Lock &lock, const Request &request, Deadline &deadline);
    void stopAskingForSpace() noexcept;

    // waiting
    void await(Lock &lock, Waiter &waiter, Deadline &deadline);
    [[nodiscard]] bool waitFor(Lock &lock, Waiter &waiter, Deadline &deadline);
    void end(Waiter &waiter) noexcept;
    void wakeAll(Waiter::For what) noexcept;
    void addDue(std::shared_ptr<detail::DueWork> work);
    [[nodiscard]] bool runDue(Lock &lock);
    void beginReading() noexcept;
    void endReading() noexcept;

    // asynchronous calls
    void waitForPlace(Lock &lock, Deadline &deadline);
    void finish(detail::AsyncCall &call);
    void makeFollowerDue(detail::AsyncCall &call);
    void askForReader();
    [[nodiscard]] std::shared_ptr<detail::DueWork> takeFollower(detail::AsyncCall &call) noexcept;
    void expireAt(detail::TimePoint time) noexcept;
    void expireCalls(Lock &lock);
    [[nodiscard]] std::vector<std::shared_ptr<detail::AsyncCall>> failCalls();

    // events
    void deliverEvent(std::uint64_t subscription, std::span<const std::byte> frame, bool isLast);
    [[nodiscard]] Listeners endSubscriptions();

    // reading
    void read(Lock &lock, Waiter &waiter, Deadline &deadline);
    [[nodiscard]] bool sleepAsReader(Lock &lock, Waiter &waiter, Deadline &deadline);
    void readRecords(Lock &lock, const Waiter &waiter);
    void unlock(Lock &lock) noexcept;
    void dispatch(Lock &lock, const Waiter &reader, const memory::RecordHeader &header);
    void copyFrame(const memory::Record &record);
    void deliver(Lock &lock, const Waiter &reader, std::uint64_t callId);
    void receiveNotices();
    [[nodiscard]] bool receiveNotice();

    // lending
    [[nodiscard]] ReverseServer &reverse();

    const detail::ServerFacts m_server;
    const std::string m_peerName;
    const std::shared_ptr<object::AwaitedCalls> m_awaited; // that threads wait in, while they run calls of the peer
    const FileDescriptor m_socket;
    const FileDescriptor m_doorbell;
    const ReverseHost m_host;
    const memory::Region m_own;
    const memory::Region m_peer;

    mutable std::mutex m_mutex; // everything down to the next comment
    memory::RingWriter m_writer;
    AnnexWriter m_annexes;
    AnnexLender m_lender;
    bool m_isPublished = true; // all that was written
    std::uint64_t m_nextCallId = 1;
    std::unique_ptr<CallTable> m_calls; // once there was one
    detail::TimePoint m_nextExpiry = detail::TimePoint::max();
    std::vector<Waiter *> m_waiters;
    bool m_isBeingRead = false;
    std::deque<std::vector<std::byte>> m_posted; // found no room yet
    std::deque<std::shared_ptr<detail::DueWork>> m_due;
    Listeners m_listeners;
    std::uint64_t m_lastSubscription = 0;
    std::unique_ptr<memory::EventSignal> m_interrupt; // of a reader in process(), once there was one
    std::unique_ptr<EventSource> m_events;            // once somebody has asked for the descriptor
    bool m_hasAskedForReader = false;
    bool m_isArmed = false;     // for whoever polls it: the server rings
    std::string m_causeOfDeath; // empty while alive

    std::mutex m_reverseMutex;                // guards the pointer, and the order of notices on the socket
    std::shared_ptr<ReverseServer> m_reverse; // once something was bound or lent

    memory::RingReader m_reader; // these belong to the thread that reads
    memory::Backoff m_backoff;
    std::vector<std::byte> m_frame;                              // copied out of the ring or an annex
    Message m_message;                                           // keeps its memory from wake-up to wake-up
    std::vector<std::shared_ptr<detail::AsyncCall>> m_delivered; // while the lock is kept
    AnnexReader m_peerAnnexes;
    bool m_hungUp = false;
};

} // namespace decoy::lane
