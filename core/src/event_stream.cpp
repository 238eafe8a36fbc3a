// SPDX-License-Identifier: BSD-3-Clause
#include "event_stream.h"

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

} // namespace

EventStream::EventStream(std::shared_ptr<object::Caller> caller, std::shared_ptr<object::HeldReference> reference,
                         std::string_view event, std::uint64_t number)
    : m_caller(std::move(caller)), m_key{m_caller->connection(), number}, m_object(reference->entry->id),
      m_writer(m_object, event, m_caller->bufsize()), m_reference(std::move(reference))
{}

void EventStream::open(const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view event,
                       std::uint64_t number, std::size_t mostOfClient)
{
    const auto stream = std::make_shared<EventStream>(caller, reference, event, number);
    try {
        stream->begin(event, mostOfClient);
    } catch (...) {
        stream->close();
        throw;
    }
}

void EventStream::begin(std::string_view event, std::size_t mostOfClient)
{
    const auto reference = m_reference; // it may be over before this comes back
    m_caller->subscriptions().add(m_key, shared_from_this(), mostOfClient);
    reference->entry->subscriptions.add(m_key, shared_from_this());
    auto source = reference->entry->target->subscribe(event, shared_from_this());
    const std::lock_guard lock(m_mutex);
    if (!m_isOver)
        m_source.swap(source);
}

void EventStream::receive(std::span<const std::byte> arguments) noexcept
{
    if (m_isOver.load(std::memory_order_relaxed))
        return;
    ++m_count; // what is lost is counted too: the client sees the gap
    try {
        if (const auto frame = m_writer.write(m_count, arguments); !frame.empty())
            m_caller->sendEvent(m_key.number, frame);
    } catch (const std::exception &) {
        // No memory for it: lost.
    }
}

void EventStream::end(const Failure &why) noexcept
{
    if (!leaveBooks())
        return;
    constexpr std::size_t largest = 512;
    try {
        PackBuffer frame(largest);
        wire::packFailure(frame, wire::Dialect::Native, m_object, why);
        wire::endFrame(frame, "the end of a subscription", largest);
        m_caller->endSubscription(m_key.number, frame.bytes());
    } catch (const std::exception &) {
        // No memory. The client finds out when it asks the object for something.
    }
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
    const auto self = shared_from_this(); // the books may have been the last to keep this
    reference->entry->subscriptions.remove(m_key, *this);
    m_caller->subscriptions().remove(m_key, *this);
    return true;
}

bool answerSubscribing(const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view method,
                       const Arguments &arguments, std::size_t mostOfClient, Reply &reply)
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
        EventStream::open(caller, reference, event, numberArgument(*found[1], method), mostOfClient);
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
