// SPDX-License-Identifier: BSD-3-Clause
#include "history.h"

#include <decoy/error.h>

#include <utility>

namespace decoy::demo {

void History::append(Booking booking)
{
    const std::lock_guard lock(m_mutex);
    if (m_bookings.size() == capacity)
        m_bookings.pop_front();
    m_bookings.push_back(std::move(booking));
    ++m_written;
}

std::int64_t History::size() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::int64_t>(m_bookings.size());
}

Booking History::at(std::int64_t index) const
{
    const std::lock_guard lock(m_mutex);
    const auto size = static_cast<std::int64_t>(m_bookings.size());
    if (index < -size || index >= size)
        throw ArgumentError("index " + std::to_string(index) + " is out of range, there are " + std::to_string(size)
                            + " bookings");
    return m_bookings[static_cast<std::size_t>(index < 0 ? index + size : index)];
}

std::vector<Booking> History::all() const
{
    const std::lock_guard lock(m_mutex);
    return {m_bookings.begin(), m_bookings.end()};
}

std::uint64_t History::written() const
{
    const std::lock_guard lock(m_mutex);
    return m_written;
}

} // namespace decoy::demo
