// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_builder.h"

namespace decoy::ui {

namespace {

/// Frames between two looks at whether something else is wanted by now: a few milliseconds of work.
constexpr Row framesAtOnce = 128 * 1024;

} // namespace

TimelineBuilder::TimelineBuilder(QObject *parent)
    : QObject(parent), m_follower([this](const auto &frames, const auto &wanted) { return add(frames, wanted); })
{
    connect(&m_follower, &FrameFollower::advanced, this, &TimelineBuilder::advanced);
}

std::shared_ptr<const TimelineSnapshot> TimelineBuilder::current() const
{
    const std::scoped_lock lock(m_mutex);
    return m_current;
}

bool TimelineBuilder::add(const FrameSnapshot &frames, const std::shared_ptr<const RowSet> &wanted)
{
    const bool hasMore = m_pyramid.follow(frames, framesAtOnce, wanted);
    std::shared_ptr<const TimelineSnapshot> snapshot = m_pyramid.snapshot();
    const std::scoped_lock lock(m_mutex);
    m_current.swap(snapshot);
    return hasMore;
}

} // namespace decoy::ui
