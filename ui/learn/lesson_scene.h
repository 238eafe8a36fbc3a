// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson.h"
#include "session/call_runner.h"
#include "trace/frame_snapshot.h"

#include <decoy/frame_layout.h>

#include <QMap>
#include <QObject>

#include <memory>

namespace decoy::ui {

class MailboxHistory;
class Session;
struct LaneCosts;

/// The live part of one lesson: does on the real server what its steps ask for, and notices what has really happened. Whatever a
/// scene has made (a worker, proxies, a mailbox, a server) goes with it. UI thread only.
class LessonScene : public QObject {
    Q_OBJECT

public:
    /// The session must outlive it.
    [[nodiscard]] static std::unique_ptr<LessonScene> make(LessonKind kind, Session &session);

    /// Does it, or begins to. What comes of it is told by the signals.
    virtual void perform(LessonAction action) = 0;
    /// The person selected this part of the frame that is shown.
    virtual void noteElement(FrameElement::Role) {}

    [[nodiscard]] bool hasReached(LessonGoal goal) const { return m_reached.contains(goal); }
    /// What was seen when the goal was reached, in figures of this run.
    [[nodiscard]] QString observation(LessonGoal goal) const { return m_reached.value(goal); }

    /// What the scene has to show beside the window's own views; null for most.
    [[nodiscard]] virtual const MailboxHistory *mailbox() const { return nullptr; }
    [[nodiscard]] virtual const LaneCosts *costs() const { return nullptr; }

Q_SIGNALS:
    void reached(decoy::ui::LessonGoal goal);
    /// The action came to nothing; it may be tried again.
    void failed(const QString &problem);
    /// What the lesson is about is gone: it has to begin at its first step again.
    void beganAnew(const QString &why);
    /// How far a long action is, 0 to 1.
    void progressed(double share);
    /// mailbox() shows something else than before.
    void mailboxChanged();
    /// The window should select this part of the frame that is shown.
    void elementWanted(decoy::FrameElement::Role role);

protected:
    explicit LessonScene(Session &session) : m_session(session) {}

    [[nodiscard]] Session &session() const noexcept { return m_session; }
    void reach(LessonGoal goal, const QString &observation);
    /// Forgets all that was reached, and says why.
    void beginAnew(const QString &why);
    /// A call of a published object of the local server.
    [[nodiscard]] CallRequest requestTo(const QString &object, std::string member,
                                        std::vector<Value> arguments = {}) const;

private:
    Session &m_session;
    QMap<LessonGoal, QString> m_reached;
};

/// One captured request, with what is known of its answer.
struct LessonCall {
    Row request = noRow;
    Row result = noRow;
    [[nodiscard]] bool isFound() const noexcept { return request != noRow; }
};

/// The newest request of this process to this object, and its result, among the frames from `from` on.
[[nodiscard]] LessonCall findCall(const FrameSnapshot &frames, Row from, qint64 process, quint64 object);

/// "frame 12", as people count.
[[nodiscard]] QString frameNumber(Row row);
/// "00 00 00 0b".
[[nodiscard]] QString hexText(std::span<const std::byte> bytes);

} // namespace decoy::ui
