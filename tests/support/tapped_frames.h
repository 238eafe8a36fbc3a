// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/frame.h>
#include <decoy/tap.h>

#include <cstddef>
#include <span>
#include <vector>

namespace decoy::test {

/// An event of a tap with the bytes that were kept of its frame.
struct TappedFrame {
    FrameEvent event;
    std::vector<std::byte> bytes;
};

/// What has arrived at a tap.
inline std::vector<TappedFrame> taken(Tap &tap)
{
    std::vector<TappedFrame> all;
    tap.drain([&all](const FrameEvent &event, std::span<const std::byte> bytes) {
        all.push_back({event, {bytes.begin(), bytes.end()}});
    });
    return all;
}

/// The same without the frames that say that a call is pending: on a machine that has much else to do any call may be.
inline std::vector<TappedFrame> requestsAndResults(Tap &tap)
{
    std::vector<TappedFrame> all = taken(tap);
    std::erase_if(all, [](const TappedFrame &each) {
        return each.event.opcode == static_cast<std::int8_t>(ProxyOpCode::ResponsePending);
    });
    return all;
}

} // namespace decoy::test
