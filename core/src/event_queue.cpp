// SPDX-License-Identifier: BSD-3-Clause
#include "event_queue.h"

#include "posted_call.h"
#include "wire/result.h"

#include <algorithm>
#include <cstring>

namespace decoy::detail {

namespace {

using FrameSize = std::uint32_t;

/// Ends a subscription at the server, by way of its root object, which every client can reach whatever it has released.
void postUnsubscribe(ClientLane &lane, std::uint64_t number) noexcept { postCall(lane, 0, "__unsubscribe__", number); }

Failure failureOf(std::span<const std::byte> frame)
{
    wire::ObjectArena arena;
    auto result = wire::parseResult(frame.subspan(std::min(framePrefixSize, frame.size())), arena, Limits());
    if (result.kind != wire::ResultView::Kind::Failure)
        throw DataDecodeError("a subscription ended without a reason");
    return std::move(result.failure);
}

} // namespace

EventQueue::EventQueue(const std::shared_ptr<ClientLane> &lane, EventHandler handler, std::size_t size)
    : m_lane(lane), m_handler(std::move(handler)), m_size(size)
{}

std::uint64_t EventQueue::listen()
{
    m_number = m_lane.lock()->listen(shared_from_this());
    return m_number;
}

void EventQueue::leaveLane() noexcept
{
    if (const auto lane = m_lane.lock()) {
        lane->stopListening(m_number);
        postUnsubscribe(*lane, m_number);
    }
}

void EventQueue::stop() noexcept
{
    if (!m_isStopped.exchange(true) && !m_isOver.exchange(true))
        leaveLane();
    const std::lock_guard wait(m_handling);
}

// ---- the thread that reads ----

bool EventQueue::add(std::span<const std::byte> frame, bool isLast) noexcept
try {
    if (isLast)
        return end(failureOf(frame));
    const std::lock_guard lock(m_mutex);
    if (m_isOver || m_waiting.size() + frame.size() + sizeof(FrameSize) > m_size)
        return false; // lost: its number will be missing
    const auto size = static_cast<FrameSize>(frame.size());
    const auto sizeBytes = std::as_bytes(std::span(&size, 1));
    m_waiting.insert(m_waiting.end(), sizeBytes.begin(), sizeBytes.end());
    m_waiting.insert(m_waiting.end(), frame.begin(), frame.end());
    return !std::exchange(m_isDue, true);
} catch (...) {
    return end(Failure::fromCurrentException({}));
}

bool EventQueue::end(const Failure &why) noexcept
{
    const std::lock_guard lock(m_mutex);
    if (m_isOver)
        return false;
    m_reason = why;
    m_isOver = true;
    return !std::exchange(m_isDue, true); // so that whoever is in process() looks
}

std::optional<Failure> EventQueue::reason() const
{
    const std::lock_guard lock(m_mutex);
    return m_reason;
}

// ---- process() ----

void EventQueue::run() noexcept
{
    try {
        handleTaken();
    } catch (...) {
        fail(Failure::fromCurrentException({}));
    }
    m_taken.clear();
    {
        const std::lock_guard lock(m_mutex);
        m_isDue = !m_isStopped && !m_waiting.empty();
        if (!m_isDue)
            return;
    }
    if (const auto lane = m_lane.lock())
        lane->schedule(shared_from_this()); // others come first
}

bool EventQueue::takeWaiting()
{
    const std::lock_guard lock(m_mutex);
    m_taken.swap(m_waiting);
    return !m_taken.empty();
}

void EventQueue::handleTaken()
{
    if (!takeWaiting())
        return;
    std::span<const std::byte> rest = m_taken;
    while (!rest.empty()) {
        const std::lock_guard handling(m_handling);
        if (m_isStopped)
            return;
        FrameSize size = 0;
        std::memcpy(&size, rest.data(), sizeof size);
        handle(rest.subspan(sizeof size, size));
        rest = rest.subspan(sizeof size + size);
    }
}

void EventQueue::handle(std::span<const std::byte> frame)
{
    m_arena.clear();
    const auto event = wire::parseEvent(frame.subspan(std::min(framePrefixSize, frame.size())), m_arena, Limits());
    if (event.number <= m_last)
        throw DataDecodeError("the numbers of events go backwards");
    const std::uint64_t lost = event.number - m_last - 1;
    m_last = event.number;
    m_dropped.fetch_add(lost, std::memory_order_relaxed);
    m_received.fetch_add(1, std::memory_order_relaxed);
    m_handler(ReceivedEvent(event.name, lost, event.arguments));
}

/// The handler threw, or the server sent what is no event.
void EventQueue::fail(const Failure &why) noexcept
{
    m_isStopped = true;
    const bool wasOver = m_isOver;
    {
        const std::lock_guard lock(m_mutex);
        m_reason = why;
        m_isOver = true;
    }
    if (!wasOver)
        leaveLane();
}

} // namespace decoy::detail
