// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "dispatcher.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

namespace decoy::object {
class Caller;
}

namespace decoy::lane {

/// Tells a server's taps of the calls that it makes to what one client has lent. Thread-safe.
///
/// While nobody watches it keeps nothing. What it keeps of a call that somebody watches is given up with the call's answer, which a hostile
/// client never gives: so there is a bound, beyond which an answer is seen without what is known of its request.
class CallbackTrace final : public detail::LaneWitness {
public:
    /// The client of the forward channel.
    CallbackTrace(std::shared_ptr<trace::TapHub> taps, const object::Caller &client);

    void requestWritten(std::uint64_t callId, bool oneWay, std::span<const std::byte> frame) noexcept override;
    void answerRead(std::uint64_t callId, std::span<const std::byte> frame) noexcept override;

private:
    struct OpenCallback {
        trace::CallTrace trace;
        std::uint64_t object = 0;
        bool isPending = false; ///< the client has said so
    };
    [[nodiscard]] FrameEvent event(std::uint64_t callId, std::span<const std::byte> frame) const;
    void remember(std::uint64_t callId, const OpenCallback &call);

    const std::shared_ptr<trace::TapHub> m_taps;
    const std::uint32_t m_connection;
    const std::int32_t m_process;

    std::mutex m_mutex;
    std::unordered_map<std::uint64_t, OpenCallback> m_open;
};

} // namespace decoy::lane
