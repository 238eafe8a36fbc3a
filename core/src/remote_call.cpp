// SPDX-License-Identifier: BSD-3-Clause
#include "remote_call.h"

#include "wire/request.h"
#include "wire/result.h"

#include <decoy/proxy.h>

#include <algorithm>

namespace decoy::detail {

RemoteCall::~RemoteCall()
{
    if (!m_isTaken && !frame().empty())
        discardResult(lane(), frame());
}

void RemoteCall::answered(std::vector<std::byte> &frame)
{
    if (frame.size() > m_small.size()) {
        m_large = std::move(frame);
    } else {
        std::ranges::copy(frame, m_small.begin());
        m_smallSize = static_cast<std::uint32_t>(frame.size());
    }
}

void RemoteCall::failed(ErrorKind kind, const std::string &reason)
{
    m_kind = kind;
    m_reason = reason;
}

std::span<const std::byte> RemoteCall::frame() const noexcept
{
    if (m_smallSize != 0)
        return {m_small.data(), m_smallSize};
    return m_large;
}

const Value &RemoteCall::arrived()
{
    if (!m_arrived)
        m_arrived = std::make_unique<Value>(takeAnswer());
    return *m_arrived;
}

std::shared_ptr<RemoteCall> RemoteCall::makeDependent() const
{
    // What it will be made on has no number here yet, nor will it get one: the answer is made without it.
    auto unknown = std::make_shared<RemoteObject>(m_asked->sharedLane(), 0, std::string(), 0, false, m_timeout);
    return make(std::move(unknown), m_timeout);
}

namespace {
RemoteCall &asCall(AsyncState &state)
{
    if (!state.isCall())
        throw ProxyError(
            "this future is no call: only on the result of a call can another one be made before it is there");
    return static_cast<RemoteCall &>(state);
}
} // namespace

BorrowedBuffer beginRequestOn(AsyncState &call, ProxyOpCode opcode, std::string_view name)
{
    RemoteCall &source = asCall(call);
    BorrowedBuffer request = borrowBuffer(source.lane());
    wire::beginRequest(*request, opcode);
    msgpack::packer<PackBuffer> packer(*request);
    packer.pack_fix_uint64(source.id); // the server writes the object's id over it
    packer.pack(name);
    return request;
}

std::shared_ptr<AsyncState> startOn(AsyncState &call, BorrowedBuffer request, bool isReferable)
{
    RemoteCall &source = asCall(call);
    wire::endFrame(*request, "the request", source.lane().server().limits.bufsize);
    std::shared_ptr<AsyncCall> dependent = source.makeDependent();
    const bool isStarted = source.lane().start(dependent, {request->bytes(), request.lending.get()},
                                               {source.timeout(), {.isReferable = isReferable}, &source});
    return isStarted ? std::move(dependent) : nullptr;
}

Proxy arrivedProxy(AsyncState &call) { return asCall(call).arrived().proxy(); }

Value RemoteCall::takeAnswer()
{
    if (m_arrived)
        return std::move(*m_arrived);
    if (!m_reason.empty())
        Failure{m_kind, {}, m_reason, {}}.raise();
    m_isTaken = true; // a proxy in it is released by what is made of it, or by what refuses to make it
    return valueOf(m_asked, frame(), m_timeout);
}

CancelOutcome RemoteCall::cancel()
{
    if (isReady())
        return CancelOutcome::Answered;
    const Proxy directory(std::make_shared<RemoteObject>(m_asked->sharedLane(), 0, "Directory", 0, false, m_timeout),
                          m_timeout);
    if (directory.call<bool>("__cancel__", id))
        return CancelOutcome::NeverRan;
    // An answer that was sent stands in the ring before the one that we have just read.
    return isReady() ? CancelOutcome::Answered : CancelOutcome::Running;
}

} // namespace decoy::detail
