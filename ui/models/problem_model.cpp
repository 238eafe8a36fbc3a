// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/problem_model.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"

#include <QGuiApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

bool isNumber(int column) { return column >= ProblemModel::Count; }

QColor severityColour(ProblemSeverity severity)
{
    const QPalette palette = QGuiApplication::palette();
    switch (severity) {
    case ProblemSeverity::Error: return opcodeStyle(FrameRole::Error, palette).colour;
    case ProblemSeverity::Warning: return opcodeStyle(FrameRole::Set, palette).colour;
    case ProblemSeverity::Note: break;
    }
    return opcodeStyle(FrameRole::Get, palette).colour;
}

QVariant alignment(int column)
{
    return QVariant::fromValue<int>((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

} // namespace

QString severityText(ProblemSeverity severity)
{
    switch (severity) {
    case ProblemSeverity::Error: return u"✕ Error"_s;
    case ProblemSeverity::Warning: return u"▲ Warning"_s;
    case ProblemSeverity::Note: break;
    }
    return u"• Note"_s;
}

ProblemModel::ProblemModel(const FrameNames &names, QObject *parent) : QAbstractTableModel(parent), m_names(names) {}

void ProblemModel::setProblems(const std::vector<Problem> &problems)
{
    removeAllBut(problems);
    for (const Problem &problem : problems) {
        const auto known = std::ranges::find_if(m_problems, [&](const Problem &row) { return row.isSameAs(problem); });
        if (known == m_problems.end()) {
            insert(problem);
        } else if (*known != problem) {
            *known = problem;
            const int row = static_cast<int>(known - m_problems.begin());
            Q_EMIT dataChanged(index(row, 0), index(row, columns - 1));
        }
    }
}

void ProblemModel::removeAllBut(const std::vector<Problem> &problems)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        const auto stays = [this, row](const Problem &other) { return problem(row).isSameAs(other); };
        if (std::ranges::any_of(problems, stays))
            continue;
        beginRemoveRows({}, row, row);
        m_problems.erase(m_problems.begin() + row);
        endRemoveRows();
    }
}

void ProblemModel::insert(const Problem &problem)
{
    const auto place = std::ranges::find_if(m_problems,
                                            [&](const Problem &row) { return row.severity < problem.severity; });
    const int row = static_cast<int>(place - m_problems.begin());
    beginInsertRows({}, row, row);
    m_problems.insert(place, problem);
    endInsertRows();
}

int ProblemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_problems.size());
}

int ProblemModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QString ProblemModel::text(const Problem &problem, int column) const
{
    switch (column) {
    case Severity: return severityText(problem.severity);
    case Title: return describeProblem(problem, m_names).title;
    case Count: return groupedNumber(problem.count);
    case First: return problem.first == noRow ? QString() : groupedNumber(problem.first + 1);
    case Last: return problem.last == noRow ? QString() : groupedNumber(problem.last + 1);
    default: return {};
    }
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Problem &shown = problem(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(shown, index.column());
    case Qt::ToolTipRole: return describeProblem(shown, m_names).why;
    case Qt::TextAlignmentRole: return alignment(index.column());
    case Qt::FontRole: return isNumber(index.column()) ? QVariant(m_fonts.numbers()) : QVariant();
    case Qt::ForegroundRole: return index.column() == Severity ? QVariant(severityColour(shown.severity)) : QVariant();
    default: return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Severity: return u"Severity"_s;
    case Title: return u"Problem"_s;
    case Count: return u"Count"_s;
    case First: return u"First frame"_s;
    case Last: return u"Last frame"_s;
    default: return {};
    }
}

} // namespace decoy::ui
