// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "lane/annexes.h"
#include "lane/received_request.h"
#include "lane/socket.h"
#include "memory/ring.h"
#include "object/caller.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace decoy::lane {

class FollowedLanes;
class NativeClient;

/// The server's end of one client's connection on the native lane.
///
/// receive(), arm() and flush() are for one thread at a time: whoever leads. Results and events may be sent from any thread. When the
/// client breaks the rules or is gone the channel closes: receive() gives nothing, results go nowhere.
class ServerChannel final : public object::Caller::Answers {
public:
    /// Both regions are mapped and checked already; `doorbell` is rung by the client. Not open: it rings over the socket, and the channel is
    /// a reverse one. `awaited`: see Caller. `followed` is told of the lane
    /// to what the client lends, once it has to be read.
    ServerChannel(std::uint32_t connection, FileDescriptor socket, FileDescriptor doorbell, memory::Region own,
                  memory::Region peer, const PeerCredentials &credentials, const ServedObjects &served,
                  std::shared_ptr<object::AwaitedCalls> awaited, std::shared_ptr<FollowedLanes> followed);
    ~ServerChannel() override;

    /// Whether receive() or flush() may have something to do. For the thread that leads, as those.
    [[nodiscard]] bool hasWork() noexcept
    {
        return !isClosed() && (m_reader.hasRecord() || m_hasHeld.load(std::memory_order_acquire));
    }
    /// Whether the client has sent more than was received, as far as one can tell from any thread.
    [[nodiscard]] bool hasUnread() const noexcept { return m_reader.hasUnread(); }
    /// Copies the next request into `request`. False if there is none, or results must leave first.
    [[nodiscard]] bool receive(ReceivedRequest &request);
    /// Announces that the server will not look any more, until the doorbell rings. False if there is something to do.
    [[nodiscard]] bool arm();
    /// The server looks again.
    void disarm() noexcept { m_reader.disarm(); }
    /// How requests come: one by one, or many at once.
    void expectMany(bool areMany) noexcept { m_reader.expectMany(areMany); }
    /// Whether the client may need the core of the calling thread, which is about to wait for it.
    [[nodiscard]] bool sharesCore() noexcept { return m_reader.sharesCore(); }
    /// Whether it does: it waited for its answer on that core.
    [[nodiscard]] bool waitsHere() const noexcept { return m_reader.peerWaitsHere(); }
    /// Where it did, as it says, which may be any number; -1 if it does not say.
    [[nodiscard]] int clientCore() const noexcept { return m_reader.peerCore(); }
    /// Sends results that found the ring full.
    void flush();

    bool sendResult(std::uint64_t callId, std::span<const std::byte> frame) override;
    [[nodiscard]] PackLender *lender() noexcept override { return &m_lender; }
    bool sendEvent(std::uint64_t subscription, std::span<const std::byte> frame, EventWitness *witness) override;
    void endSubscription(std::uint64_t subscription, std::span<const std::byte> frame) override;

    /// The other direction, over which what the client lends is called; null before a request lends, and if the system had no room for
    /// it. For the thread that leads.
    [[nodiscard]] std::shared_ptr<detail::ClientLane> reverse() const;
    /// The same once it is closed, in any thread: none comes after that.
    [[nodiscard]] std::shared_ptr<NativeClient> lastReverse();

    /// Ends the connection; the client sees its socket hang up.
    void close() noexcept;
    [[nodiscard]] bool isClosed() const noexcept { return m_closed.load(std::memory_order_acquire); }

    [[nodiscard]] object::Caller &caller() noexcept { return m_caller; }
    [[nodiscard]] std::uint32_t connection() const noexcept { return m_caller.connection(); }
    [[nodiscard]] const FileDescriptor &socket() const noexcept { return m_socket; }
    [[nodiscard]] const FileDescriptor &doorbell() const noexcept { return m_doorbell; }

    /// Whether a doorbell has already asked for attention that was not given yet.
    std::atomic<bool> isActive{false};

private:
    struct HeldResult {
        std::uint64_t callId;
        std::uint32_t flags;
        std::vector<std::byte> frame;
    };
    void copyFrame(memory::Record &record, ReceivedRequest &request);
    void receiveNotice();
    [[nodiscard]] bool receiveNotices();
    void takeNotice(Message &message);
    void openReverse(Message &message);
    bool send(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame);
    [[nodiscard]] bool tryWrite(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame);
    [[nodiscard]] bool canWrite(std::size_t frameSize);
    [[nodiscard]] bool tryAnnex(std::uint64_t callId, std::span<const std::byte> frame);
    void writeHeldResults();
    void ringClient() noexcept;

    const FileDescriptor m_socket;
    const FileDescriptor m_doorbell;
    const memory::Region m_own;
    const memory::Region m_peer;
    const std::shared_ptr<trace::TapHub> m_taps;
    const std::shared_ptr<FollowedLanes> m_followed;
    const Limits m_limits;
    memory::RingReader m_reader;
    AnnexReader m_peerAnnexes;
    object::Caller m_caller;
    std::atomic<bool> m_closed{false};
    bool m_hasReverse = false; // one came, whatever became of it
    std::mutex m_reverseMutex; // guards against closing meanwhile
    std::shared_ptr<NativeClient> m_reverse;

    std::mutex m_writeMutex;
    memory::RingWriter m_writer;
    AnnexWriter m_annexes;
    AnnexLender m_lender;
    std::deque<HeldResult> m_held; // found no room in the ring
    std::size_t m_heldBytes = 0;
    std::atomic<bool> m_hasHeld{false};
};

} // namespace decoy::lane
