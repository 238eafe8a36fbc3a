// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "object/awaited_calls.h"

#include <utility>

namespace decoy {

/// A call counts as running on its object for as long as this lives, and is watched until its answer is about to be sent.
class RunningCall {
public:
    RunningCall(object::Entry &entry, const IncomingCall &call, const object::AwaitedCalls::Inside *inside,
                CallWatch &watch)
        : m_entry(entry), m_frame{entry.family.get(),           entry.threading != Threading::Concurrent,
                                  object::callOfThisThread,     inside ? inside->call() : nullptr,
                                  call.caller->awaited().get(), call.callId},
          m_watch(&watch)
    {
        object::callOfThisThread = &m_frame;
        m_entry.family->running.fetch_add(1, std::memory_order_seq_cst);
        m_watch->callBegins(call);
    }
    ~RunningCall()
    {
        endWatch();
        object::callOfThisThread = m_frame.outer;
        m_entry.family->running.fetch_sub(1, std::memory_order_seq_cst);
        if (m_entry.family->awaited.load(std::memory_order_seq_cst) != 0)
            m_entry.family->running.notify_all();
    }
    RunningCall(const RunningCall &) = delete;
    RunningCall &operator=(const RunningCall &) = delete;
    /// From here on nobody says any more that the call is pending: that must not come after its answer.
    void endWatch() noexcept
    {
        if (CallWatch *watch = std::exchange(m_watch, nullptr))
            watch->callEnds();
    }
    /// False if the object was withdrawn before this call could begin.
    [[nodiscard]] bool mayBegin() const noexcept { return m_entry.isServed(); }

private:
    object::Entry &m_entry;
    const object::CallFrame m_frame;
    CallWatch *m_watch;
};

} // namespace decoy
