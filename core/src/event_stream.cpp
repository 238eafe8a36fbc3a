// SPDX-License-Identifier: BSD-3-Clause
#include "event_stream.h"

#include "trace/clock.h"
#include "wire/result.h"

#include <decoy/member_bindings.h>

#include <array>
#include <string>

namespace decoy {

namespace {

constexpr std::string_view subscribe = "__subscribe__";
constexpr std::string_view unsubscribe = "__unsubscribe__";

std::uint64_t numberArgument(const msgpack::object &number, std::string_view method)
{
    return detail::convertArgument<std::uint64_t>(number, method, "number");
}

std::uint64_t counted(const std::atomic<std::uint64_t> &counter) noexcept
{
    return counter.load(std::memory_order_relaxed);
}

/// It has one writer.
void increment(std::atomic<std::uint64_t> &counter) noexcept
{
    counter.store(counted(counter) + 1, std::memory_order_relaxed);
}

} // namespace

EventStream::EventStream(std::shared_ptr<trace::TapHub> taps, std::shared_ptr<object::Caller> caller,
                         std::shared_ptr<object::HeldReference> reference, std::string_view event, std::uint64_t number)
    : m_taps(std::move(taps)), m_caller(std::move(caller)), m_key{m_caller->connection(), number},
      m_object(reference->entry->id), m_level(reference->level.load(std::memory_order_relaxed)),
      m_type(reference->entry->target->typeName()), m_event(event), m_since(trace::now()),
      m_writer(m_object, event, m_caller->bufsize()), m_reference(std::move(reference))
{}

void EventStream::open(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view event,
                       std::uint64_t number)
{
    const auto stream = std::make_shared<EventStream>(served.taps, caller, reference, event, number);
    try {
        stream->begin(served.limits.subscriptionsPerClient);
    } catch (...) {
        stream->close();
        throw;
    }
}

void EventStream::begin(std::size_t mostOfClient)
{
    const auto reference = m_reference; // it may be over before this comes back
    m_caller->subscriptions().add(m_key, shared_from_this(), mostOfClient);
    reference->entry->subscriptions.add(m_key, shared_from_this());
    auto source = reference->entry->target->subscribe(m_event, shared_from_this());
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isOver) {
            m_source.swap(source);
            return;
        }
    }
    leave(*reference); // its end may have come before it was in the books
}

void EventStream::receive(std::span<const std::byte> arguments) noexcept
{
    if (m_isOver.load(std::memory_order_relaxed))
        return;
    bool isSent = false;
    try {
        // What is lost is counted too: the client sees the gap.
        isSent = send(m_writer.write(counted(m_delivered) + counted(m_lost) + 1, arguments));
    } catch (const std::exception &) {
        // No memory for it: lost.
    }
    increment(isSent ? m_delivered : m_lost);
}

bool EventStream::send(std::span<const std::byte> frame)
{
    // A frame without bytes is one that would have been too large.
    if (!frame.empty() && m_caller->sendEvent(m_key.number, frame, m_taps->isWatched() ? this : nullptr))
        return true;
    if (!m_caller->isGone())
        trace(frame, FrameEvent::Lost);
    return false;
}

void EventStream::eventWritten(std::span<const std::byte> frame) noexcept { trace(frame, 0); }

void EventStream::trace(std::span<const std::byte> frame, std::uint8_t flags) const
{
    m_taps->single(frame, [&] { return traced(frame, ProxyOpCode::Event, flags); });
}

FrameEvent EventStream::traced(std::span<const std::byte> frame, ProxyOpCode opcode, std::uint8_t flags) const
{
    FrameEvent event = objectEvent(*m_caller, m_key.number, frame, m_object, m_level);
    event.opcode = static_cast<std::int8_t>(opcode);
    event.flags = FrameEvent::FromServer | flags;
    event.conversation = Conversation::Subscription;
    return event;
}

void EventStream::end(const Failure &why) noexcept
{
    if (!leaveBooks())
        return;
    constexpr std::size_t largest = 512;
    try {
        PackBuffer buffer(largest);
        wire::packFailure(buffer, wire::Dialect::Native, m_object, why);
        wire::endFrame(buffer, "the end of a subscription", largest);
        const std::span<const std::byte> frame = buffer.bytes();
        if (!m_caller->isGone()) { // as a result: seen before it is sent, and while there is any room
            m_taps->follow({}, frame, [&] { return traced(frame, ProxyOpCode::ExecutionResult, FrameEvent::Failed); });
        }
        m_caller->endSubscription(m_key.number, frame);
    } catch (const std::exception &) {
        // No memory. The client finds out when it asks the object for something.
    }
}

SubscriptionInfo EventStream::info() const
{
    return {m_caller->process(),  m_key.connection, m_key.number, m_object, m_type, m_event,
            counted(m_delivered), counted(m_lost),  m_since};
}

void EventStream::close() noexcept { (void)leaveBooks(); }

bool EventStream::leaveBooks() noexcept
{
    std::shared_ptr<object::HeldReference>
        reference;                // these go after the lock, and outside all others: the last reference may
    std::shared_ptr<void> source; // take the object along
    {
        const std::lock_guard lock(m_mutex);
        if (m_isOver.exchange(true))
            return false;
        reference.swap(m_reference);
        source.swap(m_source);
    }
    leave(*reference);
    return true;
}

void EventStream::leave(const object::HeldReference &reference) noexcept
{
    const auto self = shared_from_this(); // the books may have been the last to keep this
    reference.entry->subscriptions.remove(m_key, *this);
    m_caller->subscriptions().remove(m_key, *this);
}

bool answerSubscribing(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view method,
                       const Arguments &arguments, Reply &reply)
{
    if (method != subscribe && method != unsubscribe)
        return false;
    if (caller->lane() != Lane::Native)
        throw ProxyError("events go to clients of the native lane only: a mailbox carries nothing but answers");
    if (method == subscribe) {
        static const std::array parameters{ParameterDescription{"event", "str", true, {}},
                                           ParameterDescription{"number", "int", true, {}}};
        std::array<const msgpack::object *, 2> found{};
        arguments.bind(method, parameters, found);
        const auto event = detail::convertArgument<std::string>(*found[0], method, "event");
        EventStream::open(served, caller, reference, event, numberArgument(*found[1], method));
    } else {
        static const std::array parameters{ParameterDescription{"number", "int", true, {}}};
        std::array<const msgpack::object *, 1> found{};
        arguments.bind(method, parameters, found);
        const auto number = numberArgument(*found[0], method);
        if (const auto stream = caller->subscriptions().find({caller->connection(), number}))
            static_cast<EventStream &>(*stream).close();
    }
    reply.none();
    return true;
}

} // namespace decoy
