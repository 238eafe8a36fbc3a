// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_history.h"

#include <QSettings>

namespace decoy::ui {

namespace {

constexpr int historyVersion = 1;
constexpr QLatin1String versionKey{"filter/version"};
constexpr QLatin1String recentKey{"filter/recent"};
constexpr QLatin1String bookmarksKey{"filter/bookmarks"};

constexpr qsizetype mostRecent = 20;

} // namespace

FilterHistory FilterHistory::load()
{
    FilterHistory history;
    const QSettings settings;
    if (settings.value(versionKey).toInt() != historyVersion)
        return history;
    history.m_recent = settings.value(recentKey).toStringList().mid(0, mostRecent);
    history.m_bookmarks = settings.value(bookmarksKey).toStringList();
    return history;
}

void FilterHistory::save() const
{
    QSettings settings;
    settings.setValue(versionKey, historyVersion);
    settings.setValue(recentKey, m_recent);
    settings.setValue(bookmarksKey, m_bookmarks);
}

void FilterHistory::add(const QString &filter)
{
    if (filter.isEmpty())
        return;
    m_recent.removeAll(filter);
    m_recent.prepend(filter);
    m_recent = m_recent.mid(0, mostRecent);
}

void FilterHistory::setBookmark(const QString &filter, bool kept)
{
    m_bookmarks.removeAll(filter);
    if (kept && !filter.isEmpty())
        m_bookmarks.append(filter);
}

} // namespace decoy::ui
