// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/object_types.h"

namespace decoy::ui {

namespace {

constexpr std::size_t slotCount = 64 * 1024; ///< a power of two
constexpr std::size_t probes = 8;

/// A server has dozens of types. One that sends new names without end gets no more than this many.
constexpr std::size_t mostTypes = 4096;

} // namespace

ObjectTypes::ObjectTypes() : m_slots(slotCount), m_names{"", "server"} {}

void ObjectTypes::learn(std::uint64_t object, std::string_view type)
{
    if (object == 0 || type.empty())
        return;
    Slot *place = nullptr;
    for (std::size_t probe = 0; probe < probes; ++probe) {
        Slot &slot = m_slots[(object + probe) & (slotCount - 1)]; // ids count up, so they spread by themselves
        if (slot.object == object) {
            place = &slot;
            break;
        }
        if (!place || slot.lastUse < place->lastUse)
            place = &slot;
    }
    *place = {object, ++m_uses, number(type)};
}

ObjectTypes::Type ObjectTypes::typeOf(std::uint64_t object) noexcept
{
    if (object == 0)
        return directory;
    for (std::size_t probe = 0; probe < probes; ++probe) {
        Slot &slot = m_slots[(object + probe) & (slotCount - 1)];
        if (slot.object == object) {
            slot.lastUse = ++m_uses;
            return slot.type;
        }
    }
    return unknown;
}

ObjectTypes::Type ObjectTypes::number(std::string_view type)
{
    if (const auto known = m_numbers.find(type); known != m_numbers.end())
        return known->second;
    if (m_names.size() >= mostTypes)
        return unknown;
    const auto number = static_cast<Type>(m_names.size());
    m_names.emplace_back(type);
    m_numbers.emplace(type, number);
    return number;
}

} // namespace decoy::ui
