// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/latency_histogram.h"

#include <QList>
#include <QPointF>
#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QAreaSeries)
QT_FORWARD_DECLARE_CLASS(QCategoryAxis)
QT_FORWARD_DECLARE_CLASS(QChartView)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineSeries)

namespace decoy::ui {

class ChartKey;

/// How long the calls of one method took: a histogram over a logarithmic axis, with lines at p50 and p99.
class LatencyChart : public QWidget {
    Q_OBJECT

public:
    explicit LatencyChart(QWidget *parent = nullptr);

    void setLatency(const QString &method, const LatencyHistogram &latency);
    /// Says why there is none.
    void clear(const QString &reason);

    [[nodiscard]] QString title() const;
    /// The outline, x in log10 of ns: for tests.
    [[nodiscard]] QList<QPointF> outline() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyPalette();
    void showAxis(const LatencyHistogram &latency);
    static void showMark(QLineSeries &mark, std::int64_t nanoseconds);

    QChartView *m_view;
    QLabel *m_title;
    ChartKey *m_medianKey;
    ChartKey *m_slowKey;
    QLineSeries *m_upper;
    QLineSeries *m_lower;
    QAreaSeries *m_area;
    QLineSeries *m_median;
    QLineSeries *m_slow;
    QCategoryAxis *m_time;
    QCategoryAxis *m_count;
    int m_firstDecade = -1;
    int m_lastDecade = -1;
};

} // namespace decoy::ui
