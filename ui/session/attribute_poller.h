// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace decoy::ui {

/// Asks one object what it can do and reads its attributes, at most twice a second and only while somebody looks. UI thread only.
///
/// Each read is a real call and shows up in the traffic. So that the watcher does not drown what is watched, it reads when
/// others have used the object, and now and then for what changes by itself; and it can be switched off.
class AttributePoller : public QObject {
    Q_OBJECT

public:
    explicit AttributePoller(CallRunner &calls, QObject *parent = nullptr);

    /// Another object: asks what it can do, then reads its attributes once; if nobody looks, as soon as somebody does. `name` is a
    /// published object's, else empty.
    void setObject(const ObjectRef &object, const std::string &name);
    [[nodiscard]] const ObjectRef &object() const noexcept { return m_object; }
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    /// Nothing before the object has answered.
    [[nodiscard]] const std::optional<Description> &description() const noexcept { return m_description; }

    /// Whether somebody looks. Each question is a call that the object has to answer: nobody's curiosity is worth one.
    void setWatched(bool watched);
    /// Whether to go on reading by itself.
    void setLive(bool live);
    /// What the server counts of the object's calls, where that is known: more than our own means that others used it.
    void noteCalls(quint64 calls);
    /// Reads all attributes now.
    void refresh();
    /// The person has used the object: that is no sign of others, and worth a look.
    void noteOwnCall();

Q_SIGNALS:
    void described(const decoy::Description &description);
    void describeFailed(const decoy::Failure &failure);
    void attributeRead(int attribute, const decoy::ui::CallOutcome &outcome);

private:
    void describe();
    void updateTimer();
    void tick();
    void readAll();
    void forgetCalls();

    CallRunner &m_calls;
    ObjectRef m_object;
    std::string m_name;
    std::optional<Description> m_description;
    std::vector<quint64> m_open;
    int m_reading = 0; ///< answers that are still to come of the round that runs
    bool m_isWatched = false;
    bool m_isLive = false;
    quint64 m_ownCalls = 0;    ///< sent to this object; never less than what the server has counted of them
    quint64 m_othersCalls = 0; ///< the most that was ever seen of the others'
    bool m_usedByOthers = false;
    QElapsedTimer m_sinceRound;
    QTimer m_timer;
};

} // namespace decoy::ui
