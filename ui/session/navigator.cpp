// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/navigator.h"

#include "session/frame_filter.h"

#include <utility>

namespace decoy::ui {

Navigator::Navigator(NavigationStack &stack, Selection &selection, FrameFilter &filter, const FrameStore &frames,
                     QObject *parent)
    : QObject(parent), m_stack(stack), m_selection(selection), m_filter(filter), m_frames(frames)
{
    connect(&m_selection, &Selection::frameSelected, this, &Navigator::noteSoon);
    connect(&m_selection, &Selection::objectSelected, this, &Navigator::noteSoon);
    connect(&m_filter, &FrameFilter::textChanged, this, &Navigator::noteSoon);
    connect(&m_stack, &NavigationStack::placeRequested, this, &Navigator::goTo);
    note();
}

NavigationPlace Navigator::here() const
{
    return {.frame = m_selection.frame(),
            .generation = m_frames.generation(),
            .object = m_selection.object(),
            .filter = m_filter.text(),
            .zoom = m_stack.current().zoom};
}

void Navigator::noteSoon()
{
    // Selecting a frame selects its object too: one step, not two.
    if (!std::exchange(m_willNote, true))
        QMetaObject::invokeMethod(this, &Navigator::note, Qt::QueuedConnection);
}

void Navigator::note()
{
    m_willNote = false;
    // A place that is not what it was, because its frame is gone, is no new one.
    if (std::exchange(m_isReturning, false))
        m_stack.amend(here());
    else
        m_stack.visit(here());
}

void Navigator::goTo(const NavigationPlace &place)
{
    m_isReturning = true;
    m_filter.apply(place.filter, place.frame);
    const bool isThere = place.generation == m_frames.generation() && place.frame < m_frames.endRow()
        && place.frame >= m_frames.firstRow();
    m_selection.selectFrame(isThere ? place.frame : noRow);
    m_selection.selectObject(place.object);
    noteSoon();
}

} // namespace decoy::ui
