// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/statistics_snapshot.h"

#include <QList>
#include <QPointF>
#include <QWidget>

#include <array>

QT_FORWARD_DECLARE_CLASS(QCategoryAxis)
QT_FORWARD_DECLARE_CLASS(QChartView)
QT_FORWARD_DECLARE_CLASS(QLineSeries)
QT_FORWARD_DECLARE_CLASS(QValueAxis)

namespace decoy::ui {

class ChartKey;

/// Frames, calls and errors a second, over the last minute and up to the last ten.
class RateChart : public QWidget {
    Q_OBJECT

public:
    explicit RateChart(QWidget *parent = nullptr);

    /// `endSecond` (CLOCK_MONOTONIC, s) is where the chart ends; that second is not over, so it is not drawn.
    void setSeconds(const StatisticsSnapshot &statistics, std::int64_t endSecond);

    /// What a line shows, in the order frames, calls, errors: for tests.
    [[nodiscard]] QList<QPointF> points(int which) const;
    [[nodiscard]] QString keyText(int which) const;

protected:
    void changeEvent(QEvent *event) override;

private:
    static constexpr std::size_t lineCount = 3;

    void applyPalette();

    QChartView *m_view;
    std::array<QLineSeries *, lineCount> m_lines{};
    std::array<ChartKey *, lineCount> m_keys{};
    QValueAxis *m_time;
    QCategoryAxis *m_rate;
};

} // namespace decoy::ui
