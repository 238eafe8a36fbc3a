// SPDX-License-Identifier: BSD-3-Clause
#include "hold_hub.h"

#include "call_context.h"
#include "dispatcher.h"
#include "memory/system_error.h"
#include "trace/clock.h"
#include "wire/request.h"
#include "wire/result.h"

#include <algorithm>
#include <limits>
#include <sched.h>
#include <sys/timerfd.h>
#include <utility>

namespace decoy {

namespace {

constexpr std::int64_t nanosecondsAMillisecond = 1'000'000;

std::int64_t later(std::int64_t time, std::chrono::milliseconds delay) noexcept
{
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);
    return time
        + std::clamp<std::chrono::milliseconds>(delay, std::chrono::milliseconds(0), longest).count()
        * nanosecondsAMillisecond;
}

FileDescriptor createTimer()
{
    FileDescriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer.isOpen())
        memory::throwSystemError("create a timer");
    return timer;
}

/// The frame that takes a request's place, checked as if its client had sent it.
std::vector<std::byte> packRequest(const Frame &request, std::size_t bufsize)
{
    if (static_cast<int>(request.opcode()) < 0)
        throw ArgumentError(std::string(opcodeName(static_cast<int>(request.opcode()))) + " is no request");
    const std::vector<std::byte> payload = request.pack();
    (void)Frame::parse(payload, Limits{.bufsize = static_cast<std::uint32_t>(bufsize)});
    PackBuffer frame(bufsize);
    wire::beginFrame(frame);
    frame.write(reinterpret_cast<const char *>(payload.data()), payload.size());
    wire::endFrame(frame, "the request", bufsize);
    return {frame.bytes().begin(), frame.bytes().end()};
}

} // namespace

void HeldCall::close() noexcept
{
    const std::weak_ptr<void> waits = open;
    open.reset();
    while (!waits.expired())
        sched_yield(); // somebody is just saying that the call is pending: that goes first
}

/// One Hold: what its owner may do with what waits.
class HoldHub::Session final : public Hold {
public:
    Session(std::shared_ptr<HoldHub> hub, std::shared_ptr<const ServedObjects> served)
        : m_hub(std::move(hub)), m_served(std::move(served))
    {}
    ~Session() override { m_hub->close(); }

    [[nodiscard]] std::vector<HeldRequest> held() const override { return m_hub->list(); }
    bool forward(std::uint64_t id) override { return m_hub->reschedule(id, 0, nullptr); }
    bool forward(std::uint64_t id, const Frame &request) override { return m_hub->reschedule(id, 0, &request); }
    std::size_t forwardAll() override { return m_hub->forwardAll(); }
    bool delay(std::uint64_t id, std::chrono::milliseconds time) override
    {
        return m_hub->reschedule(id, later(trace::now(), time), nullptr);
    }
    bool answer(std::uint64_t id, const Value &value) override
    {
        return replyTo(id, [&value](Reply &reply) { reply.value(value); });
    }
    bool fail(std::uint64_t id, const Failure &failure) override
    {
        return replyTo(id, [&failure](Reply &reply) { reply.fail(failure); });
    }
    bool drop(std::uint64_t id) override
    {
        const auto call = m_hub->remove(id);
        if (call) {
            call->caller->callAnswered();
            settleDependents(*m_served, call->caller, call->callId, dropped());
        }
        return call.has_value();
    }

private:
    [[nodiscard]] static object::PromisedResult dropped()
    {
        return {object::PromisedResult::Kind::Failed, 0,
                std::make_shared<const Failure>(
                    Failure{ErrorKind::ProxyError, {}, "the call that this depends on was dropped", {}})};
    }
    template <class Answer>
    bool replyTo(std::uint64_t id, Answer answer)
    {
        const auto call = m_hub->remove(id);
        if (!call)
            return false;
        PackBuffer out(call->caller->bufsize());
        const IncomingCall answered{call->caller, call->callId, call->oneWay, call->frame, call->trace};
        CallContext context(m_served, answered, call->event.object);
        Reply reply(context, out);
        try {
            answer(reply);
        } catch (const ProxyError &) { // the client gets it; nobody else would
            context.packFailure(out, Failure::fromCurrentException({}));
            context.finished(out);
            throw;
        }
        context.finished(out);
        return true;
    }

    const std::shared_ptr<HoldHub> m_hub;
    const std::shared_ptr<const ServedObjects> m_served;
};

HoldHub::HoldHub() : m_timer(createTimer()) {}

std::unique_ptr<Hold> HoldHub::open(std::shared_ptr<const ServedObjects> served, HoldOptions options)
{
    const std::lock_guard lock(m_mutex);
    if (m_options)
        throw AlreadyRunning("somebody holds requests of this server already");
    auto session = std::make_unique<Session>(shared_from_this(), std::move(served));
    m_options = std::make_shared<const HoldOptions>(std::move(options));
    m_active.store(true, std::memory_order_relaxed);
    return session;
}

bool HoldHub::wants(const IncomingCall &call, const FrameEvent &event) const
{
    const std::shared_lock userCode(m_userCode);
    std::shared_ptr<const HoldOptions> options;
    {
        const std::lock_guard lock(m_mutex);
        options = m_options;
    }
    try {
        return options && (!options->matches || options->matches(event, call.frame));
    } catch (...) {
        return false;
    }
}

