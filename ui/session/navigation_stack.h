// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QObject>
#include <QString>
#include <QVariant>

#include <vector>

namespace decoy::ui {

/// Where a person was: what was selected, and through which filter and zoom it was seen.
struct NavigationPlace {
    Row frame = noRow;
    quint64 generation = 0; ///< of the frames; a row of another generation is another frame
    ObjectRef object = {};
    QString filter = {};
    QVariant zoom = {}; ///< a view's own, for views that have one

    friend bool operator==(const NavigationPlace &, const NavigationPlace &) = default;
};

/// The places where a person has been, as a browser keeps them: one for the window. Every view may visit() places; who shows
/// them follows placeRequested(). UI thread only.
class NavigationStack : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// The person is somewhere else now. The places that back() had left are forgotten. A place next to the current one, a
    /// few frames on and otherwise the same, takes its place: walking down a table is one step.
    void visit(const NavigationPlace &place);
    /// Corrects the current place, without a step.
    void amend(const NavigationPlace &place);

    [[nodiscard]] NavigationPlace current() const;
    [[nodiscard]] bool canGoBack() const noexcept { return m_current > 0; }
    [[nodiscard]] bool canGoForward() const noexcept { return m_current + 1 < static_cast<int>(m_places.size()); }

public Q_SLOTS:
    void back();
    void forward();

Q_SIGNALS:
    /// The person went back or forward to this place.
    void placeRequested(const decoy::ui::NavigationPlace &place);
    /// canGoBack() or canGoForward() may say something else now.
    void changed();

private:
    void goTo(int index);

    std::vector<NavigationPlace> m_places;
    int m_current = -1;
};

} // namespace decoy::ui
