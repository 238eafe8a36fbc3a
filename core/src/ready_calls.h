// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/caller.h"
#include "object/promised_results.h"

#include <decoy/shared_memory.h>

#include <memory>
#include <mutex>
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
    ReadyCalls();

    void add(std::vector<ReadyCall> calls);
    [[nodiscard]] std::vector<ReadyCall> takeAll();
    /// Becomes readable, again, with each add(); never read.
    [[nodiscard]] const FileDescriptor &signal() const noexcept { return m_signal; }

private:
    const FileDescriptor m_signal;
    std::mutex m_mutex;
    std::vector<ReadyCall> m_calls;
};

} // namespace decoy
