// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/subscription_frames.h"

#include "trace/frame_peek.h"

#include <decoy/frame.h>

#include <algorithm>

namespace decoy::ui {

namespace {

/// Whether the frame is the call that begins, or ends, the subscription that `told` is of.
bool isCallAbout(const FrameSnapshot &frames, Row row, const FrameEvent &told, bool begins)
{
    const FrameEvent &event = frames.event(row);
    if (!event.isOfCall() || event.opcode != static_cast<std::int8_t>(ProxyOpCode::Execute)
        || event.connection != told.connection || event.process != told.process)
        return false;
    const auto call = peekSubscriptionCall(frames.bytes(row));
    return call && call->begins == begins && call->number == told.callId;
}

Row callBefore(const FrameSnapshot &frames, Row first, const FrameEvent &told, Row most)
{
    const Row end = first - std::min(first - frames.firstRow(), most);
    for (Row row = first; row > end; --row) {
        if (isCallAbout(frames, row - 1, told, true))
            return row - 1;
    }
    return noRow;
}

Row callAfter(const FrameSnapshot &frames, Row last, const FrameEvent &told, Row most)
{
    const Row end = last + std::min(frames.endRow() - last, most);
    for (Row row = last + 1; row < end; ++row) {
        if (isCallAbout(frames, row, told, false))
            return row;
    }
    return noRow;
}

} // namespace

SubscriptionFrames subscriptionAround(const FrameSnapshot &frames, Row row, int neighbours, Row mostSearched)
{
    SubscriptionFrames found;
    const FrameEvent &told = frames.event(row);
    Row step = row;
    for (int i = 0; i < neighbours && (step = frames.previousInCall(step)) != noRow; ++i)
        found.frames.push_back(step);
    std::ranges::reverse(found.frames);
    found.frames.push_back(row);
    int after = 0;
    for (step = row; after < neighbours && (step = frames.nextInCall(step)) != noRow; ++after)
        found.frames.push_back(step);

    found.asked = callBefore(frames, found.frames.front(), told, mostSearched);
    const bool isOver = frames.event(found.frames.back()).isFailed();
    if (after < neighbours && !isOver)
        found.ended = callAfter(frames, found.frames.back(), told, mostSearched);
    found.isWhole = after == neighbours || isOver || found.ended != noRow;
    return found;
}

} // namespace decoy::ui