std::weak_ptr<void> HoldHub::take(const IncomingCall &call, const std::shared_ptr<object::HeldReference> &reference,
                                  const FrameEvent &event)
{
    std::weak_ptr<void> waits;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_options || !call.caller->mayWait(call.frame.size()))
            return {};
        HeldCall held;
        held.caller = call.caller;
        held.reference = reference;
        held.callId = call.callId;
        held.frame.assign(call.frame.begin(), call.frame.end());
        held.event = event;
        held.trace = call.trace;
        held.within = call.within;
        held.lent = call.lent;
        held.forwardedAt = later(event.time, m_options->timeout);
        held.countedBytes = call.frame.size();
        held.open = std::make_shared<char>();
        waits = held.open;
        m_held.emplace(m_nextId++, std::move(held));
        setTimer();
    }
    announce();
    return waits;
}

std::vector<HeldRequest> HoldHub::list() const
{
    std::vector<HeldRequest> requests;
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, call] : m_held) {
        if (!call.caller->isGone() && call.forwardedAt != 0)
            requests.push_back({id, call.event, call.frame, call.forwardedAt});
    }
    return requests;
}

std::optional<HeldCall> HoldHub::remove(std::uint64_t id)
{
    std::optional<HeldCall> call;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_held.find(id);
        if (found == m_held.end() || found->second.forwardedAt == 0)
            return std::nullopt;
        call = std::move(found->second);
        m_held.erase(found);
    }
    call->caller->stopWaiting(call->countedBytes);
    call->close();
    announce();
    return call;
}

std::optional<HeldCall> HoldHub::takeBack(const object::Caller &caller, std::uint64_t callId)
{
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find_if(m_held, [&](const auto &held) {
            return held.second.callId == callId && held.second.caller.get() == &caller;
        });
        if (found == m_held.end())
            return std::nullopt;
        id = found->first;
    }
    return remove(id);
}

bool HoldHub::reschedule(std::uint64_t id, std::int64_t time, const Frame *replacement)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_held.find(id);
        if (found == m_held.end() || found->second.forwardedAt == 0)
            return false;
        HeldCall &call = found->second;
        if (replacement) {
            call.frame = packRequest(*replacement, call.caller->bufsize());
            call.isEdited = true;
        }
        call.forwardedAt = time;
        setTimer();
    }
    announce();
    return true;
}

std::size_t HoldHub::forwardAll()
{
    std::size_t count = 0;
    {
        const std::lock_guard lock(m_mutex);
        for (auto &[id, call] : m_held)
            count += std::exchange(call.forwardedAt, 0) != 0;
        setTimer();
    }
    announce();
    return count;
}

void HoldHub::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_active.store(false, std::memory_order_relaxed);
        m_options.reset(); // nobody is told any more
    }
    forwardAll();
    const std::unique_lock userCode(m_userCode); // what runs still of the user's ends here
}

std::optional<HeldCall> HoldHub::takeDue()
{
    std::optional<HeldCall> due;
    {
        const std::int64_t now = trace::now();
        const std::lock_guard lock(m_mutex);
        const auto first = std::ranges::find_if(
            m_held, [now](const auto &held) { return held.second.forwardedAt <= now || held.second.caller->isGone(); });
        if (first != m_held.end()) {
            due = std::move(first->second);
            m_held.erase(first);
        }
        setTimer();
    }
    if (!due)
        return due;
    due->caller->stopWaiting(due->countedBytes);
    due->close();
    announce();
    return due;
}

template <class Predicate>
void HoldHub::forget(Predicate isForgotten)
{
    std::vector<HeldCall> forgotten; // destroyed after the lock: a channel may go with it
    {
        const std::lock_guard lock(m_mutex);
        for (auto call = m_held.begin(); call != m_held.end();) {
            if (!isForgotten(call->second)) {
                ++call;
                continue;
            }
            forgotten.push_back(std::move(call->second));
            call = m_held.erase(call);
        }
        setTimer();
    }
    for (const HeldCall &call : forgotten) {
        call.caller->stopWaiting(call.countedBytes);
        call.caller->callAnswered();
    }
    if (!forgotten.empty())
        announce();
}

void HoldHub::clear()
{
    forget([](const HeldCall &) { return true; });
}

void HoldHub::clearGone()
{
    forget([](const HeldCall &call) { return call.caller->isGone(); });
}

/// Under the mutex: the timer fires when the first one is to go on.
void HoldHub::setTimer() noexcept
{
    constexpr std::int64_t second = 1'000'000'000;
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    std::int64_t first = never;
    for (const auto &[id, call] : m_held)
        first = std::min(first, call.forwardedAt);
    itimerspec value{};
    if (first != never)
        value.it_value = {first / second,
                          std::max<long>(first % second, 1)}; // 0 would disarm it; the past fires at once
    timerfd_settime(m_timer.get(), TFD_TIMER_ABSTIME, &value, nullptr);
}

void HoldHub::announce() const
{
    const std::shared_lock userCode(m_userCode);
    std::shared_ptr<const HoldOptions> options;
    {
        const std::lock_guard lock(m_mutex);
        options = m_options;
    }
    if (!options || !options->changed)
        return;
    try {
        options->changed();
    } catch (...) {
        // Whoever watches has failed, not the request: that waits, goes on or is answered all the same.
    }
}

} // namespace decoy
