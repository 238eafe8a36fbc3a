// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/chart_style.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"

#include <QAbstractAxis>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QGraphicsLayout>
#include <QGuiApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int samplePixels = doubleUnit;

/// Room for half of the last label of the lower axis, which would be cut off otherwise.
constexpr QMargins chartMargins{0, gridUnit, gridUnit * 3, 0};

double roundAbove(double number)
{
    const double power = std::pow(10.0, std::floor(std::log10(std::max(number, 1.0))));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (number <= step * power)
            return step * power;
    }
    return 10 * power;
}

} // namespace

QPen chartPen(const QColor &colour, Qt::PenStyle style, qreal width)
{
    QPen pen(colour, width, style);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCosmetic(true);
    return pen;
}

QChartView *makeChartView(const QString &accessibleName)
{
    auto *chart = new QChart;
    chart->setBackgroundRoundness(0);
    chart->setMargins(chartMargins);
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->hide();
    chart->setAnimationOptions(QChart::NoAnimation); // it moves four times a second as it is
    auto *view = new QChartView(chart);
    view->setAccessibleName(accessibleName);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus); // nothing in it can be chosen
    view->setRenderHint(QPainter::Antialiasing);
    view->setMinimumSize(gridUnit * 20, gridUnit * 12);
    return view;
}

void styleChart(QChart &chart, const QPalette &palette)
{
    chart.setBackgroundBrush(palette.color(QPalette::Base));
    chart.setBackgroundPen(Qt::NoPen);
    QFont small = QGuiApplication::font();
    small.setPointSizeF(small.pointSizeF() - 1.5);
    for (QAbstractAxis *axis : chart.axes()) {
        axis->setLabelsFont(small);
        axis->setTruncateLabels(false);
        axis->setTitleFont(small);
        axis->setLabelsBrush(mutedColour(palette));
        axis->setTitleBrush(mutedColour(palette));
        axis->setLinePen(QPen(lineColour(palette), 1));
        axis->setGridLinePen(QPen(lineColour(palette), 1));
        axis->setGridLineVisible(axis->orientation() == Qt::Vertical);
    }
}

void setCountAxis(QCategoryAxis &axis, double highest, const QString &unit)
{
    const double top = roundAbove(highest);
    if (axis.count() > 0 && axis.max() == top)
        return;
    for (const QString &label : axis.categoriesLabels())
        axis.remove(label);
    axis.setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis.setStartValue(-1);
    axis.setRange(0, top);
    axis.append(u"0"_s, 0);
    if (top > 1)
        axis.append(groupedNumber(static_cast<quint64>(top / 2)) + unit, top / 2);
    axis.append(groupedNumber(static_cast<quint64>(top)) + unit, top);
}

ChartKey::ChartKey(const QString &caption, const QString &widest, QWidget *parent)
    : QWidget(parent), m_caption(caption), m_widest(widest)
{
    measure();
    setAccessibleName(caption);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ChartKey::setPen(const QPen &pen)
{
    m_pen = pen;
    update();
}

void ChartKey::setValue(const QString &value)
{
    if (value == m_value)
        return;
    m_value = value;
    setAccessibleDescription(value);
    if (QFontMetrics(m_numberFont).horizontalAdvance(value) > m_valueWidth) { // grows when it must, and never shrinks
        m_widest = value;
        measure();
    }
    update();
}

void ChartKey::measure()
{
    m_numberFont = tabularFont(font());
    m_valueWidth = QFontMetrics(m_numberFont).horizontalAdvance(m_widest);
    updateGeometry();
}

void ChartKey::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
}

int ChartKey::captionWidth() const { return fontMetrics().horizontalAdvance(m_caption); }

QSize ChartKey::sizeHint() const
{
    const int height = std::max(fontMetrics().height(), QFontMetrics(m_numberFont).height());
    const int value = m_valueWidth > 0 ? gridUnit + m_valueWidth : 0;
    return {samplePixels + gridUnit + captionWidth() + value, height};
}

void ChartKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_pen.style() != Qt::NoPen) {
        painter.setPen(m_pen);
        painter.drawLine(QPointF(0, height() / 2.0), QPointF(samplePixels, height() / 2.0));
    }
    QRect rest = rect().adjusted(samplePixels + gridUnit, 0, 0, 0);
    painter.setPen(mutedColour(palette()));
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, m_caption);
    painter.setPen(palette().color(QPalette::Text));
    painter.setFont(m_numberFont);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter, m_value);
}

} // namespace decoy::ui
