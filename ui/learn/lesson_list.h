// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace decoy::ui {

class LessonPlayer;

/// The lessons to choose from, with those marked that were finished. `player` must outlive it.
class LessonList : public QWidget {
    Q_OBJECT

public:
    explicit LessonList(LessonPlayer &player, QWidget *parent = nullptr);

    /// Looks again which are finished, and whether the server has what they need.
    void refresh();
    [[nodiscard]] QPushButton *startButton(int lesson) const { return m_rows[static_cast<std::size_t>(lesson)].start; }
    /// Why lessons cannot be started; empty if they can.
    [[nodiscard]] QString problem() const;
    void focusNext();

private:
    struct LessonRow {
        QLabel *mark = nullptr;
        QPushButton *start = nullptr;
    };

    QWidget *makeRow(int lesson);

    LessonPlayer &m_player;
    QLabel *m_problem;
    std::vector<LessonRow> m_rows;
};

} // namespace decoy::ui
