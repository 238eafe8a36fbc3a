// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/attribute_changes.h"

#include "session/manual_calls.h"

#include <utility>

namespace decoy::ui {

QString AttributeChange::title() const { return objectTitle + u'.' + QString::fromStdString(attribute); }

AttributeChanges::AttributeChanges(ManualCalls &calls, QObject *parent) : QObject(parent), m_calls(calls)
{
    connect(&m_calls, &ManualCalls::finished, this, &AttributeChanges::finish);
}

void AttributeChanges::set(AttributeChange change)
{
    const Value value = change.after;
    send(std::move(change), value, false);
}

const AttributeChange *AttributeChanges::last() const noexcept
{
    return m_changes.empty() || m_isUndoing ? nullptr : &m_changes.back();
}

void AttributeChanges::undo()
{
    if (!last())
        return;
    AttributeChange change = std::move(m_changes.back());
    m_changes.pop_back();
    m_isUndoing = true;
    const Value value = change.before.value();
    send(std::move(change), value, true);
    Q_EMIT changed();
}

void AttributeChanges::send(AttributeChange change, const Value &value, bool isUndo)
{
    CallRequest request;
    request.object = change.object;
    request.name = change.name;
    request.kind = CallKind::Set;
    request.member = change.attribute;
    request.positional = {value};
    const quint64 call = m_calls.send(std::move(request), change.objectTitle); // which answers later, never at once
    m_open.emplace(call, Open{std::move(change), isUndo});
}

void AttributeChanges::finish(quint64 call, const CallOutcome &outcome)
{
    const auto node = m_open.extract(call);
    if (node.empty())
        return; // somebody else's call
    if (node.mapped().isUndo)
        finishUndo(node.mapped().change, outcome);
    else
        finishSet(node.mapped().change, outcome);
}

void AttributeChanges::finishSet(const AttributeChange &change, const CallOutcome &outcome)
{
    if (outcome.failure)
        return Q_EMIT setFailed(change, *outcome.failure);
    Q_EMIT wasSet(change);
    if (!change.before)
        return; // nobody knows what to set back
    m_changes.push_back(change);
    if (m_changes.size() > most)
        m_changes.pop_front();
    Q_EMIT changed();
}

void AttributeChanges::finishUndo(const AttributeChange &change, const CallOutcome &outcome)
{
    m_isUndoing = false;
    if (outcome.failure)
        Q_EMIT undoFailed(change, *outcome.failure);
    else
        Q_EMIT undone(change);
    Q_EMIT changed();
}

} // namespace decoy::ui
