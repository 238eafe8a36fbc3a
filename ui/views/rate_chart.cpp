// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/rate_chart.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "views/chart_style.h"

#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QLineSeries>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::int64_t shortestSpan = 60;
constexpr std::int64_t longestSpan = 600;
constexpr std::array<std::uint64_t SecondStatistics::*, 3> numbers = {
    &SecondStatistics::frames, &SecondStatistics::calls, &SecondStatistics::errors};

/// One minute, or as many whole minutes as there is something to see.
std::int64_t spanFor(const StatisticsSnapshot &statistics, std::int64_t endSecond)
{
    const std::int64_t seen = statistics.seconds.empty() ? 0 : endSecond - statistics.firstSecond;
    const std::int64_t minutes = (seen + shortestSpan - 1) / shortestSpan;
    return std::clamp(minutes * shortestSpan, shortestSpan, longestSpan);
}

} // namespace

RateChart::RateChart(QWidget *parent)
    : QWidget(parent), m_view(makeChartView(u"Frames, calls and errors per second"_s)), m_time(new QValueAxis),
      m_rate(new QCategoryAxis)
{
    QChart &chart = *m_view->chart();
    chart.addAxis(m_time, Qt::AlignBottom);
    chart.addAxis(m_rate, Qt::AlignLeft);
    m_time->setLabelFormat(u"%d s"_s);
    m_time->setTickCount(7);
    auto *keys = new QHBoxLayout;
    keys->setContentsMargins(gridUnit, gridUnit, gridUnit, 0);
    keys->setSpacing(gridUnit);
    const std::array captions = {u"frames/s"_s, u"calls/s"_s, u"errors/s"_s};
    for (std::size_t i = 0; i < lineCount; ++i) {
        m_lines[i] = new QLineSeries;
        chart.addSeries(m_lines[i]);
        m_lines[i]->attachAxis(m_time);
        m_lines[i]->attachAxis(m_rate);
        m_keys[i] = new ChartKey(captions[i], groupedNumber(i == 2 ? 9'999 : 999'999));
        keys->addWidget(m_keys[i]);
    }
    keys->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    layout->addLayout(keys);
    layout->addWidget(m_view, 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    applyPalette();
    setSeconds({}, 0);
}

void RateChart::setSeconds(const StatisticsSnapshot &statistics, std::int64_t endSecond)
{
    const std::int64_t span = spanFor(statistics, endSecond);
    std::uint64_t highest = 1;
    for (std::size_t i = 0; i < lineCount; ++i) {
        QList<QPointF> points;
        points.reserve(span);
        std::uint64_t last = 0;
        for (std::int64_t ago = -span; ago < 0; ++ago) {
            const std::int64_t index = endSecond + ago - statistics.firstSecond;
            const bool isKnown = index >= 0 && index < static_cast<std::int64_t>(statistics.seconds.size());
            last = isKnown ? statistics.seconds[static_cast<std::size_t>(index)].*numbers[i] : 0;
            highest = std::max(highest, last);
            points.append({static_cast<double>(ago), static_cast<double>(last)});
        }
        m_lines[i]->replace(points);
        m_keys[i]->setValue(groupedNumber(last));
    }
    m_time->setRange(static_cast<double>(-span), 0);
    setCountAxis(*m_rate, static_cast<double>(highest), u"/s"_s);
}

QList<QPointF> RateChart::points(int which) const { return m_lines[static_cast<std::size_t>(which)]->points(); }

QString RateChart::keyText(int which) const { return m_keys[static_cast<std::size_t>(which)]->value(); }

void RateChart::applyPalette()
{
    styleChart(*m_view->chart(), palette());
    const std::array pens = {
        chartPen(accentColour(palette()), Qt::SolidLine),
        chartPen(opcodeStyle(FrameRole::Execute, palette()).colour, Qt::DashLine),
        chartPen(opcodeStyle(FrameRole::Error, palette()).colour, Qt::DotLine),
    };
    for (std::size_t i = 0; i < lineCount; ++i) {
        m_lines[i]->setPen(pens[i]);
        m_keys[i]->setPen(pens[i]);
    }
}

void RateChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyPalette();
}

} // namespace decoy::ui
