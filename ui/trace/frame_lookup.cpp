// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_lookup.h"

namespace decoy::ui {

namespace {

/// Server threads hand in their frames side by side, so rows are in the order of time only nearly.
constexpr std::int64_t mostDisorder = 100'000'000; // ns

/// The first row that is not older than `time`, as far as rows are in order.
Row lowerBound(const FrameSnapshot &frames, std::int64_t time)
{
    Row first = frames.firstRow();
    Row end = frames.endRow();
    while (first < end) {
        const Row middle = first + (end - first) / 2;
        if (frames.event(middle).time < time)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

} // namespace

Row findRequest(const FrameSnapshot &frames, const FrameEvent &request)
{
    for (Row row = lowerBound(frames, request.time - mostDisorder); row < frames.endRow(); ++row) {
        const FrameEvent &event = frames.event(row);
        if (event.time > request.time + mostDisorder)
            break;
        if (event.callId == request.callId && event.connection == request.connection && event.time == request.time
            && event.isOfCall() && !event.isFromServer())
            return row;
    }
    return noRow;
}

} // namespace decoy::ui
