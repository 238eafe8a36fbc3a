// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/open_calls.h"

#include <algorithm>

namespace decoy::ui {

namespace {

constexpr std::size_t slotCount = 64 * 1024; ///< sixteen times what one client may have in flight; a power of two
constexpr std::size_t probes = 8;            ///< places where a call may stand

std::size_t placeOf(const OpenCalls::Key &key, std::size_t probe) noexcept
{
    // Call ids count up, so neighbours get neighbouring places; connections are spread by Fibonacci hashing.
    const std::uint64_t kind = static_cast<std::uint64_t>(key.conversation) << 32U;
    const std::uint64_t spread = ((kind + key.connection) * 0x9E3779B97F4A7C15U) >> 32U;
    return static_cast<std::size_t>(spread + key.callId + probe) & (slotCount - 1);
}

} // namespace

OpenCalls::OpenCalls() : m_slots(slotCount) {}

const OpenCalls::Slot *OpenCalls::slotOf(const Key &key) const noexcept
{
    for (std::size_t probe = 0; probe < probes; ++probe) {
        const Slot &slot = m_slots[placeOf(key, probe)];
        if (slot.row != noRow && slot.key == key)
            return &slot;
    }
    return nullptr;
}

Row OpenCalls::find(const Key &key) const noexcept
{
    const Slot *slot = slotOf(key);
    return slot ? slot->row : noRow;
}

std::uint32_t OpenCalls::tag(const Key &key, std::uint32_t otherwise) const noexcept
{
    const Slot *slot = slotOf(key);
    return slot ? slot->tag : otherwise;
}

OpenCalls::Slot &OpenCalls::placeFor(const Key &key) noexcept
{
    Slot *free = nullptr;
    Slot *oldest = &m_slots[placeOf(key, 0)];
    for (std::size_t probe = 0; probe < probes; ++probe) {
        Slot &slot = m_slots[placeOf(key, probe)];
        if (slot.row == noRow)
            free = free ? free : &slot;
        else if (slot.key == key)
            return slot;
        else if (slot.row < oldest->row)
            oldest = &slot;
    }
    return free ? *free : *oldest;
}

void OpenCalls::remember(const Key &key, Row row, std::uint32_t tag) noexcept { placeFor(key) = {key, row, tag}; }

void OpenCalls::forget(const Key &key) noexcept
{
    Slot &slot = placeFor(key);
    if (slot.key == key)
        slot.row = noRow;
}

void OpenCalls::clear() noexcept { std::ranges::fill(m_slots, Slot()); }

} // namespace decoy::ui
