// SPDX-License-Identifier: BSD-3-Clause
#include "lane/callback_trace.h"

#include "object/caller.h"
#include "trace/clock.h"
#include "wire/reader.h"
#include "wire/request.h"

#include <decoy/frame.h>

#include <algorithm>
#include <new>
#include <optional>

namespace decoy::lane {

namespace {

/// Callbacks of one client that were seen to begin and have no answer yet. The threads that wait for a client are fewer by far; what comes on
/// top are calls that were given up.
constexpr std::size_t mostOpen = 4096;

std::span<const std::byte> payloadOf(std::span<const std::byte> frame) noexcept
{
    return frame.subspan(std::min(frame.size(), framePrefixSize));
}

std::int8_t eventOpcode(std::int64_t opcode) noexcept
{
    return static_cast<std::int8_t>(std::clamp<std::int64_t>(opcode, INT8_MIN, INT8_MAX));
}

/// What a client's answer says of itself, as far as it can be read: Failed, ProxyResult.
std::uint8_t answerFlags(std::span<const std::byte> frame) noexcept
try {
    wire::Reader reader(payloadOf(frame));
    if (reader.readArrayHeader("the frame") != 2 || reader.readInteger("the opcode") != -1
        || reader.readArrayHeader("the payload") != 3)
        return FrameEvent::Failed;
    (void)reader.readUnsigned("the object id");
    wire::Reader value = reader;
    const wire::Token token = value.next();
    const bool isProxy = token.type == wire::TokenType::Extension
        && token.extensionType == static_cast<std::int8_t>(ExtensionType::Proxy);
    reader.skip();
    return reader.readNil() ? (isProxy ? FrameEvent::ProxyResult : 0) : FrameEvent::Failed;
} catch (const std::exception &) {
    return FrameEvent::Failed; // as it is for who waits for it
}

} // namespace

CallbackTrace::CallbackTrace(std::shared_ptr<trace::TapHub> taps, const object::Caller &client)
    : m_taps(std::move(taps)), m_connection(client.connection()), m_process(client.process())
{}

FrameEvent CallbackTrace::event(std::uint64_t callId, std::span<const std::byte> frame) const
{
    FrameEvent event;
    event.time = trace::now();
    event.callId = callId;
    event.connection = m_connection;
    event.process = m_process;
    event.size = static_cast<std::uint32_t>(frame.size());
    event.conversation = Conversation::Callback;
    return event;
}

void CallbackTrace::requestWritten(std::uint64_t callId, bool oneWay, std::span<const std::byte> frame) noexcept
{
    if (!m_taps->isWatched())
        return;
    const wire::FrameHead head = wire::peekHead(payloadOf(frame)).value_or(wire::FrameHead());
    const trace::CallTrace trace = m_taps->begin(frame, [&] {
        FrameEvent request = event(callId, frame);
        request.object = head.object;
        request.opcode = eventOpcode(head.opcode);
        request.flags = static_cast<std::uint8_t>(FrameEvent::FromServer | (oneWay ? FrameEvent::OneWay : 0));
        return request;
    });
    if (!oneWay)
        remember(callId, {trace, head.object, false});
}

void CallbackTrace::remember(std::uint64_t callId, const OpenCallback &call)
{
    const std::lock_guard lock(m_mutex);
    if (m_open.size() >= mostOpen)
        return;
    try {
        m_open.insert_or_assign(callId, call);
    } catch (const std::bad_alloc &) {
        // The answer will be seen by itself.
    }
}

void CallbackTrace::answerRead(std::uint64_t callId, std::span<const std::byte> frame) noexcept
{
    if (!m_taps->isWatched()) {
        const std::lock_guard lock(m_mutex);
        m_open.clear(); // of a tap that is gone
        return;
    }
    const auto head = wire::peekHead(payloadOf(frame));
    const bool isPending = head && head->opcode == static_cast<int>(ProxyOpCode::ResponsePending);
    std::optional<OpenCallback> call;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_open.find(callId);
        if (found != m_open.end() && !(isPending && found->second.isPending)) {
            call = found->second;
            found->second.isPending = true;
            if (!isPending)
                m_open.erase(found);
        }
    }
    const auto make = [&] {
        FrameEvent answer = event(callId, frame);
        answer.object = call ? call->object : head && !isPending ? head->object : 0;
        answer.opcode = head ? eventOpcode(head->opcode) : INT8_MIN;
        if (isPending)
            return answer;
        answer.latency = call && call->trace.taken ? answer.time - call->trace.taken : 0;
        answer.flags = answerFlags(frame);
        return answer;
    };
    if (call)
        m_taps->follow(call->trace, frame, make);
    else
        m_taps->single(frame, make);
}

} // namespace decoy::lane
