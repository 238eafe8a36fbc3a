// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

namespace decoy::ui {

/// The published objects that the person wants on top of every list, by name, kept between sessions. A chained object has no name
/// that would mean anything tomorrow, so it cannot be pinned. UI thread only.
class ObjectPins : public QObject {
    Q_OBJECT

public:
    /// Beyond it the oldest pin goes.
    static constexpr qsizetype most = 64;

    /// Those of last time.
    explicit ObjectPins(QObject *parent = nullptr);

    /// The oldest first.
    [[nodiscard]] const QStringList &names() const noexcept { return m_names; }
    [[nodiscard]] bool isPinned(const QString &name) const { return m_names.contains(name); }
    void setPinned(const QString &name, bool isPinned);
    void clear();

Q_SIGNALS:
    void changed();

private:
    void save();

    QStringList m_names;
};

} // namespace decoy::ui
