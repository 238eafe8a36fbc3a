// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QAction;
class QLineEdit;
class QListView;

namespace decoy::ui {

class CommandModel;
class EmptyState;

/// Every command of the window, found by a few letters of its name. Enter gives it, Esc goes back.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    explicit CommandPalette(const QList<QAction *> &commands, QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *input() const noexcept { return m_input; }
    [[nodiscard]] QListView *list() const noexcept { return m_list; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search(const QString &query);
    void give();

    CommandModel *m_model;
    QLineEdit *m_input;
    QListView *m_list;
    EmptyState *m_empty = nullptr;
};

} // namespace decoy::ui
