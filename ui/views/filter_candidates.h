// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_completion.h"

#include <QListView>

class QStandardItemModel;

namespace decoy::ui {

/// The list of what could stand at the cursor, below a line of text. Part of the window rather than a window of its own, so
/// that the keyboard stays with the text; whoever owns the text moves the choice.
class FilterCandidates : public QListView {
    Q_OBJECT

public:
    /// `below` is the widget that it belongs to.
    explicit FilterCandidates(QWidget *below);

    /// Shows these, none of them chosen; hides if there are none.
    void offer(std::vector<FilterCandidate> candidates);

    /// Chooses the next or previous; beyond the end none, then the other end.
    void move(int steps);
    /// What is chosen; nothing if the person has not chosen.
    [[nodiscard]] QString chosen() const;
    [[nodiscard]] QString first() const;
    [[nodiscard]] QStringList texts() const;

Q_SIGNALS:
    void picked(const QString &text);

private:
    void place();

    QWidget *m_below;
    QStandardItemModel *m_model;
    int m_hintLeft = 0; ///< where hints begin, so that they stand below one another
};

} // namespace decoy::ui
