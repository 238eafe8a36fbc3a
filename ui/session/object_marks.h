// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMetaType>
#include <QSet>
#include <QString>
#include <QStringList>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::ui {

class Session;

/// What a person should see of an object beside its numbers.
struct ObjectMarks {
    bool isPinned = false;
    bool isGone = false;    ///< only a pin is left of it
    bool isHeld = false;    ///< a request for it waits in Hold
    bool isSkipped = false; ///< Record leaves it out
    bool canBeAsked =
        false; ///< it is published, or the monitor holds a reference: nobody else can ask it what it can do

    friend bool operator==(const ObjectMarks &, const ObjectMarks &) = default;

    /// "pinned", "gone", "held", "not recorded": for tool tips, and for those who cannot see the icons.
    [[nodiscard]] QStringList words() const;
};

/// Which objects have marks, at one moment.
struct MarkedObjects {
    QString server;                                      ///< the one whose requests can be held and recorded
    QSet<QString> pinned;                                ///< published ones, by name
    QHash<QString, QHash<quint64, QString>> chainedPins; ///< by server and id: their types
    QHash<QString, QSet<quint64>> opened;                ///< by server: chained ones that the monitor holds
    QSet<quint64> held;
    QSet<quint64> skipped;

    [[nodiscard]] static MarkedObjects of(Session &session);
    [[nodiscard]] ObjectMarks marks(const QString &ofServer, const ObjectInfo &object) const;
};

} // namespace decoy::ui

Q_DECLARE_METATYPE(decoy::ui::ObjectMarks)
