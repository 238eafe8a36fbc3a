// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/call_slot.h"

#include <decoy/shared_memory.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::lane {

/// Finds calls that have run for a millisecond. A one-shot timer that is armed only while calls run, so that it costs
/// nothing when there is nothing to watch. Thread-safe; tick() for one thread at a time.
class Watchdog {
public:
    using Report = std::function<void(const OpenCall &)>;

    Watchdog();

    /// Becomes readable when tick() is due.
    [[nodiscard]] const FileDescriptor &timer() const noexcept { return m_timer; }

    /// A call has begun: makes sure that there will be a tick.
    void ensureArmed() noexcept
    {
        if (!m_armed.load(std::memory_order_seq_cst))
            arm();
    }
    /// A call without a thread: its answer comes later.
    void addDeferred(OpenCall call, std::weak_ptr<void> stillOpen);

    /// The timer fired: from here on ensureArmed() arms it again. Call it before looking at slots.
    void beginTick() noexcept { m_armed.store(false, std::memory_order_seq_cst); }
    /// Reports deferred calls that were there at the last tick already; each call once. Arms again if some are young.
    void reportDeferred(const Report &report);

private:
    struct DeferredCall {
        OpenCall call;
        std::weak_ptr<void> stillOpen;
        bool seen = false;
    };
    void arm() noexcept;

    const FileDescriptor m_timer;
    std::atomic<bool> m_armed{false};
    std::mutex m_mutex;
    std::vector<DeferredCall> m_deferred;
};

} // namespace decoy::lane
