// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/event_signal.h"
#include "object/caller.h"
#include "object/promised_results.h"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace decoy {

/// A request that has waited for the result of another call, which is there now.
struct ReadyCall {
    std::shared_ptr<object::Caller> caller;
    object::DependentRequest request;
    std::shared_ptr<object::HeldReference> target; ///< null: there is none, because of `failure`
    std::shared_ptr<const Failure> failure;
};

/// What becomes of `request` with this result of the call that it depends on.
[[nodiscard]] ReadyCall readyCall(const std::shared_ptr<object::Caller> &caller, object::DependentRequest request,
                                  const object::PromisedResult &result);

/// Requests that can go on. Whoever gave the result that they have waited for is perhaps a thread of the user's, so a server thread
/// is woken for them. Thread-safe.
class ReadyCalls {
public:
    void add(std::vector<ReadyCall> calls);
    /// The one that has waited longest, if there is any.
    [[nodiscard]] std::optional<ReadyCall> take();
    /// Whether take() has something to give.
    [[nodiscard]] bool areWaiting() const noexcept { return m_areWaiting.load(std::memory_order_seq_cst); }
    void clear();
    /// Becomes readable, again, with each add(); never read.
    [[nodiscard]] const FileDescriptor &signal() const noexcept { return m_signal.descriptor(); }

private:
    const memory::EventSignal m_signal;
    std::mutex m_mutex;
    std::deque<ReadyCall> m_calls;
    std::atomic<bool> m_areWaiting{false}; // changed under the mutex
};

} // namespace decoy
