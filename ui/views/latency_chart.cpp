// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/latency_chart.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"
#include "views/chart_style.h"
#include "views/elided_label.h"

#include <QAreaSeries>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QLabel>
#include <QLineSeries>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Two buckets make a bar: with fewer calls than bars, finer ones are only noise.
constexpr std::size_t bucketsPerBar = 2;

/// 1 ns to 1000 s.
constexpr std::array<QStringView, 13> decades = {u"1 ns",  u"10 ns",  u"100 ns", u"1 µs", u"10 µs", u"100 µs", u"1 ms",
                                                 u"10 ms", u"100 ms", u"1 s",    u"10 s", u"100 s", u"1000 s"};
constexpr int lastDecade = static_cast<int>(decades.size()) - 1;

/// Lines at percentiles go beyond every count, so that they always cross the whole chart.
constexpr double markHeight = 1e18;

/// More labels than this touch one another in a narrow chart.
constexpr int mostLabels = 4;

double logTime(double nanoseconds) { return std::log10(std::max(nanoseconds, 1.0)); }

} // namespace

LatencyChart::LatencyChart(QWidget *parent)
    : QWidget(parent), m_view(makeChartView(u"Latency histogram of the selected method"_s)), m_title(new ElidedLabel),
      m_medianKey(new ChartKey(u"p50"_s)), m_slowKey(new ChartKey(u"p99"_s)), m_upper(new QLineSeries(this)),
      m_lower(new QLineSeries(this)), m_area(new QAreaSeries(m_upper, m_lower)), m_median(new QLineSeries),
      m_slow(new QLineSeries), m_time(new QCategoryAxis), m_count(new QCategoryAxis)
{
    m_time->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    QChart &chart = *m_view->chart();
    chart.addAxis(m_time, Qt::AlignBottom);
    chart.addAxis(m_count, Qt::AlignLeft);
    for (QAbstractSeries *series : std::initializer_list<QAbstractSeries *>{m_area, m_median, m_slow}) {
        chart.addSeries(series);
        series->attachAxis(m_time);
        series->attachAxis(m_count);
    }
    auto *keys = new QHBoxLayout;
    keys->setContentsMargins(gridUnit, gridUnit, gridUnit, 0);
    keys->setSpacing(gridUnit);
    m_title->setFont(monospaceFont());
    keys->addWidget(m_title, 1);
    keys->addWidget(m_medianKey);
    keys->addWidget(m_slowKey);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addLayout(keys);
    layout->addWidget(m_view, 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    applyPalette();
    clear({});
}

QString LatencyChart::title() const { return m_title->text(); }

QList<QPointF> LatencyChart::outline() const { return m_upper->points(); }

void LatencyChart::clear(const QString &reason) { setLatency(reason, {}); }

void LatencyChart::setLatency(const QString &method, const LatencyHistogram &latency)
{
    m_title->setText(method);
    m_title->setToolTip(method);
    const bool isEmpty = latency.isEmpty();
    m_medianKey->setVisible(!isEmpty);
    m_slowKey->setVisible(!isEmpty);
    showAxis(latency);
    QList<QPointF> upper;
    std::uint64_t highest = 1;
    const std::size_t first = LatencyHistogram::bucketOf(latency.min()) / bucketsPerBar * bucketsPerBar;
    for (std::size_t bar = first; !isEmpty && LatencyHistogram::bucketBegin(bar) <= static_cast<double>(latency.max())
         && bar + bucketsPerBar <= LatencyHistogram::bucketCount;
         bar += bucketsPerBar) {
        std::uint64_t count = 0;
        for (std::size_t bucket = bar; bucket < bar + bucketsPerBar; ++bucket)
            count += latency.bucket(bucket);
        highest = std::max(highest, count);
        upper.append({logTime(LatencyHistogram::bucketBegin(bar)), static_cast<double>(count)});
        upper.append({logTime(LatencyHistogram::bucketBegin(bar + bucketsPerBar)), static_cast<double>(count)});
    }
    const QList<QPointF> lower = upper.isEmpty() ? upper
                                                 : QList<QPointF>{{upper.first().x(), 0}, {upper.last().x(), 0}};
    m_upper->replace(upper);
    m_lower->replace(lower);
    setCountAxis(*m_count, static_cast<double>(highest), {});
    showMark(*m_median, latency.percentile(0.5));
    showMark(*m_slow, latency.percentile(0.99));
}

void LatencyChart::showAxis(const LatencyHistogram &latency)
{
    int first = 3; // an empty chart shows what is usual: 1 µs to 1 s
    int last = 9;
    if (!latency.isEmpty()) {
        first = std::clamp(static_cast<int>(std::floor(logTime(static_cast<double>(latency.min())))), 0,
                           lastDecade - 1);
        last = std::clamp(static_cast<int>(std::ceil(logTime(static_cast<double>(latency.max())))), first + 1,
                          lastDecade);
    }
    if (first == m_firstDecade && last == m_lastDecade)
        return;
    m_firstDecade = first;
    m_lastDecade = last;
    for (const QString &label : m_time->categoriesLabels())
        m_time->remove(label);
    m_time->setRange(first, last);
    m_time->setStartValue(first - 1);
    const int step = last - first > mostLabels ? 2 : 1;
    for (int decade = first; decade <= last; decade += step)
        m_time->append(decades[static_cast<std::size_t>(decade)].toString(), decade);
}

void LatencyChart::showMark(QLineSeries &mark, std::int64_t nanoseconds)
{
    const double x = logTime(static_cast<double>(nanoseconds));
    mark.replace(nanoseconds == 0 ? QList<QPointF>() : QList<QPointF>{{x, 0}, {x, markHeight}});
}

void LatencyChart::applyPalette()
{
    styleChart(*m_view->chart(), palette());
    const QColor accent = accentColour(palette());
    QColor fill = accent;
    fill.setAlphaF(0.3F);
    m_area->setBrush(fill);
    m_area->setPen(chartPen(accent, Qt::SolidLine, 1.5));
    const QColor text = palette().color(QPalette::Text);
    m_median->setPen(chartPen(text, Qt::DashLine, 1.5));
    m_slow->setPen(chartPen(text, Qt::DotLine, 2));
    m_medianKey->setPen(m_median->pen());
    m_slowKey->setPen(m_slow->pen());
}

void LatencyChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyPalette();
}

} // namespace decoy::ui
