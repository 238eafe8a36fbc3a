// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace decoy::lane {

/// What else depends on a thread that runs somebody's call, and must not wait while that call waits for an answer of its own: of a client
/// that is called back, or of another server.
class Duty {
public:
    /// Again and again while the thread waits and looks, once an answer has not come at once.
    virtual void whileWaiting() noexcept = 0;
    /// The thread is about to sleep.
    virtual void beforeSleep() noexcept = 0;

protected:
    ~Duty() = default;
};

/// That of this thread, if it has any.
inline constinit thread_local Duty *dutyOfThisThread = nullptr;

} // namespace decoy::lane
