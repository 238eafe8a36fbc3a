// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/call_history_model.h"

#include "session/call_history.h"
#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QGuiApplication>
#include <QLocale>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// What happened has the signs and colours that frames have: a result, an error, or nothing yet.
FrameRole roleOf(CallState state)
{
    switch (state) {
    case CallState::Succeeded: return FrameRole::Result;
    case CallState::Failed:
    case CallState::TimedOut: return FrameRole::Error;
    case CallState::Running:
    case CallState::Cancelled:
    case CallState::Unknown: break;
    }
    return FrameRole::Pending;
}

QString outcomeText(const CallRecord &record)
{
    const QString sign = opcodeStyle(roleOf(record.state), QGuiApplication::palette()).sign;
    switch (record.state) {
    case CallState::Running: return u"… running"_s;
    case CallState::Unknown: return u"the monitor ended before the answer"_s;
    case CallState::Cancelled:
        if (record.repetitions == 1)
            return record.afterwards.isEmpty() ? u"cancelled"_s : u"cancelled. %1"_s.arg(record.afterwards);
        return u"cancelled: %1"_s.arg(record.outcome);
    default: break;
    }
    const QString more = record.afterwards.isEmpty() ? QString() : u" "_s + record.afterwards;
    return u"%1 %2%3"_s.arg(sign, record.outcome, more);
}

/// Today's calls need no date.
QString whenText(const QDateTime &when)
{
    const QDateTime local = when.toLocalTime();
    return local.date() == QDate::currentDate() ? local.toString(u"HH:mm:ss"_s) : local.toString(u"yyyy-MM-dd HH:mm"_s);
}

} // namespace

CallHistoryModel::CallHistoryModel(CallHistory &history, QObject *parent)
    : QAbstractTableModel(parent), m_history(history), m_rows(history.count())
{
    connect(&m_history, &CallHistory::aboutToAdd, this, [this] { beginInsertRows({}, 0, 0); });
    connect(&m_history, &CallHistory::added, this, [this] {
        ++m_rows;
        endInsertRows();
    });
    connect(&m_history, &CallHistory::aboutToRemove, this, [this](int row) { beginRemoveRows({}, row, row); });
    connect(&m_history, &CallHistory::removed, this, [this] {
        --m_rows;
        endRemoveRows();
    });
    connect(&m_history, &CallHistory::aboutToClear, this, [this] { beginResetModel(); });
    connect(&m_history, &CallHistory::cleared, this, [this] {
        m_rows = 0;
        endResetModel();
    });
    connect(&m_history, &CallHistory::changed, this,
            [this](int row) { Q_EMIT dataChanged(index(row, 0), index(row, columns - 1)); });
}

int CallHistoryModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }

int CallHistoryModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QString CallHistoryModel::text(const CallRecord &record, int column)
{
    switch (column) {
    case When: return whenText(record.when);
    case Object: return record.object;
    case Call:
        return record.repetitions == 1 ? callLine(record)
                                       : u"%1 × %2"_s.arg(callLine(record), groupedNumber(quint64(record.repetitions)));
    case Outcome: return outcomeText(record);
    case Duration: return record.duration > 0 ? durationText(record.duration) : QString();
    default: return {};
    }
}

QVariant CallHistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const CallRecord &record = m_history.at(index.row());
    const bool isNumber = index.column() == When || index.column() == Duration;
    switch (role) {
    case Qt::DisplayRole: return text(record, index.column());
    case Qt::ToolTipRole:
        // Values come from other processes: as plain text they cannot pretend to be ours.
        return u"<p style='white-space:pre-wrap'>%1</p>"_s.arg(
            u"%1 at %2, %3\n%4\n%5"_s
                .arg(record.object, record.server, record.when.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s),
                     callLine(record), outcomeText(record))
                .toHtmlEscaped());
    case Qt::TextAlignmentRole:
        return int((index.column() == Duration ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::FontRole:
        if (isNumber)
            return tabularFont(QGuiApplication::font());
        return index.column() == Call || index.column() == Object ? QVariant(monospaceFont(QGuiApplication::font()))
                                                                  : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == Outcome)
            return opcodeStyle(roleOf(record.state), QGuiApplication::palette()).colour;
        return index.column() == When ? QVariant(mutedColour(QGuiApplication::palette())) : QVariant();
    default: return {};
    }
}

QVariant CallHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Duration ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case When: return u"When"_s;
    case Object: return u"Object"_s;
    case Call: return u"Call"_s;
    case Outcome: return u"Outcome"_s;
    case Duration: return u"Duration"_s;
    default: return {};
    }
}

} // namespace decoy::ui
