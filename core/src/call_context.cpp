// SPDX-License-Identifier: BSD-3-Clause
#include "call_context.h"

#include "lent_objects.h"
#include "object/class_registry.h"
#include "ready_calls.h"
#include "trace/clock.h"
#include "wire/result.h"

#include <sched.h>

namespace decoy {

FrameEvent frameEvent(const object::Caller &caller, std::uint64_t callId, std::span<const std::byte> frame)
{
    FrameEvent event;
    event.time = trace::now();
    event.callId = callId;
    event.connection = caller.connection();
    event.process = caller.process();
    event.lane = caller.lane();
    event.size = static_cast<std::uint32_t>(frame.size());
    return event;
}

FrameEvent objectEvent(const object::Caller &caller, std::uint64_t callId, std::span<const std::byte> frame,
                       std::uint64_t object, int level)
{
    FrameEvent event = frameEvent(caller, callId, frame);
    event.object = object;
    event.chainLevel = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
    return event;
}

FrameEvent requestEvent(const IncomingCall &call, std::uint64_t object, int opcode, int level)
{
    FrameEvent event = objectEvent(*call.caller, call.callId, call.frame, object, level);
    event.opcode = static_cast<std::int8_t>(std::clamp(opcode, INT8_MIN, INT8_MAX));
    event.flags = call.oneWay ? FrameEvent::OneWay : 0;
    return event;
}

trace::CallTrace traceRequest(const ServedObjects &served, const IncomingCall &call, std::uint64_t object, int opcode,
                              int level)
{
    return served.taps->begin(call.frame, [&] { return requestEvent(call, object, opcode, level); });
}

void traceEdited(const ServedObjects &served, const IncomingCall &call, const FrameEvent &original,
                 const wire::RequestView &request)
{
    served.taps->follow(call.trace, call.frame, [&] {
        FrameEvent event = requestEvent(call, request.object, static_cast<int>(request.opcode), original.chainLevel);
        event.flags |= FrameEvent::Edited;
        return event;
    });
}

namespace {
const std::shared_ptr<object::HeldReference> noReference;
} // namespace

CallContext::CallContext(const std::shared_ptr<const ServedObjects> &served, const IncomingCall &call,
                         std::uint64_t object, const std::shared_ptr<object::HeldReference> &reference)
    : m_served(served), m_caller(call.caller), m_reference(reference), m_lent(call.lent.get()), m_callId(call.callId),
      m_object(object), m_trace(call.trace), m_level(reference ? reference->level.load(std::memory_order_relaxed) : 0),
      m_oneWay(call.oneWay)
{}

CallContext::CallContext(const std::shared_ptr<const ServedObjects> &served, const IncomingCall &call,
                         std::uint64_t object)
    : CallContext(served, call, object, noReference)
{}

/// Arguments are read within the call, so what was lent is not kept.
CallContext::CallContext(const CallContext *attached)
    : m_kept(Kept{attached->m_served, attached->m_caller, attached->m_reference}), m_served(m_kept->served),
      m_caller(m_kept->caller), m_reference(m_kept->reference), m_lent(nullptr), m_open(std::make_shared<char>()),
      m_stillOpen(m_open), m_failure(attached->m_failure), m_callId(attached->m_callId), m_object(attached->m_object),
      m_handedOut(attached->m_handedOut), m_trace(attached->m_trace), m_level(attached->m_level),
      m_oneWay(attached->m_oneWay), m_failed(attached->m_failed)
{}

CallContext::~CallContext() = default;

void CallContext::startAnswer()
{
    // A target that answers twice: if the earlier answer has not left, what it handed out is taken back.
    if (m_handedOut && !m_isFinished)
        m_caller->release(std::exchange(m_handedOut, 0));
    m_failed = false;
}

void CallContext::resetLevel() noexcept
{
    // The reference's rule: a result that is no proxy ends the chain. The directory's level is -1 and stays.
    if (m_reference && m_reference->level.load(std::memory_order_relaxed) > 0)
        m_reference->level.store(0, std::memory_order_relaxed);
}

void CallContext::beginValue(PackBuffer &out)
{
    startAnswer();
    wire::beginValue(out, m_object);
}

void CallContext::endValue(PackBuffer &out) { wire::endValue(out, m_caller->dialect()); }

void CallContext::packObject(PackBuffer &out, std::shared_ptr<Target> target)
{
    startAnswer();
    if (m_isFinished)
        return;
    const int level = m_level + 1;
    if (level > m_served->maxChainLevel)
        throw LimitedProxyChaining(m_served->maxChainLevel, target->typeName());
    const auto entry = m_served->table->retain(std::move(target), m_object);
    m_caller->handOut(entry, level);
    m_handedOut = entry->id;
    wire::packProxy(out, m_caller->dialect(), entry->id, level, entry->target->typeName());
}

void CallContext::packCallable(PackBuffer &out, std::string_view name)
{
    startAnswer();
    wire::packCallable(out, m_caller->dialect(), m_object, name);
}

void CallContext::packFailure(PackBuffer &out, const Failure &failure)
{
    startAnswer();
    m_failed = true;
    if (m_caller->promised.areAsked())
        m_failure = std::make_shared<const Failure>(failure);
    wire::packFailure(out, m_caller->dialect(), m_object, failure);
}

bool CallContext::isBound(std::type_index type) const { return m_served->classes->isBound(type); }

std::shared_ptr<Target> CallContext::wrap(std::type_index type, std::shared_ptr<void> object)
{
    return m_served->classes->wrap(type, std::move(object));
}

Proxy CallContext::lent(const msgpack::object &argument) const
{
    return m_lent ? m_lent->find(argument, m_served->limits) : Proxy();
}

std::shared_ptr<detail::ReplyContext> CallContext::detach()
{
    const auto detached = std::shared_ptr<CallContext>(new CallContext(this));
    m_stillOpen = detached->m_stillOpen;
    return detached;
}

void settleDependents(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller, std::uint64_t callId,
                      const object::PromisedResult &result)
{
    if (!caller->promised.areAsked())
        return;
    for (;;) {
        std::vector<object::DependentRequest> dependents = caller->promised.finish(callId, result);
        if (dependents.empty())
            return;
        std::vector<ReadyCall> ready;
        for (object::DependentRequest &dependent : dependents)
            ready.push_back(readyCall(caller, std::move(dependent), result));
        served.ready->add(std::move(ready));
    }
}

/// Before the client can know the result, and release what it hands out.
void CallContext::settle() const
{
    using Kind = object::PromisedResult::Kind;
    if (!m_caller->promised.areAsked())
        return;
    settleDependents(*m_served, m_caller, m_callId,
                     {m_failed          ? Kind::Failed
                          : m_handedOut ? Kind::Object
                                        : Kind::Other,
                      m_handedOut, m_failure});
}

void CallContext::finished(PackBuffer &out)
{
    if (m_open) {
        m_open.reset();
        while (!m_stillOpen.expired())
            sched_yield(); // somebody is just saying that the call is pending: that goes first
    }
    m_caller->callAnswered();
    if (m_oneWay) {
        startAnswer(); // nobody will hear of it, so nothing was handed out
        m_isFinished = true;
        return;
    }
    try {
        wire::endFrame(out, "the result", m_caller->bufsize());
    } catch (const ProxyError &) {
        packFailure(out, Failure::fromCurrentException({}));
        wire::endFrame(out, "the error", m_caller->bufsize());
    }
    m_isFinished = true;
    settle();
    if (!m_failed && !m_handedOut)
        resetLevel();
    if (m_failed && m_reference)
        m_reference->entry->errors.fetch_add(1, std::memory_order_relaxed);
    const std::span<const std::byte> frame = out.bytes();
    // Seen before it is sent: a watcher must not find a request that follows this result ahead of it.
    m_served->taps->follow(m_trace, frame, [&] {
        FrameEvent event = objectEvent(*m_caller, m_callId, frame, m_object, m_level);
        event.opcode = static_cast<std::int8_t>(ProxyOpCode::ExecutionResult);
        event.latency = m_trace.taken ? event.time - m_trace.taken : 0;
        event.flags = static_cast<std::uint8_t>(FrameEvent::FromServer | (m_failed ? FrameEvent::Failed : 0)
                                                | (m_handedOut ? FrameEvent::ProxyResult : 0));
        return event;
    });
    if (!m_caller->sendResult(m_callId, frame) && m_handedOut)
        m_caller->release(m_handedOut); // a reference that nobody has got
}

} // namespace decoy
