// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_history.h"

#include <QUuid>

#include <algorithm>
#include <functional>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int fileVersion = 1;
constexpr int savingDelayMs = 1000;

QString idOf(const CallRecord &record)
{
    const QStringList parts = {record.when.toString(Qt::ISODateWithMs), record.server, record.object, callLine(record)};
    return QUuid::createUuidV5(QUuid(), parts.join(u'\n')).toString(QUuid::WithoutBraces);
}

} // namespace

CallHistory::CallHistory(const QString &path, QObject *parent)
    : QObject(parent), m_file(path, u"decoy-call-history"_s, fileVersion, u"id"_s)
{
    load();
    m_saving.setSingleShot(true);
    m_saving.setInterval(savingDelayMs);
    connect(&m_saving, &QTimer::timeout, this, &CallHistory::save);
}

CallHistory::~CallHistory()
{
    if (m_saving.isActive())
        save();
}

void CallHistory::load()
{
    for (const QJsonValue &entry : m_file.read()) {
        if (std::optional<CallRecord> record = recordFromJson(entry.toObject(), longestKeptArguments))
            m_records.push_back(std::move(*record));
    }
    // Several monitors may have written them.
    std::ranges::stable_sort(m_records, std::ranges::greater(), &CallRecord::when);
    if (m_records.size() > static_cast<std::size_t>(most))
        m_records.resize(static_cast<std::size_t>(most));
    for (CallRecord &record : m_records)
        record.number = ++m_lastNumber;
    m_file.take(entries());
    for (CallRecord &record : m_records) {
        if (record.id.isEmpty()) // of a version that gave none; all monitors give it the same
            record.id = idOf(record);
    }
}

QJsonArray CallHistory::entries() const
{
    QJsonArray entries;
    for (const CallRecord &record : m_records)
        entries.append(toJsonObject(record));
    return entries;
}

bool CallHistory::save()
{
    m_saving.stop();
    return m_file.write(entries());
}

int CallHistory::rowOf(quint64 number) const noexcept
{
    const auto found = std::ranges::find(m_records, number, &CallRecord::number);
    return found == m_records.end() ? -1 : static_cast<int>(found - m_records.begin());
}

const CallRecord *CallHistory::find(quint64 number) const noexcept
{
    const int row = rowOf(number);
    return row < 0 ? nullptr : &m_records[static_cast<std::size_t>(row)];
}

quint64 CallHistory::add(CallRecord record)
{
    const quint64 number = ++m_lastNumber;
    record.number = number;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Q_EMIT aboutToAdd();
    m_records.push_front(std::move(record));
    Q_EMIT added();
    if (count() > most)
        remove(most);
    m_saving.start();
    return number;
}

void CallHistory::update(const CallRecord &record)
{
    const int row = rowOf(record.number);
    if (row < 0)
        return;
    CallRecord &known = m_records[static_cast<std::size_t>(row)];
    const QString id = known.id;
    known = record;
    known.id = id;
    Q_EMIT changed(row);
    m_saving.start();
}

void CallHistory::remove(int row)
{
    Q_EMIT aboutToRemove(row);
    m_records.erase(m_records.begin() + row);
    Q_EMIT removed();
    m_saving.start();
}

void CallHistory::clear()
{
    Q_EMIT aboutToClear();
    m_records.clear();
    Q_EMIT cleared();
    m_saving.start();
}

} // namespace decoy::ui
