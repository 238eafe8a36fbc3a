// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lesson_mailbox.h"
#include "learn/lesson_scene.h"
#include "learn/mailbox_history.h"

#include <QTimer>

#include <memory>

namespace decoy::ui {

/// Is the client of a real mailbox, one step at a time, and notes all that stands in it.
class MailboxScene : public LessonScene {
    Q_OBJECT

public:
    explicit MailboxScene(Session &session);
    ~MailboxScene() override;

    void perform(LessonAction action) override;
    [[nodiscard]] const MailboxHistory *mailbox() const override { return &m_history; }

private:
    void open();
    void writeBody();
    void writeLength();
    void look();
    void read();
    void note(MailboxWriter writer);
    [[nodiscard]] QString sinceLength() const;

    std::unique_ptr<LessonMailbox> m_mailbox;
    MailboxHistory m_history;
    QTimer m_looking;
    std::chrono::nanoseconds m_lengthWritten{};
};

} // namespace decoy::ui
