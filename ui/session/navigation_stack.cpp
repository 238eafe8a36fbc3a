// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/navigation_stack.h"

namespace decoy::ui {

namespace {

/// Steps that a person goes back; nobody remembers more.
constexpr std::size_t mostPlaces = 200;
/// Frames that are so near are seen without going anywhere.
constexpr Row nearbyRows = 10;

bool isNextTo(const NavigationPlace &place, const NavigationPlace &other)
{
    NavigationPlace there = other;
    there.frame = place.frame;
    if (there != place || place.frame == noRow || other.frame == noRow)
        return false;
    return (place.frame > other.frame ? place.frame - other.frame : other.frame - place.frame) <= nearbyRows;
}

} // namespace

void NavigationStack::visit(const NavigationPlace &place)
{
    if (m_current >= 0 && current() == place)
        return;
    m_places.erase(m_places.begin() + (m_current + 1), m_places.end());
    if (m_current >= 0 && isNextTo(place, m_places.back())) {
        m_places.back() = place;
    } else {
        m_places.push_back(place);
        if (m_places.size() > mostPlaces)
            m_places.erase(m_places.begin());
    }
    m_current = static_cast<int>(m_places.size()) - 1;
    Q_EMIT changed();
}

void NavigationStack::amend(const NavigationPlace &place)
{
    if (m_current >= 0)
        m_places[static_cast<std::size_t>(m_current)] = place;
}

NavigationPlace NavigationStack::current() const
{
    return m_current >= 0 ? m_places[static_cast<std::size_t>(m_current)] : NavigationPlace();
}

void NavigationStack::back()
{
    if (canGoBack())
        goTo(m_current - 1);
}

void NavigationStack::forward()
{
    if (canGoForward())
        goTo(m_current + 1);
}

void NavigationStack::goTo(int index)
{
    m_current = index;
    Q_EMIT changed();
    Q_EMIT placeRequested(current());
}

} // namespace decoy::ui
