// SPDX-License-Identifier: BSD-3-Clause
#include "remote_call.h"

#include "wire/result.h"

#include <decoy/proxy.h>

#include <algorithm>

namespace decoy::detail {

RemoteCall::~RemoteCall()
{
    if (!m_isTaken && !frame().empty())
        discardResult(lane(), frame());
}

void RemoteCall::answered(std::span<const std::byte> frame, std::vector<std::byte> &detached)
{
    if (!detached.empty()) {
        m_large = std::move(detached);
    } else if (frame.size() > m_small.size()) {
        m_large.assign(frame.begin(), frame.end());
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

Value RemoteCall::takeAnswer()
{
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
