// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_completion.h"
#include "filter/filter_parser.h"
#include "views/filter_candidates.h"

#include <QLineEdit>
#include <QPointer>

#include <functional>
#include <optional>

namespace decoy::ui {

/// A line of text in the filter language, with completion, and with what was used before on the arrow keys.
class FilterEdit : public QLineEdit {
    Q_OBJECT

public:
    /// `vocabulary` is asked whenever something is completed.
    explicit FilterEdit(std::function<FilterVocabulary()> vocabulary, QWidget *parent = nullptr);

    /// Underlines what could not be understood; nothing: no longer.
    void underline(const std::optional<FilterError> &error);
    /// What Up and Down bring back, newest first.
    void setHistory(const QStringList &history) { m_history = history; }
    [[nodiscard]] FilterCandidates &candidates() const noexcept { return *m_candidates; }
    void complete();

Q_SIGNALS:
    /// Enter: the person wants this filter.
    void accepted();
    /// Esc: the person wants to go on elsewhere.
    void left();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    bool chooseByKey(const QKeyEvent &event);
    void insert(const QString &candidate);
    void recall(int steps);

    std::function<FilterVocabulary()> m_vocabulary;
    QPointer<FilterCandidates> m_candidates; ///< a child of the window, which may go before this
    QStringList m_history;
    qsizetype m_recalled = -1; ///< index in the history; -1: what was typed
    QString m_typed;
};

} // namespace decoy::ui
