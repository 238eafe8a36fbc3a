// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <QWidget>

class QAction;
class QLabel;
class QTableView;

namespace decoy::ui {

class EmptyState;
class FlatTable;
class FrameNames;
class ProblemAnalyser;
class ProblemModel;

/// What a reviewer would say of the traffic: a list of problems, and beside it why each is one and what to do about it.
/// Analyser and names must outlive it.
class ProblemsPanel : public QWidget {
    Q_OBJECT

public:
    ProblemsPanel(const ProblemAnalyser &analyser, const FrameNames &names, QWidget *parent = nullptr);

    /// Shows what the analyser has now; also when names have become known.
    void refresh();

    [[nodiscard]] QTableView *table() const noexcept;
    [[nodiscard]] QString advice() const;
    /// "Problems", "Problems (3)".
    [[nodiscard]] QString title() const;

Q_SIGNALS:
    void titleChanged(const QString &title);
    /// The person wants to see the frame that a problem points at.
    void frameRequested(decoy::ui::Row row);
    /// An object of this process's server.
    void objectRequested(quint64 id);

private:
    QWidget *makeAdvice();
    void showSelected();
    void requestFrame();
    void requestObject();

    const ProblemAnalyser &m_analyser;
    const FrameNames &m_names;
    ProblemModel *m_model;
    FlatTable *m_table = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_why = nullptr;
    QLabel *m_advice = nullptr;
    QAction *m_goToFrame = nullptr;
    QAction *m_showObject = nullptr;
    QWidget *m_content = nullptr;
    EmptyState *m_empty = nullptr;
};

} // namespace decoy::ui
