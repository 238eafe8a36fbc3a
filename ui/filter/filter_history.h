// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace decoy::ui {

/// The filters that a person used and those that they keep, as remembered in the settings. A plain value.
class FilterHistory {
public:
    /// Reads what an earlier session left; what another version left is not understood, and is dropped.
    [[nodiscard]] static FilterHistory load();
    void save() const;

    /// Newest first, each once.
    [[nodiscard]] const QStringList &recent() const noexcept { return m_recent; }
    void add(const QString &filter);

    /// In the order in which they were kept.
    [[nodiscard]] const QStringList &bookmarks() const noexcept { return m_bookmarks; }
    [[nodiscard]] bool isBookmark(const QString &filter) const { return m_bookmarks.contains(filter); }
    void setBookmark(const QString &filter, bool kept);

private:
    QStringList m_recent;
    QStringList m_bookmarks;
};

} // namespace decoy::ui
