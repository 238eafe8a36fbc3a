// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/timeline_builder.h"

#include <QMetaObject>

#include <utility>

namespace decoy::ui {

namespace {

/// Frames between two looks at whether something else is wanted by now: a few milliseconds of work.
constexpr Row framesAtOnce = 128 * 1024;

} // namespace

TimelineBuilder::TimelineBuilder(QObject *parent) : QObject(parent), m_thread([this] { work(); }) {}

TimelineBuilder::~TimelineBuilder()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void TimelineBuilder::follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_order = {frames, std::move(wanted)};
    }
    m_wake.notify_one();
}

std::shared_ptr<const TimelineSnapshot> TimelineBuilder::current() const
{
    const std::scoped_lock lock(m_mutex);
    return m_current;
}

void TimelineBuilder::work()
{
    TimelinePyramid pyramid;
    Order order;
    bool hasMore = false;
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            if (!hasMore) {
                order.frames = {}; // chunks that the store has discarded must not live on while nothing happens
                m_wake.wait(lock, [this] { return m_stopping || m_order; });
            }
            if (m_stopping)
                return;
            if (m_order)
                order = *std::exchange(m_order, {});
        }
        hasMore = pyramid.follow(order.frames, framesAtOnce, order.wanted);
        publish(pyramid.snapshot());
    }
}

void TimelineBuilder::publish(std::shared_ptr<const TimelineSnapshot> snapshot)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_current.swap(snapshot);
    }
    if (m_announced.exchange(true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_announced = false;
            Q_EMIT advanced();
        },
        Qt::QueuedConnection);
}

} // namespace decoy::ui
