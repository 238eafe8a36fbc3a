// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/event_signal.h"

#include <memory>
#include <mutex>
#include <vector>

namespace decoy::lane {

class NativeClient;

/// Lanes to what clients have lent on which a call is followed by code of the server's: then() or a coroutine. Nobody has to wait for such
/// a call, so a server thread is woken, which sees to it that answers are read and what follows is run. Thread-safe.
class FollowedLanes {
public:
    void add(std::shared_ptr<NativeClient> lane);
    [[nodiscard]] std::vector<std::shared_ptr<NativeClient>> take();
    /// Becomes readable, again, with each add(); never read.
    [[nodiscard]] const FileDescriptor &signal() const noexcept { return m_signal.descriptor(); }

private:
    const memory::EventSignal m_signal;
    std::mutex m_mutex;
    std::vector<std::shared_ptr<NativeClient>> m_lanes;
};

} // namespace decoy::lane
