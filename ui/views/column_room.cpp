// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/column_room.h"

#include <QDataStream>
#include <QHeaderView>
#include <QIODevice>
#include <QScopedValueRollback>

#include <algorithm>

namespace decoy::ui {

namespace {

constexpr quint8 stateVersion = 1;

} // namespace

ColumnRoom::ColumnRoom(QHeaderView &header, Plan plan)
    : m_header(header), m_plan(std::move(plan)), m_choices(static_cast<std::size_t>(header.count()))
{
    hideAll(m_plan.hidden);
}

void ColumnRoom::hideAll(const std::vector<int> &columns)
{
    std::ranges::fill(m_choices, Choice::WhereItFits);
    for (const int column : columns)
        choice(column) = Choice::Hidden;
}

void ColumnRoom::reset(const std::vector<int> &order)
{
    hideAll(m_plan.hidden);
    m_stretches = true;
    for (int place = 0; place < static_cast<int>(order.size()); ++place)
        m_header.moveSection(m_header.visualIndex(order[static_cast<std::size_t>(place)]), place);
}

void ColumnRoom::choose(int column, bool isShown) { choice(column) = isShown ? Choice::Shown : Choice::Hidden; }

void ColumnRoom::fit(int room)
{
    const QScopedValueRollback guard(m_isFitting, true);
    for (int column = 0; column < m_header.count(); ++column)
        m_header.setSectionHidden(column, choice(column) == Choice::Hidden);
    const bool hasStretched = choice(m_plan.stretched) != Choice::Hidden;
    const int narrowest = !hasStretched ? 0 : m_stretches ? m_plan.narrowest : m_header.sectionSize(m_plan.stretched);
    const auto needed = [&] { return m_header.length() - m_header.sectionSize(m_plan.stretched) + narrowest; };
    for (const int column : m_plan.leastFirst) {
        if (needed() <= room)
            break;
        if (choice(column) == Choice::WhereItFits)
            m_header.setSectionHidden(column, true);
    }
    if (hasStretched && m_stretches)
        m_header.resizeSection(m_plan.stretched, narrowest + std::max(0, room - needed()));
}

bool ColumnRoom::noteResize(int column)
{
    if (m_isFitting)
        return false;
    m_stretches = m_stretches && column != m_plan.stretched;
    return true;
}

void ColumnRoom::widen(int column, int width)
{
    const QScopedValueRollback guard(m_isFitting, true);
    m_header.resizeSection(column, width);
}

QByteArray ColumnRoom::save() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateVersion << quint8(m_choices.size()) << m_stretches;
    for (const Choice choice : m_choices)
        stream << quint8(choice);
    stream << m_header.saveState();
    return state;
}

bool ColumnRoom::restore(const QByteArray &state)
{
    QDataStream stream(state);
    quint8 version = 0;
    quint8 count = 0;
    bool stretches = true;
    stream >> version >> count >> stretches;
    if (version != stateVersion || count != m_choices.size())
        return false;
    std::vector<quint8> choices(count);
    for (quint8 &choice : choices)
        stream >> choice;
    QByteArray header;
    stream >> header;
    const auto isHidden = [](quint8 choice) { return choice == quint8(Choice::Hidden); };
    const QScopedValueRollback guard(m_isFitting, true);
    // A table without any column could not be given one again.
    if (stream.status() != QDataStream::Ok || std::ranges::max(choices) > quint8(Choice::Hidden)
        || std::ranges::all_of(choices, isHidden) || !m_header.restoreState(header))
        return false;
    std::ranges::transform(choices, m_choices.begin(), [](quint8 choice) { return Choice(choice); });
    m_stretches = stretches;
    return true;
}

} // namespace decoy::ui
