// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/navigation_stack.h"
#include "trace/frame_store.h"

#include <QObject>

namespace decoy::ui {

class FrameFilter;

/// Connects selection and filter with the stack of places: notes where the person goes, and takes them back there.
class Navigator : public QObject {
    Q_OBJECT

public:
    /// All of them must outlive this.
    Navigator(NavigationStack &stack, Selection &selection, FrameFilter &filter, const FrameStore &frames,
              QObject *parent = nullptr);

private:
    void note();
    void noteSoon();
    void goTo(const NavigationPlace &place);
    [[nodiscard]] NavigationPlace here() const;

    NavigationStack &m_stack;
    Selection &m_selection;
    FrameFilter &m_filter;
    const FrameStore &m_frames;
    bool m_willNote = false;
    bool m_isReturning = false;
};

} // namespace decoy::ui
