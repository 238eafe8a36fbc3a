// SPDX-License-Identifier: BSD-3-Clause
#include "object/awaited_calls.h"

#include <decoy/error.h>

#include <algorithm>
#include <string>
#include <utility>

namespace decoy::object {

std::uint32_t callsBehind(const CallFrame *frame, const Family &family) noexcept
{
    std::uint32_t count = 0;
    for (; frame; frame = frame->outer) {
        count += frame->family == &family ? 1 : 0;
        if (frame->within)
            count += callsBehind(frame->within->frame, family);
    }
    return count;
}

namespace {
Strand *turnsWithin(AwaitedCall &call, const Family &family) noexcept
{
    for (const CallFrame *frame = call.frame; frame; frame = frame->outer) {
        if (frame->holdsTurn && frame->family == &family)
            return &call.turns;
        if (!frame->within)
            continue;
        if (Strand *turns = turnsWithin(*frame->within, family))
            return turns;
    }
    return nullptr;
}
} // namespace

AwaitedCalls::Wait::Wait(AwaitedCalls &books, std::uint64_t callId) : m_books(books)
{
    m_call.callId = callId;
    m_call.frame = callOfThisThread;
    const std::lock_guard lock(m_books.m_mutex);
    if (m_books.m_calls.size() >= m_books.m_most)
        throw LimitExceeded(std::to_string(m_books.m_most)
                            + " calls back into this client wait already, beside or within one another: "
                              "Limits::callsBack allows no more");
    m_books.m_calls.push_back(&m_call);
    if (!m_books.m_ofServer || m_books.m_ofServer->mayWait())
        return;
    m_books.m_calls.pop_back();
    throw LimitExceeded(
        "as many threads of this server as may wait for clients do so already: ServerOptions::maxThreads "
        "allows no more");
}

AwaitedCalls::Wait::~Wait()
{
    std::unique_lock lock(m_books.m_mutex);
    std::erase(m_books.m_calls, &m_call);
    m_call.left.wait(lock, [this] { return m_call.inside == 0; });
    if (m_books.m_ofServer)
        m_books.m_ofServer->goesOn();
}

AwaitedCalls::Inside::Inside(std::shared_ptr<AwaitedCalls> books, AwaitedCall &call) noexcept
    : m_books(std::move(books)), m_call(call)
{}

AwaitedCalls::Inside::~Inside()
{
    const std::lock_guard lock(m_books->m_mutex);
    if (--m_call.inside == 0)
        m_call.left.notify_one(); // under the lock: the call goes with it
}

Strand *AwaitedCalls::Inside::turnsOf(const Family &family) const noexcept { return turnsWithin(m_call, family); }

std::uint32_t AwaitedCalls::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::uint32_t>(m_calls.size());
}

std::shared_ptr<AwaitedCalls::Inside> AwaitedCalls::enter(const std::shared_ptr<AwaitedCalls> &books,
                                                          std::uint64_t callId)
{
    const std::lock_guard lock(books->m_mutex);
    const auto found = std::ranges::find(books->m_calls, callId, &AwaitedCall::callId);
    if (found == books->m_calls.end())
        return nullptr;
    auto inside = std::make_shared<Inside>(books, **found);
    ++(*found)->inside;
    return inside;
}

} // namespace decoy::object
