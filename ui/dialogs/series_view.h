// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

class QGridLayout;
class QLabel;

namespace decoy::ui {

struct SeriesOutcome;

/// What a repeated call came to: percentiles, errors and pace in one line of numbers, and the first error.
class SeriesView : public QWidget {
    Q_OBJECT

public:
    explicit SeriesView(QWidget *parent = nullptr);

    /// `call` names it: "counter.add".
    void showOutcome(const QString &call, const SeriesOutcome &outcome);
    /// Two lines of numbers instead of one.
    void setNarrow(bool isNarrow);
    /// All that is shown, as text.
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    enum Figure : quint8 { P50, P90, P99, Longest, Errors, Pace, FigureCount };

    void makeFigures();
    void styleProblem();

    QGridLayout *m_grid = nullptr;
    QLabel *m_title;
    std::array<QLabel *, FigureCount> m_figures{};
    std::array<QLabel *, FigureCount> m_captions{};
    QLabel *m_problem;
    bool m_hasErrors = false;
};

} // namespace decoy::ui
