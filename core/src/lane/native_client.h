// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "lane/deadline.h"
#include "lane/handshake.h"
#include "lane/socket.h"
#include "memory/ring.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace decoy::lane {

/// The client's end of the native lane: one channel that all threads of the process share.
///
/// There is no thread of its own: whoever waits reads. The first waiting thread reads the results for all, hands each to
/// its owner, and passes the reading on when it has its own. It sleeps on the socket, which carries the server's doorbell and
/// hangs up when the server dies, so one wait covers both.
class NativeClient final : public detail::ClientLane {
public:
    /// Connects and greets. Throws ServerNotFound, AccessDenied, LimitExceeded, CallTimeout, ProxyError.
    [[nodiscard]] static std::shared_ptr<NativeClient> connect(std::string_view server,
                                                               std::chrono::milliseconds timeout);
    ~NativeClient() override;

    [[nodiscard]] const detail::ServerFacts &server() const noexcept override { return m_server; }
    void exchange(std::span<const std::byte> request, std::chrono::milliseconds timeout,
                  std::vector<std::byte> &result) override;
    void post(std::span<const std::byte> request) noexcept override;
    [[nodiscard]] bool isAlive() const noexcept override;
    void close() noexcept override;

private:
    struct Waiter;

    NativeClient(detail::ServerFacts server, FileDescriptor socket, FileDescriptor doorbell, memory::Region own,
                 memory::Region peer);

    void send(std::unique_lock<std::mutex> &lock, std::uint64_t callId, std::span<const std::byte> request,
              Deadline &deadline);
    [[nodiscard]] bool tryWrite(std::uint64_t callId, std::span<const std::byte> request, std::uint32_t flags);
    void writePosted();
    void ringServer() const noexcept;
    void waitForRoom(std::unique_lock<std::mutex> &lock, std::size_t frameSize, Deadline &deadline);
    void stopAskingForSpace() noexcept;
    void wakeRoomWaiters() noexcept;
    void await(std::unique_lock<std::mutex> &lock, Waiter &waiter, Deadline &deadline);

    void read(Waiter &waiter, Deadline &deadline);
    void readRecords(Waiter &waiter);
    void deliver(const memory::RecordHeader &header, std::span<const std::byte> frame);
    void receiveNotices();
    void discard(std::span<const std::byte> frame) noexcept;
    void die(const std::string &reason) noexcept;

    const detail::ServerFacts m_server;
    const FileDescriptor m_socket;
    const FileDescriptor m_doorbell;
    const memory::Region m_own;
    const memory::Region m_peer;

    mutable std::mutex m_mutex; // everything down to the next comment
    memory::RingWriter m_writer;
    std::uint64_t m_nextCallId = 1;
    std::vector<Waiter *> m_waiters;
    bool m_isBeingRead = false;
    std::deque<std::vector<std::byte>> m_posted; // found no room yet
    std::string m_causeOfDeath;                  // empty while alive

    memory::RingReader m_reader; // these belong to the thread that reads
    std::vector<std::byte> m_scratch;
    std::unordered_map<std::uint64_t, std::vector<std::byte>> m_detached;
    bool m_hungUp = false;
};

} // namespace decoy::lane
