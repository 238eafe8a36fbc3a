// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "lane/deadline.h"
#include "lane/duck/server_watch.h"
#include "memory/mailbox.h"

#include <decoy/duck.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace decoy::lane::duck {

/// The client's end of a mailbox of the Duck lane. One call at a time: threads take turns at a mutex, processes at a lock on the
/// memory's file.
///
/// The protocol has no call ids, so an answer is known to be ours only because nothing else is under way. A call that was given
/// up after the server had taken it therefore keeps the mailbox: until its answer comes, or nobody is left who could give one.
class Client final : public detail::ClientLane {
public:
    /// Throws ProxyObjectNotFound, AccessDenied, ArgumentError, ProxyError.
    [[nodiscard]] static std::shared_ptr<Client> open(const DuckAddress &address);
    /// Sends the releases that are still to be sent, if that is possible at once.
    ~Client() override;

    [[nodiscard]] const detail::ServerFacts &server() const noexcept override { return m_server; }
    void exchange(const detail::OutgoingRequest &outgoing, std::chrono::milliseconds timeout,
                  std::vector<std::byte> &result) override;
    void post(std::span<const std::byte> request) noexcept override;
    [[nodiscard]] bool isAlive() const noexcept override;
    void close() noexcept override;

    [[nodiscard]] const DuckAddress &address() const noexcept { return m_address; }
    [[nodiscard]] const SharedMemory &memory() const noexcept { return m_memory; }

private:
    class Turn;
    Client(DuckAddress address, SharedMemory memory);

    void checkUsable() const;
    void awaitEarlierAnswer(Deadline &deadline);
    [[nodiscard]] bool isKeptByNobody() const;
    void ask(std::span<const std::byte> request, Deadline &deadline, std::vector<std::byte> &result);
    [[noreturn]] void giveUp(const Deadline &deadline);
    void withdrawn() noexcept;
    void awaitSilence(Deadline &deadline);
    void sendReleases();
    [[nodiscard]] bool sendRelease(std::span<const std::byte> request, Deadline &deadline);

    const DuckAddress m_address;
    const detail::ServerFacts m_server;
    const SharedMemory m_memory;
    ServerWatch m_watch;
    std::atomic<bool> m_closed{false};

    std::mutex m_turnMutex;
    std::condition_variable m_turnIsFree;
    bool m_isTurnTaken = false; // whoever took it owns everything below
    memory::MailboxClientEnd m_end;
    std::optional<std::uint64_t> m_askedAt; // threadClock() of the last request, for as long as it may be worked on
    bool m_isSuspect = false;               // that request was withdrawn, but the server may have read it before
    std::vector<std::byte> m_answer;        // of a release, or a question of our own

    std::mutex m_releasesMutex;
    std::vector<std::vector<std::byte>> m_releases; // found the mailbox in use
};

} // namespace decoy::lane::duck
