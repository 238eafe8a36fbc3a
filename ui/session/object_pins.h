// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QList>
#include <QObject>
#include <QStringList>

namespace decoy::ui {

/// A chained object that is pinned. Its id is never used again, so the pin stays true when it is gone.
struct ChainedPin {
    ObjectRef object;
    QString type;
};

/// The objects that the person wants on top of every list: published ones by name, kept between sessions; chained ones, which have no
/// name that would mean anything tomorrow, until the monitor ends. UI thread only.
class ObjectPins : public QObject {
    Q_OBJECT

public:
    /// Of each kind. Beyond it the oldest pin goes.
    static constexpr qsizetype most = 64;

    /// Those of last time.
    explicit ObjectPins(QObject *parent = nullptr);

    /// The oldest first.
    [[nodiscard]] const QStringList &names() const noexcept { return m_names; }
    [[nodiscard]] bool isPinned(const QString &name) const { return m_names.contains(name); }
    void setPinned(const QString &name, bool isPinned);

    /// The oldest first.
    [[nodiscard]] const QList<ChainedPin> &chained() const noexcept { return m_chained; }
    [[nodiscard]] bool isPinned(const ObjectRef &object) const;
    void setPinned(const ChainedPin &pin, bool isPinned);

    void clear();

Q_SIGNALS:
    void changed();

private:
    void save();

    QStringList m_names;
    QList<ChainedPin> m_chained;
};

} // namespace decoy::ui
