// SPDX-License-Identifier: BSD-3-Clause
#include "dispatcher.h"

#include "call_context.h"
#include "event_stream.h"
#include "hold_hub.h"
#include "lent_objects.h"
#include "object/class_registry.h"
#include "object/directory.h"
#include "object/introspection.h"
#include "ready_calls.h"
#include "running_call.h"
#include "wire/big_endian.h"
#include "wire/result.h"

#include <algorithm>
#include <cstring>

namespace decoy {

namespace {

/// A call that waits for another one on the same object. Owns a copy of its frame.
struct WaitingCall final : object::QueuedCall {
    std::shared_ptr<object::Caller> caller;
    std::shared_ptr<object::HeldReference> reference;
    std::uint64_t callId = 0;
    bool oneWay = false;
    trace::CallTrace trace;
    std::vector<std::byte> frame;
    std::uint64_t within = 0;
    std::shared_ptr<const LentObjects> lent;
    std::shared_ptr<object::AwaitedCalls::Inside>
        inside; // keeps the turns that it waits for, if they are not the object's own
};

std::span<const std::byte> payloadOf(const IncomingCall &call)
{
    if (call.frame.size() > call.caller->bufsize())
        throw DataTooBigError("the request", call.frame.size(), call.caller->bufsize());
    if (call.frame.size() < framePrefixSize)
        throw EmptyData("the request has no length prefix");
    const auto length = wire::loadBigEndian<std::uint32_t>(call.frame.data());
    if (length != call.frame.size() - framePrefixSize)
        throw DataDecodeError("the request's prefix says " + std::to_string(length) + " bytes, "
                              + std::to_string(call.frame.size() - framePrefixSize) + " follow it");
    return call.frame.subspan(framePrefixSize);
}

Failure noSuchObject(std::uint64_t object)
{
    return {ErrorKind::ProxyObjectNotFound,
            {},
            "there is no object " + std::to_string(object)
                + " for this client: it was never handed out here, was released, or is no longer served",
            {}};
}

/// Whether a weak pointer was ever made from anything.
bool isSet(const std::weak_ptr<void> &pointer) noexcept
{
    const std::weak_ptr<void> nothing;
    return pointer.owner_before(nothing) || nothing.owner_before(pointer);
}

/// What a client asks of the directory to take another one of its calls back: it is about calls, and no target could answer it.
bool isCancel(const wire::RequestView &request)
{
    return request.object == 0 && request.opcode == ProxyOpCode::Execute && request.name == "__cancel__";
}

bool isDunder(std::string_view name) { return name.starts_with("__"); }

/// The thread's buffer, empty, for a result of this call.
PackBuffer &resultBuffer(Workspace &workspace, const IncomingCall &call)
{
    workspace.result.setLimit(call.caller->bufsize());
    workspace.result.setLender(call.caller->lender());
    return workspace.result;
}

/// While a thread works on requests: what the results have borrowed of clients goes back at the end, and the clients may go.
class Borrowing {
public:
    explicit Borrowing(Workspace &workspace) noexcept : m_result(workspace.result) {}
    ~Borrowing() { m_result.forgetLender(); }
    Borrowing(const Borrowing &) = delete;
    Borrowing &operator=(const Borrowing &) = delete;

private:
    PackBuffer &m_result;
};

/// The call of ours within which the client makes this one; null if it makes it within none, or we know of none.
std::shared_ptr<object::AwaitedCalls::Inside> enterAwaited(const IncomingCall &call)
{
    return call.within == 0 ? nullptr : object::AwaitedCalls::enter(call.caller->awaited(), call.within);
}

std::unique_ptr<WaitingCall> makeWaiting(const IncomingCall &call,
                                         const std::shared_ptr<object::HeldReference> &reference,
                                         std::shared_ptr<object::AwaitedCalls::Inside> inside)
{
    auto waiting = std::make_unique<WaitingCall>();
    waiting->caller = call.caller;
    waiting->reference = reference;
    waiting->callId = call.callId;
    waiting->oneWay = call.oneWay;
    waiting->trace = call.trace;
    waiting->frame.assign(call.frame.begin(), call.frame.end());
    waiting->within = call.within;
    waiting->lent = call.lent;
    waiting->inside = std::move(inside);
    return waiting;
}

/// Lets the target answer; its exceptions pass through.
void askTarget(const ServedObjects &served, const IncomingCall &call,
               const std::shared_ptr<object::HeldReference> &reference, const wire::RequestView &request, Reply &reply)
{
    Target &target = *reference->entry->target;
    switch (request.opcode) {
    case ProxyOpCode::Get: return target.get(request.name, reply);
    case ProxyOpCode::Set: return target.set(request.name, request.value, reply);
    default: break;
    }
    const Arguments arguments(request.positional, request.keywords);
    if (!isDunder(request.name))
        return target.call(request.name, arguments, reply);
    try {
        target.call(request.name, arguments, reply);
    } catch (const AttributeNotFound &) {
        if (!object::answerCommonDunder(target, request.name, arguments, reply)
            && !answerSubscribing(served, call.caller, reference, request.name, arguments, reply))
            throw;
    }
}

} // namespace

namespace {
/// Of so many, two are left to serve: one that leads, and one that sees when that is held up.
std::uint32_t mostThatWait(int maxThreads) noexcept { return static_cast<std::uint32_t>(std::max(1, maxThreads - 2)); }
} // namespace

ServedObjects::ServedObjects(const Limits &limits_, int maxChainLevel_, int maxThreads)
    : limits(limits_), maxChainLevel(maxChainLevel_), table(std::make_shared<object::ObjectTable>()),
      classes(std::make_shared<object::ClassRegistry>()), taps(std::make_shared<trace::TapHub>()),
      holds(std::make_shared<HoldHub>()), ready(std::make_shared<ReadyCalls>()),
      waitingThreads(std::make_shared<object::WaitingThreads>(mostThatWait(maxThreads))),
      directory(std::make_shared<object::Entry>(0, 0, object::makeDirectory(table), std::make_shared<object::Family>()))
{}

template <class Work>
void Dispatcher::answerFailures(IncomingCall &call, Workspace &workspace, Work work) const
{
    workspace.arena.clear();
    try {
        work(wire::parseRequest(payloadOf(call), workspace.arena, m_served->limits));
    } catch (...) {
        // Only what is no request, or one too many, comes here: dispatch() answers everything else itself.
        failUnread(call, workspace);
    }
}

/// Answers with the exception that is being handled, before the request was understood.
void Dispatcher::failUnread(IncomingCall &call, Workspace &workspace) const
{
    const auto head = call.frame.size() > framePrefixSize ? wire::peekHead(call.frame.subspan(framePrefixSize))
                                                          : std::nullopt;
    const std::uint64_t object = head ? head->object : 0;
    call.trace = traceRequest(*m_served, call, object, head ? static_cast<int>(head->opcode) : INT8_MIN, 0);
    fail(call, object, Failure::fromCurrentException({}), workspace);
}

/// Before anything else, so that what it lends is given back whatever becomes of it. False if that cannot be read: then it was answered.
bool Dispatcher::takeLent(IncomingCall &call, Workspace &workspace) const
{
    workspace.arena.clear();
    try {
        call.lent = LentObjects::of(wire::parseRequest(payloadOf(call), workspace.arena, m_served->limits),
                                    call.reverse, m_served->limits);
        return true;
    } catch (...) {
        failUnread(call, workspace);
        return false;
    }
}

void Dispatcher::handle(IncomingCall &&call, Workspace &workspace) const
{
    const Borrowing borrowing(workspace);
    const bool tooMany = call.caller->callTaken() >= m_served->limits.callsInFlight;
    if (call.isReferable)
        call.caller->promised.begin(call.callId);
    if (call.lends && !takeLent(call, workspace))
        return;
    if (call.isOnResult)
        return handleDependent(call, tooMany, workspace);
    answerFailures(call, workspace, [&](const wire::RequestView &request) {
        if (tooMany && !request.isRelease) // a release is done at once, and would be lost
            throw LimitExceeded(std::to_string(m_served->limits.callsInFlight) + " calls of this client wait already");
        dispatch(call, request, call.caller->find(request.object), workspace);
    });
}

/// A request on the result of another call: goes on now, or when that is there.
void Dispatcher::handleDependent(IncomingCall &call, bool tooMany, Workspace &workspace) const
{
    const auto refuse = [&](ErrorKind kind, std::string why) {
        call.trace = traceRequest(*m_served, call, 0, INT8_MIN, 0);
        fail(call, 0, {kind, {}, std::move(why), {}}, workspace);
    };
    const auto source = wire::wideObject(call.frame);
    if (!source)
        return refuse(ErrorKind::DataDecodeError, "a request on a result does not say on which");
    if (tooMany || !call.caller->mayWait(call.frame.size()))
        return refuse(ErrorKind::LimitExceeded, "too many requests of this client wait already");
    object::DependentRequest request{
        call.callId, call.oneWay, {call.frame.begin(), call.frame.end()}, call.within, call.lent};
    call.caller->waiting.add(call.callId, {});
    const object::PromisedResult result = call.caller->promised.findOrWait(*source, request);
    if (result.kind == object::PromisedResult::Kind::Pending)
        return;
    ReadyCall ready = readyCall(call.caller, std::move(request), result);
    if (m_served->ready->areWaiting()) // perhaps on the same result: it comes after them
        m_served->ready->add({std::move(ready)});
    else
        resume(std::move(ready), workspace);
}

void Dispatcher::resume(ReadyCall ready, Workspace &workspace) const
{
    const Borrowing borrowing(workspace);
    std::vector<std::byte> &frame = ready.request.frame;
    ready.caller->stopWaiting(frame.size());
    if (!ready.caller->waiting.take(ready.request.callId))
        return; // its client has taken it back
    IncomingCall call{ready.caller, ready.request.callId, ready.request.oneWay, frame};
    call.within = ready.request.within;
    call.lent = std::move(ready.request.lent);
    if (call.caller->isGone()) {
        call.caller->callAnswered();
        return;
    }
    if (!ready.target) {
        call.trace = traceRequest(*m_served, call, 0, INT8_MIN, 0);
        return fail(call, 0, *ready.failure, workspace);
    }
    wire::setWideObject(frame, ready.target->entry->id);
    answerFailures(call, workspace, [&](const wire::RequestView &request) {
        dispatch(call, request, std::move(ready.target), workspace);
    });
}

void Dispatcher::resume(const HeldCall &held, Workspace &workspace) const
{
    const Borrowing borrowing(workspace);
    IncomingCall call{held.caller, held.callId, held.oneWay, held.frame, held.trace};
    call.within = held.within;
    call.lent = held.lent;
    if (call.caller->isGone()) {
        call.caller->callAnswered();
        return;
    }
    answerFailures(call, workspace, [&](const wire::RequestView &request) {
        if (held.isEdited)
            traceEdited(*m_served, call, held.event, request);
        const bool isAsSent = held.reference && held.reference->entry->id == request.object;
        serve(call, request, isAsSent ? held.reference : call.caller->find(request.object), workspace);
    });
}

/// Tells those who watch. True if the request waits at a Hold, and is nobody's business here any more.
bool Dispatcher::observe(IncomingCall &call, const wire::RequestView &request,
                         const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const
{
    const bool areHolds = m_served->holds->isActive();
    if (!areHolds && !m_served->taps->isWatched())
        return false;
    const int level = reference ? reference->level.load(std::memory_order_relaxed) : 0;
    const bool mayHold = reference && !request.isRelease && !call.oneWay && !isCancel(request);
    const bool holds = mayHold && areHolds;
    if (!holds) {
        call.trace = traceRequest(*m_served, call, request.object, static_cast<int>(request.opcode), level);
        return false;
    }
    FrameEvent event = requestEvent(call, request.object, static_cast<int>(request.opcode), level);
    const bool waits = m_served->holds->wants(call, event);
    if (waits)
        event.flags |= FrameEvent::Held;
    call.trace = m_served->taps->begin(call.frame, [&] { return event; }); // before it can go on, and be answered
    call.trace.taken = event.time; // the time that it waits counts, whoever watches by then
    const std::weak_ptr<void> waiting = waits ? m_served->holds->take(call, reference, event) : std::weak_ptr<void>();
    if (waiting.expired() && !isSet(waiting))
        return false;
    workspace.watch.callDeferred(call, waiting);
    return true;
}

void Dispatcher::dispatch(IncomingCall &call, const wire::RequestView &request,
                          std::shared_ptr<object::HeldReference> reference, Workspace &workspace) const
{
    if (observe(call, request, reference, workspace))
        return;
    if (!reference)
        return fail(call, request.object, noSuchObject(request.object), workspace);
    if (isCancel(request))
        return cancel(call, request, workspace);
    if (request.isRelease) {
        workspace.watch.callBegins(call); // the last release may run the object's destructor
        call.caller->release(request.object);
        reference.reset(); // so that the object is gone when the client reads the answer
        workspace.watch.callEnds();
        CallContext context(m_served, call, request.object);
        PackBuffer &out = resultBuffer(workspace, call);
        Reply reply(context, out);
        reply.none();
        return context.finished(out);
    }
    serve(call, request, reference, workspace);
}

void Dispatcher::cancel(const IncomingCall &call, const wire::RequestView &request, Workspace &workspace) const
{
    if (request.positional.size() != 1 || request.positional[0].type != msgpack::type::POSITIVE_INTEGER)
        return fail(call, request.object, {ErrorKind::ArgumentError, {}, "__cancel__() needs the number of a call", {}},
                    workspace);
    const bool isTakenBack = takeBack(call.caller, request.positional[0].via.u64, workspace);
    PackBuffer &out = resultBuffer(workspace, call);
    CallContext context(m_served, call, request.object);
    Reply reply(context, out);
    reply.value(isTakenBack);
    context.finished(out);
}

/// Fails a call that waits for its turn still. False if there is none: it runs, or was answered.
bool Dispatcher::takeBack(const std::shared_ptr<object::Caller> &caller, std::uint64_t callId,
                          Workspace &workspace) const
{
    auto waiting = caller->waiting.take(callId);
    if (!waiting) {
        const auto held = m_served->holds->takeBack(*caller, callId);
        if (!held)
            return false;
        waiting = {held->event.object, held->trace.taken, held->trace.refusedBy};
    }
    fail({caller, callId, false, {}, {waiting->taken, waiting->refusedBy}}, waiting->object,
         {ErrorKind::CallCancelled, {}, "the call was taken back before its target was asked", {}}, workspace);
    return true;
}

void Dispatcher::serve(const IncomingCall &call, const wire::RequestView &request,
                       const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const
{
    if (!reference)
        return fail(call, request.object, noSuchObject(request.object), workspace);
    reference->entry->calls.fetch_add(1, std::memory_order_relaxed);
    if (reference->entry->threading != Threading::Concurrent)
        runInOrder(call, request, reference, workspace);
    else
        run(call, request, reference, enterAwaited(call).get(), workspace);
}

void Dispatcher::runInOrder(const IncomingCall &call, const wire::RequestView &request,
                            const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const
{
    object::Family &family = *reference->entry->family; // whoever has called this keeps the reference
    // Made by a callback that one of the family's own calls waits for: what that thread holds the turn of takes its turns there.
    auto inside = enterAwaited(call);
    object::Strand *const turns = inside ? inside->turnsOf(family) : nullptr;
    object::Strand &strand = turns ? *turns : family.strand;
    if (!strand.tryEnter()) {
        if (!call.caller->mayWait(call.frame.size()))
            return fail(
                call, request.object,
                {ErrorKind::LimitExceeded, {}, "requests of this client that wait already take too much memory", {}},
                workspace);
        std::unique_ptr<object::QueuedCall> queued = makeWaiting(call, reference, turns ? inside : nullptr);
        if (!turns)
            inside.reset(); // who knows how long it waits: it is asked for again
        if (!call.oneWay)
            call.caller->waiting.add(call.callId, {request.object, call.trace.taken, call.trace.refusedBy});
        if (strand.enqueue(queued))
            return;
        call.caller->stopWaiting(call.frame.size());
        if (!call.oneWay && !call.caller->waiting.take(call.callId))
            return leaveStrand(strand, workspace); // cancelled in that moment
        if (!turns)
            inside = enterAwaited(call);
    }
    try {
        run(call, request, reference, inside.get(), workspace);
    } catch (...) { // no memory to answer with: that is this client's business, not of those behind it
        leaveStrand(strand, workspace);
        throw;
    }
    leaveStrand(strand, workspace);
}

/// Whoever is in does all that others have left for it.
void Dispatcher::leaveStrand(object::Strand &strand, Workspace &workspace) const
{
    while (const auto next = strand.leave()) {
        try {
            runQueued(*next, workspace);
        } catch (const std::exception &) {
            // No memory to answer with: its client has a deadline.
        }
    }
}

void Dispatcher::runQueued(const object::QueuedCall &queued, Workspace &workspace) const
{
    const auto &waiting = static_cast<const WaitingCall &>(queued);
    waiting.caller->stopWaiting(waiting.frame.size());
    if (waiting.caller->isGone() || (!waiting.oneWay && !waiting.caller->waiting.take(waiting.callId)))
        return; // nobody wants it any more
    workspace.arena.clear();
    IncomingCall call{waiting.caller, waiting.callId, waiting.oneWay, waiting.frame, waiting.trace};
    call.within = waiting.within;
    call.lent = waiting.lent;
    const auto inside = waiting.inside ? waiting.inside : enterAwaited(call);
    // It was parsed once before it was queued, from the same private copy, so it parses again.
    const auto request = wire::parseRequest(payloadOf(call), workspace.arena, m_served->limits);
    run(call, request, waiting.reference, inside.get(), workspace);
}

void Dispatcher::run(const IncomingCall &call, const wire::RequestView &request,
                     const std::shared_ptr<object::HeldReference> &reference,
                     const object::AwaitedCalls::Inside *inside, Workspace &workspace) const
{
    object::Entry &entry = *reference->entry;
    RunningCall running(entry, call, inside, workspace.watch);
    if (!running.mayBegin()) {
        running.endWatch();
        return fail(call, request.object, noSuchObject(request.object), workspace);
    }

    PackBuffer &out = resultBuffer(workspace, call);
    CallContext context(m_served, call, request.object, reference);
    Reply reply(context, out);
    try {
        askTarget(*m_served, call, reference, request, reply);
        if (reply.isDeferred())
            return workspace.watch.callDeferred(call, context.stillOpen());
        if (!reply.isAnswered())
            reply.none();
    } catch (...) {
        if (reply.isDeferred())
            return; // the deferred reply was destroyed or will be answered; either way it speaks for the call
        context.packFailure(
            out,
            Failure::fromCurrentException(std::string(entry.target->typeName()) + "." + std::string(request.name)));
    }
    running.endWatch();
    context.finished(out);
}

void Dispatcher::fail(const IncomingCall &call, std::uint64_t object, const Failure &failure,
                      Workspace &workspace) const
{
    PackBuffer &out = resultBuffer(workspace, call);
    CallContext context(m_served, call, object);
    context.packFailure(out, failure);
    context.finished(out);
}

void Dispatcher::sendPending(const OpenCall &call) const
{
    PackBuffer frame;
    wire::packPending(frame);
    m_served->taps->follow(call.trace, frame.bytes(), [&] {
        FrameEvent event = frameEvent(*call.caller, call.callId, frame.bytes());
        event.opcode = static_cast<std::int8_t>(ProxyOpCode::ResponsePending);
        event.flags = FrameEvent::FromServer;
        return event;
    });
    call.caller->sendResult(call.callId, frame.bytes());
}

} // namespace decoy
