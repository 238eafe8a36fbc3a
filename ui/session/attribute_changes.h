// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <deque>

namespace decoy::ui {

/// One attribute that the person has set, and what it was before, as last read.
struct AttributeChange {
    ObjectRef object;
    std::string name; ///< of a published object, else empty
    std::string attribute;
    Value before;
    Value after;
    QString title; ///< "account.owner"
};

/// What was set by hand, so that it can be set back. That is another SET, which everybody sees: nothing is taken back, and what
/// others have set meanwhile is overwritten. UI thread only.
class AttributeChanges : public QObject {
    Q_OBJECT

public:
    /// Changes that are remembered; the oldest go when there are more.
    static constexpr std::size_t most = 100;

    explicit AttributeChanges(CallRunner &calls, QObject *parent = nullptr);

    void add(AttributeChange change);
    /// The one that undo() sets back; null if there is none, or while one is being set back.
    [[nodiscard]] const AttributeChange *last() const noexcept;
    /// Sets the last change back. One that fails is given up: its object may be gone for good.
    void undo();

Q_SIGNALS:
    /// last() is another.
    void changed();
    void undone(const decoy::ui::AttributeChange &change);
    void undoFailed(const decoy::ui::AttributeChange &change, const decoy::Failure &failure);

private:
    CallRunner &m_calls;
    std::deque<AttributeChange> m_changes;
    bool m_isUndoing = false;
};

} // namespace decoy::ui
