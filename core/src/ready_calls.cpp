// SPDX-License-Identifier: BSD-3-Clause
#include "ready_calls.h"

#include <algorithm>
#include <iterator>

namespace decoy {

ReadyCall readyCall(const std::shared_ptr<object::Caller> &caller, object::DependentRequest request,
                    const object::PromisedResult &result)
{
    using Kind = object::PromisedResult::Kind;
    ReadyCall ready{caller, std::move(request), nullptr, result.failure};
    if (result.kind == Kind::Object)
        ready.target = caller->find(result.object);
    if (ready.target || ready.failure)
        return ready;
    ready.failure = std::make_shared<const Failure>(
        Failure{ErrorKind::ProxyObjectNotFound,
                {},
                result.kind == Kind::Object ? "the object that this was to be asked of was released already"
                    : result.kind == Kind::Other
                    ? "the call that this depends on gave no object, so there is nothing to ask"
                    : "the call that this depends on is not known: it must be one of this client's latest",
                {}});
    return ready;
}

void ReadyCalls::add(std::vector<ReadyCall> calls)
{
    {
        const std::lock_guard lock(m_mutex);
        std::ranges::move(calls, std::back_inserter(m_calls));
        m_areWaiting.store(true, std::memory_order_seq_cst);
    }
    m_signal.raise();
}

std::optional<ReadyCall> ReadyCalls::take()
{
    const std::lock_guard lock(m_mutex);
    if (m_calls.empty())
        return std::nullopt;
    std::optional<ReadyCall> first(std::move(m_calls.front()));
    m_calls.pop_front();
    m_areWaiting.store(!m_calls.empty(), std::memory_order_seq_cst);
    return first;
}

void ReadyCalls::clear()
{
    std::deque<ReadyCall> calls; // go after the lock: clients may go with them
    const std::lock_guard lock(m_mutex);
    calls.swap(m_calls);
    m_areWaiting.store(false, std::memory_order_seq_cst);
}

} // namespace decoy
