// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace decoy::object {

/// A piece of work that has to wait for its turn.
class QueuedCall {
public:
    virtual ~QueuedCall() = default;
};

/// Lets one thread at a time work on an object and keeps what others bring meanwhile, in order. Nobody ever blocks:
/// whoever finds the strand busy leaves the work to the one who is there. Costs two uncontended atomic operations a call.
class Strand {
public:
    /// True: the caller is in, works, and then calls leave() until it gives nothing. False: call enqueue().
    [[nodiscard]] bool tryEnter() noexcept
    {
        State expected = Idle;
        return m_state.compare_exchange_strong(expected, Busy, std::memory_order_acquire);
    }

    /// Leaves `call` to the thread that is in. False if that thread has just left: then the caller is in itself, and `call`
    /// stays with it.
    [[nodiscard]] bool enqueue(std::unique_ptr<QueuedCall> &call)
    {
        const std::lock_guard lock(m_mutex);
        for (State state = m_state.load(std::memory_order_acquire);;) {
            const State wanted = state == Idle ? Busy : Waiting;
            if (!m_state.compare_exchange_weak(state, wanted, std::memory_order_acq_rel))
                continue;
            if (wanted == Busy)
                return false;
            m_queue.push_back(std::move(call));
            return true;
        }
    }

    /// Ends one piece of work. What it returns is to be done next, and then leave() is called again; null: the caller is out.
    [[nodiscard]] std::unique_ptr<QueuedCall> leave()
    {
        State expected = Busy;
        if (m_state.compare_exchange_strong(expected, Idle, std::memory_order_release))
            return nullptr;
        const std::lock_guard lock(m_mutex);
        std::unique_ptr<QueuedCall> next = std::move(m_queue.front());
        m_queue.pop_front();
        if (m_queue.empty())
            m_state.store(Busy, std::memory_order_release);
        return next;
    }

private:
    enum State : std::uint8_t { Idle, Busy, Waiting };
    std::atomic<State> m_state{Idle};
    std::mutex m_mutex;
    std::deque<std::unique_ptr<QueuedCall>> m_queue; // not empty exactly while Waiting
};

} // namespace decoy::object
