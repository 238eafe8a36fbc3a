// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/duck/mailboxes.h"
#include "trace/clock.h"

#include <decoy/shared_memory.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

namespace decoy::lane::duck {

/// Looks into the mailboxes of a server: nothing but looking tells that a peer has written into one.
///
/// For a moment after a request it looks without a pause, then ever more rarely, and into mailboxes that have been quiet for long
/// more rarely than into the others, so that a thousand of them cost next to nothing. Between looks a timer wakes whoever leads.
/// scan() and rest() are for the thread that leads; isDue() and wake() for any.
class Poller {
public:
    explicit Poller(std::shared_ptr<const Mailboxes> mailboxes);

    /// Becomes readable when a scan is due.
    [[nodiscard]] const FileDescriptor &timer() const noexcept { return m_timer; }
    /// Becomes readable when a peer has unlinked something where mailboxes have their names.
    [[nodiscard]] const FileDescriptor &unlinked() const noexcept { return m_unlinked; }

    /// Whether it is time to scan(). One load where there are no mailboxes.
    [[nodiscard]] bool isDue() const noexcept;
    /// Visits each mailbox that may have work and should be looked at now: `serve(channel)` says false if this thread leads no
    /// longer, which ends the scan with false.
    template <class Serve>
    [[nodiscard]] bool scan(Serve &&serve);
    /// Nobody will call scan() until the timer has fired.
    void rest() noexcept;
    /// A mailbox was added: scans soon.
    void wake() noexcept;
    /// Puts back the names that peers have unlinked.
    void restoreNames();

private:
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

    void adoptChanges() noexcept;
    void beginScan(std::int64_t now);
    void noteRequest(const std::shared_ptr<Channel> &channel);
    void endScan(std::int64_t now);
    void setTimer(std::int64_t time) noexcept;
    void restoreName(std::string_view name);

    const std::shared_ptr<const Mailboxes> m_mailboxes;
    const FileDescriptor m_timer;
    const FileDescriptor m_unlinked;
    std::atomic<std::int64_t> m_due{never}; // CLOCK_MONOTONIC, ns, as all times here

    // These belong to the thread that leads.
    std::uint64_t m_generation = 0;
    Mailboxes::List m_all;
    Mailboxes::List m_recent; // those of them that were used lately
    bool m_isFullScan = false;
    std::size_t m_turn = 0; // whose turn it was last: slow calls change who leads, and nobody must be left out
    std::int64_t m_nextFullScan = 0;
    std::int64_t m_lastRequest = 0;
    std::int64_t m_eagerUntil = 0;
};

template <class Serve>
bool Poller::scan(Serve &&serve)
{
    const std::int64_t now = trace::now();
    beginScan(now);
    const std::size_t count = m_isFullScan ? m_all.size() : m_recent.size();
    for (std::size_t left = count; left > 0; --left) {
        const auto &list = m_isFullScan ? m_all : m_recent;
        m_turn = m_turn + 1 < count ? m_turn + 1 : 0;
        if (!list[m_turn]->hasWork())
            continue;
        const std::shared_ptr<Channel> channel = list[m_turn]; // a copy: a call that takes long may change who leads
        const std::int64_t before = channel->lastRequest();
        if (!serve(channel))
            return false;
        if (channel->lastRequest() != before)
            noteRequest(channel);
    }
    endScan(now);
    return true;
}

} // namespace decoy::lane::duck
