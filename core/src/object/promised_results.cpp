// SPDX-License-Identifier: BSD-3-Clause
#include "object/promised_results.h"

#include <algorithm>
#include <bit>

namespace decoy::object {

std::size_t PromisedResults::sizeFor(std::uint32_t callsInFlight) noexcept
{
    constexpr std::uint32_t most = 16 * 1024; // however many calls a server takes
    return std::bit_ceil(std::size_t{std::clamp(callsInFlight, 1U, most)});
}

void PromisedResults::begin(std::uint64_t callId)
{
    const std::lock_guard lock(m_mutex);
    if (m_places.empty()) {
        m_places.resize(m_size);
        m_areAsked.store(true, std::memory_order_release);
    }
    place(callId) = {callId, {PromisedResult::Kind::Pending, 0, nullptr}};
}

PromisedResult PromisedResults::findOrWait(std::uint64_t callId, DependentRequest &dependent)
{
    const std::lock_guard lock(m_mutex);
    if (m_places.empty() || place(callId).callId != callId)
        return {};
    PromisedResult result = place(callId).result;
    if (result.kind == PromisedResult::Kind::Pending)
        m_dependents[callId].push_back(std::move(dependent));
    return result;
}

std::vector<DependentRequest> PromisedResults::finish(std::uint64_t callId, const PromisedResult &result)
{
    const std::lock_guard lock(m_mutex);
    if (m_places.empty())
        return {};
    if (auto waiting = m_dependents.extract(callId); !waiting.empty())
        return std::move(waiting.mapped());
    if (place(callId).callId == callId)
        place(callId).result = result;
    return {};
}

void PromisedResults::clear()
{
    const std::lock_guard lock(m_mutex);
    m_dependents.clear();
    m_places.clear();
}

} // namespace decoy::object
