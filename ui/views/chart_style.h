// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPen>
#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QChart)
QT_FORWARD_DECLARE_CLASS(QChartView)
QT_FORWARD_DECLARE_CLASS(QCategoryAxis)

namespace decoy::ui {

/// How a line of a chart is drawn: its pattern says the same as its colour.
[[nodiscard]] QPen chartPen(const QColor &colour, Qt::PenStyle style, qreal width = 2);

/// An empty chart, flat and without a legend of its own: ChartKey stands for that.
[[nodiscard]] QChartView *makeChartView(const QString &accessibleName);
/// Gives a chart and its axes the colours of a palette.
void styleChart(QChart &chart, const QPalette &palette);

/// An axis of counts from 0 to a round number (1, 2, 5, 10, 20, ...) that is at least `highest`, so that it changes seldom.
/// Its labels are grouped and have the unit, which the axes of numbers cannot do.
void setCountAxis(QCategoryAxis &axis, double highest, const QString &unit);

/// One entry of a chart's legend, with the number that belongs to it: a piece of the line, what it is, how much. Of fixed
/// width, so that nothing moves when the number changes.
class ChartKey : public QWidget {
    Q_OBJECT

public:
    /// `widest` is the longest value that it will ordinarily show; empty: it shows none.
    explicit ChartKey(const QString &caption, const QString &widest = {}, QWidget *parent = nullptr);

    void setPen(const QPen &pen);
    void setValue(const QString &value);
    [[nodiscard]] const QString &value() const noexcept { return m_value; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int captionWidth() const;
    void measure();

    const QString m_caption;
    QString m_widest;
    QString m_value;
    QFont m_numberFont;
    QPen m_pen;
    int m_valueWidth = 0;
};

} // namespace decoy::ui
