// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/interrupted_call.h"

#include <decoy/frame.h>

namespace decoy::ui {

namespace {

/// Frames looked at, newest first. A flood of other clients' frames can hide the call; then nothing is said of it.
constexpr Row mostFramesSearched = 256 * 1024;

std::string memberOf(std::span<const std::byte> frame)
{
    if (frame.size() <= framePrefixSize)
        return {};
    try {
        const Frame request = Frame::parse(frame.subspan(framePrefixSize));
        return request.payload().size() > 1 ? request.payload()[1].as<std::string>() : std::string();
    } catch (const ProxyError &) {
        return {}; // cut by the snap length, or sent by a client that makes mistakes
    }
}

bool wantsAnswer(const FrameEvent &event)
{
    return event.isOfCall() && event.isRequest() && !(event.flags & FrameEvent::OneWay);
}

bool isAnswered(const FrameSnapshot &frames, Row request)
{
    const Row last = frames.partner(request);
    return last != noRow && frames.event(last).opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult);
}

} // namespace

InterruptedCall findInterruptedCall(const FrameSnapshot &frames, std::int32_t process)
{
    const Row first = frames.endRow() - std::min(frames.size(), mostFramesSearched);
    for (Row row = frames.endRow(); row > first; --row) {
        if (frames.record(row - 1).lostBefore > 0)
            break; // a result may be among the lost ones: better to say nothing than something wrong
        const FrameEvent &event = frames.event(row - 1);
        if (event.process != process)
            continue;
        // Calls end in any order, so the newest one alone does not tell; but what has an answer was not interrupted.
        if (!wantsAnswer(event) || isAnswered(frames, row - 1))
            continue;
        return {row - 1, event.object, memberOf(frames.bytes(row - 1))};
    }
    return {};
}

} // namespace decoy::ui
