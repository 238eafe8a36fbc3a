// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/worker_model.h"

#include "session/worker_pool.h"
#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QGuiApplication>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

bool isNumber(int column) { return column >= WorkerModel::Process && column <= WorkerModel::InFlight; }

/// The signs that opcodes have mean the same here: running goes, finished is done, dead is an error.
FrameRole roleOf(WorkerState state)
{
    switch (state) {
    case WorkerState::Running: return FrameRole::Result;
    case WorkerState::Suspended: return FrameRole::Set;
    case WorkerState::Killed:
    case WorkerState::Crashed:
    case WorkerState::NotStarted: return FrameRole::Error;
    case WorkerState::Starting:
    case WorkerState::Stopping:
    case WorkerState::Finished: break;
    }
    return FrameRole::Pending;
}

QString signOf(WorkerState state)
{
    switch (state) {
    case WorkerState::Starting:
    case WorkerState::Stopping: return u"…"_s;
    case WorkerState::Running: return u"●"_s;
    case WorkerState::Suspended: return u"‖"_s;
    case WorkerState::Finished: return u"○"_s;
    case WorkerState::Killed:
    case WorkerState::Crashed:
    case WorkerState::NotStarted: break;
    }
    return u"✕"_s;
}

QString loadText(double load)
{
    const double percent = 100 * load;
    return u"%1 %"_s.arg(percent, 0, 'f', percent > 0 && percent < 10 ? 1 : 0);
}

} // namespace

WorkerModel::WorkerModel(WorkerPool &pool, QObject *parent)
    : QAbstractTableModel(parent), m_pool(pool), m_rows(pool.count())
{
    connect(&m_pool, &WorkerPool::workerAboutToBeAdded, this, [this](int index) { beginInsertRows({}, index, index); });
    connect(&m_pool, &WorkerPool::workerAdded, this, [this] {
        ++m_rows;
        endInsertRows();
    });
    connect(&m_pool, &WorkerPool::workerAboutToBeRemoved, this,
            [this](int index) { beginRemoveRows({}, index, index); });
    connect(&m_pool, &WorkerPool::workerRemoved, this, [this] {
        --m_rows;
        endRemoveRows();
    });
    connect(&m_pool, &WorkerPool::workerChanged, this,
            [this](int row) { Q_EMIT dataChanged(index(row, 0), index(row, columns - 1)); });
}

int WorkerModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }

int WorkerModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QVariant WorkerModel::text(const Worker &worker, int column)
{
    switch (column) {
    case Name: return worker.title();
    case State:
        if (worker.isHeld() && worker.state() == WorkerState::Running)
            return u"‖ held"_s; // it runs, but waits for an answer that a breakpoint keeps back
        return u"%1 %2"_s.arg(signOf(worker.state()), workerStateText(worker.state()));
    case Process: return worker.process() > 0 ? QString::number(worker.process()) : QString();
    case Load: return worker.isAlive() ? loadText(worker.load()) : QString();
    case Calls: return groupedNumber(worker.calls());
    case Rate: return worker.isAlive() ? groupedNumber(static_cast<quint64>(worker.callsPerSecond() + 0.5)) : QString();
    case InFlight: return worker.isAlive() ? groupedNumber(worker.callsInFlight()) : QString();
    case Ending: return worker.ending();
    default: return {};
    }
}

QVariant WorkerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Worker &worker = *m_pool.at(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(worker, index.column());
    case Qt::ToolTipRole:
        return worker.ending().isEmpty() ? worker.title() : u"%1: %2"_s.arg(worker.title(), worker.ending());
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::FontRole: return isNumber(index.column()) ? QVariant(tabularFont()) : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == State)
            return opcodeStyle(worker.isHeld() ? FrameRole::Set : roleOf(worker.state()), QGuiApplication::palette())
                .colour;
        if (!worker.isAlive() && index.column() != Name)
            return mutedColour(QGuiApplication::palette());
        return {};
    default: return {};
    }
}

QVariant WorkerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return section == Load    ? u"Of one core, over the last second"_s
            : section == InFlight ? u"Calls that have no answer yet: they run, wait for their turn or are held"_s
                                  : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return u"Worker"_s;
    case State: return u"State"_s;
    case Process: return u"PID"_s;
    case Load: return u"CPU"_s;
    case Calls: return u"Calls"_s;
    case Rate: return u"Calls/s"_s;
    case InFlight: return u"In flight"_s;
    case Ending: return u"How it ended"_s;
    default: return {};
    }
}

} // namespace decoy::ui
