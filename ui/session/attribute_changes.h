// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <deque>
#include <map>
#include <optional>

namespace decoy::ui {

class ManualCalls;

/// One attribute that the person sets, and what it was before, as last read.
struct AttributeChange {
    ObjectRef object;
    std::string name;    ///< of a published object, else empty
    QString objectTitle; ///< "account"
    std::string attribute;
    std::optional<Value> before; ///< nothing if it had not been read
    Value after;

    /// "account.owner"
    [[nodiscard]] QString title() const;
};

/// Sets attributes for a person: each SET is a call by hand, with its row in the history. Remembers what was there before, so that it
/// can be set back. That is another SET, which everybody sees: nothing is taken back, and what others have set meanwhile is
/// overwritten. UI thread only.
class AttributeChanges : public QObject {
    Q_OBJECT

public:
    /// Changes that are remembered; the oldest go when there are more.
    static constexpr std::size_t most = 100;

    /// `calls` must outlive this.
    explicit AttributeChanges(ManualCalls &calls, QObject *parent = nullptr);

    void set(AttributeChange change);
    /// The one that undo() sets back; null if there is none, or while one is being set back.
    [[nodiscard]] const AttributeChange *last() const noexcept;
    /// Sets the last change back. One that fails is given up: its object may be gone for good.
    void undo();

Q_SIGNALS:
    /// last() is another.
    void changed();
    void wasSet(const decoy::ui::AttributeChange &change);
    void setFailed(const decoy::ui::AttributeChange &change, const decoy::Failure &failure);
    void undone(const decoy::ui::AttributeChange &change);
    void undoFailed(const decoy::ui::AttributeChange &change, const decoy::Failure &failure);

private:
    /// A SET whose answer is still to come.
    struct Open {
        AttributeChange change;
        bool isUndo = false;
    };

    void send(AttributeChange change, const Value &value, bool isUndo);
    void finish(quint64 call, const CallOutcome &outcome);
    void finishSet(const AttributeChange &change, const CallOutcome &outcome);
    void finishUndo(const AttributeChange &change, const CallOutcome &outcome);

    ManualCalls &m_calls;
    std::deque<AttributeChange> m_changes;
    std::map<quint64, Open> m_open; ///< by the call's number in the history
    bool m_isUndoing = false;
};

} // namespace decoy::ui
