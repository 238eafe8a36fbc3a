// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/attribute_changes.h"

#include <utility>

namespace decoy::ui {

AttributeChanges::AttributeChanges(CallRunner &calls, QObject *parent) : QObject(parent), m_calls(calls) {}

void AttributeChanges::add(AttributeChange change)
{
    m_changes.push_back(std::move(change));
    if (m_changes.size() > most)
        m_changes.pop_front();
    Q_EMIT changed();
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
    CallRequest request;
    request.object = change.object;
    request.name = change.name;
    request.kind = CallKind::Set;
    request.member = change.attribute;
    request.positional = {change.before};
    m_isUndoing = true;
    Q_EMIT changed();
    m_calls.call(std::move(request), this, [this, change = std::move(change)](const CallOutcome &outcome) {
        m_isUndoing = false;
        if (outcome.failure)
            Q_EMIT undoFailed(change, *outcome.failure);
        else
            Q_EMIT undone(change);
        Q_EMIT changed();
    });
}

} // namespace decoy::ui
