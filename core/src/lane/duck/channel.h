// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "lane/received_request.h"
#include "memory/mailbox.h"
#include "memory/mailbox_segment.h"
#include "object/caller.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::lane::duck {

/// The server's end of one mailbox of the Duck lane, and the client that uses it, as far as one can know it: nobody says hello,
/// and nobody hangs up.
///
/// hasWork() and receive() are for one thread at a time: whoever leads, or the user who serves the mailbox himself. Results may
/// be sent from any thread.
class Channel final : public object::Caller::Answers {
public:
    /// `root` is what the client begins with; the table counts one reference to it for this mailbox, which takes it over.
    Channel(std::shared_ptr<const ServedObjects> served, memory::MailboxSegment segment,
            std::shared_ptr<object::Entry> root);
    ~Channel() override;

    /// Whether receive() or flush() may have something to do: a load or two.
    [[nodiscard]] bool hasWork() const noexcept
    {
        return !m_isClosed.load(std::memory_order_relaxed)
            && (m_end.hasRequest() || m_hasHeldRelease.load(std::memory_order_relaxed) || isLeaseOver());
    }
    /// Copies the next request into `request`. False if there is none that has been written to its end.
    [[nodiscard]] bool receive(ReceivedRequest &request);
    /// The same for a frame that the user has read from the mailbox. False if it no longer stands there.
    [[nodiscard]] bool receive(std::span<const std::byte> frame, ReceivedRequest &request);
    /// Sends what was held back, once it was for long enough.
    void flush();
    /// The same now.
    void sendHeldRelease();

    /// The lease is over if since then the client has asked nothing and got no answer.
    void checkLease(std::int64_t since);
    [[nodiscard]] bool isLeaseOver() const noexcept { return m_mustEndLease.load(std::memory_order_relaxed); }
    /// Releases what results have handed out; the user's destructors run.
    void endLease();

    bool sendResult(std::uint64_t callId, std::span<const std::byte> frame) override;
    /// Whoever waits for an answer gets this one; calls that run get none any more.
    void abandon(const Failure &failure);
    /// The same for good: nobody finds the mailbox any more, and what its client held is released.
    void close(const Failure &failure);
    /// Puts the mailbox's name back, should a peer have unlinked it.
    void restoreName();

    [[nodiscard]] object::Caller &caller() noexcept { return m_caller; }
    [[nodiscard]] const std::shared_ptr<object::Entry> &root() const noexcept { return m_root; }
    [[nodiscard]] const memory::MailboxSegment &segment() const noexcept { return m_segment; }
    [[nodiscard]] std::int64_t lastRequest() const noexcept { return m_lastRequest; }

private:
    void taken(ReceivedRequest &request);
    void findClient(std::int64_t now);

    const std::shared_ptr<const ServedObjects> m_served;
    memory::MailboxSegment m_segment;
    const std::shared_ptr<object::Entry> m_root;
    object::Caller m_caller;
    std::int64_t m_lastRequest = 0; // CLOCK_MONOTONIC, ns
    std::int64_t m_lastSearch = 0;

    std::mutex m_mutex; // everything below
    memory::MailboxServerEnd m_end;
    std::uint64_t m_callId = 0; // of the request that was taken last
    bool m_isRelease = false;   // that request is one
    bool m_isAnswered = true;   // that request is
    std::int64_t m_lastUse = 0; // a request or an answer
    bool m_isLeaseOver = false; // since then
    std::vector<std::byte> m_heldRelease;
    std::int64_t m_heldSince = 0;
    std::atomic<bool> m_hasHeldRelease{false};
    std::atomic<bool> m_mustEndLease{false}; // it is over, and nothing was released yet
    std::atomic<bool> m_isClosed{false};     // the memory may be another mailbox's by now
};

} // namespace decoy::lane::duck
