// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/saved_calls.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int fileVersion = 1;

/// One line, without what cannot be seen.
QString tidyName(const QString &name) { return name.simplified().left(SavedCalls::longestName); }

} // namespace

SavedCalls::SavedCalls(const QString &path, QObject *parent)
    : QObject(parent), m_file(path, u"decoy-saved-calls"_s, fileVersion, u"name"_s)
{
    load();
}

void SavedCalls::load()
{
    for (const QJsonValue &entry : m_file.read()) {
        const QString name = tidyName(entry["name"_L1].toString());
        const std::optional<CallRecord> call = recordFromJson(entry["call"_L1].toObject(), longestArguments);
        if (count() < most && call && call->argumentsKept && !name.isEmpty() && rowOf(name) < 0)
            m_calls.push_back({name, *call});
    }
    sort();
    m_file.take(entries());
}

QJsonArray SavedCalls::entries() const
{
    QJsonArray entries;
    for (const SavedCall &saved : m_calls)
        entries.append(QJsonObject{{u"name"_s, saved.name}, {u"call"_s, toJsonObject(saved.call)}});
    return entries;
}

QString SavedCalls::write()
{
    return m_file.write(entries())
        ? QString()
        : u"%1 could not be written, so this lasts until the monitor ends."_s.arg(m_file.path());
}

void SavedCalls::sort()
{
    std::ranges::stable_sort(m_calls, [](const SavedCall &one, const SavedCall &other) {
        return one.name.compare(other.name, Qt::CaseInsensitive) < 0;
    });
}

int SavedCalls::rowOf(const QString &name) const noexcept
{
    const auto found = std::ranges::find(m_calls, name, &SavedCall::name);
    return found == m_calls.end() ? -1 : static_cast<int>(found - m_calls.begin());
}

QString SavedCalls::save(const QString &wanted, const CallRecord &call)
{
    const QString name = tidyName(wanted);
    if (name.isEmpty())
        return u"A saved call needs a name."_s;
    if (!call.argumentsKept)
        return u"The arguments are too long to be kept (%1 KiB at most)."_s.arg(longestArguments / 1024);
    const int same = rowOf(name);
    if (same < 0 && count() >= most)
        return u"There are %1 saved calls; delete one first."_s.arg(most);
    Q_EMIT aboutToChange();
    if (same >= 0)
        m_calls[static_cast<std::size_t>(same)].call = call;
    else
        m_calls.push_back({name, call});
    sort();
    Q_EMIT changed();
    return write();
}

QString SavedCalls::rename(int row, const QString &wanted)
{
    const QString name = tidyName(wanted);
    if (name.isEmpty())
        return u"A saved call needs a name."_s;
    if (name == at(row).name)
        return {};
    if (rowOf(name) >= 0)
        return u"There is a saved call “%1” already."_s.arg(name);
    Q_EMIT aboutToChange();
    m_calls[static_cast<std::size_t>(row)].name = name;
    sort();
    Q_EMIT changed();
    return write();
}

QString SavedCalls::remove(int row)
{
    Q_EMIT aboutToChange();
    m_calls.erase(m_calls.begin() + row);
    Q_EMIT changed();
    return write();
}

} // namespace decoy::ui
