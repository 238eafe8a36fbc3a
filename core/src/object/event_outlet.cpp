// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/event.h>

#include <algorithm>

namespace decoy {

/// One sink among those of an outlet.
class EventOutlet::Place {
public:
    Place(std::shared_ptr<EventOutlet> outlet, const EventSink *sink) noexcept
        : m_outlet(std::move(outlet)), m_sink(sink)
    {}
    ~Place()
    {
        std::shared_ptr<EventSink> removed; // goes after the lock
        const std::lock_guard lock(m_outlet->m_mutex);
        const auto found = std::ranges::find(m_outlet->m_sinks, m_sink, &std::shared_ptr<EventSink>::get);
        if (found == m_outlet->m_sinks.end())
            return;
        removed = std::move(*found);
        m_outlet->m_sinks.erase(found);
        m_outlet->m_count.fetch_sub(1, std::memory_order_relaxed);
    }
    Place(const Place &) = delete;
    Place &operator=(const Place &) = delete;

private:
    const std::shared_ptr<EventOutlet> m_outlet;
    const EventSink *const m_sink;
};

void EventOutlet::Emission::send() noexcept
{
    for (const auto &sink : m_outlet.m_sinks)
        sink->receive(m_outlet.m_arguments.bytes());
}

std::shared_ptr<void> EventOutlet::add(std::shared_ptr<EventSink> sink)
{
    auto place = std::make_shared<Place>(shared_from_this(), sink.get());
    const std::lock_guard lock(m_mutex);
    if (m_isClosed)
        throw ProxyObjectNotFound("the object is being destroyed");
    m_sinks.push_back(std::move(sink));
    m_count.fetch_add(1, std::memory_order_relaxed);
    return place;
}

void EventOutlet::close(const Failure &why) noexcept
{
    std::vector<std::shared_ptr<EventSink>> sinks;
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        sinks.swap(m_sinks);
        m_count.store(0, std::memory_order_relaxed);
    }
    for (const auto &sink : sinks)
        sink->end(why);
}

} // namespace decoy
