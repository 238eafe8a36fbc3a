// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QScrollArea;
class QStackedWidget;

namespace decoy::ui {

class LessonList;
class LessonPlayer;
class LessonStepView;

/// The guided tour: the list of lessons, or the step of the one that is under way. `player` must outlive it.
class LearnPanel : public QWidget {
    Q_OBJECT

public:
    explicit LearnPanel(LessonPlayer &player, QWidget *parent = nullptr);

    [[nodiscard]] LessonList *list() const noexcept { return m_list; }
    [[nodiscard]] LessonStepView *stepView() const noexcept { return m_step; }
    [[nodiscard]] QSize sizeHint() const override;
    /// Puts the keyboard where one most likely goes on.
    void activate();

private:
    void follow();

    LessonPlayer &m_player;
    QStackedWidget *m_pages;
    LessonList *m_list;
    LessonStepView *m_step;
};

} // namespace decoy::ui
