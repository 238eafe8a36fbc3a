// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_follower.h"

#include <QMetaObject>

#include <utility>

namespace decoy::ui {

FrameFollower::FrameFollower(Step step, QObject *parent)
    : QObject(parent), m_step(std::move(step)), m_thread([this] { work(); })
{}

FrameFollower::~FrameFollower()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void FrameFollower::follow(const FrameSnapshot &frames, std::shared_ptr<const RowSet> wanted)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_order = {frames, std::move(wanted)};
    }
    m_wake.notify_one();
}

void FrameFollower::work()
{
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
        hasMore = m_step(order.frames, order.wanted);
        announce();
    }
}

void FrameFollower::announce()
{
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
