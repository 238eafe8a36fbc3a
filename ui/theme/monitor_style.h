// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

class QAbstractButton;
class QWidget;

namespace decoy::ui {

/// Fusion with fewer lines: flat toolbars, docks, tabs and headers, and one look for focus, errors and the primary action.
class MonitorStyle : public QProxyStyle {
    Q_OBJECT

public:
    MonitorStyle();

    void polish(QWidget *widget) override;
    using QProxyStyle::polish;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *returnData) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    QIcon standardIcon(StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
};

/// Marks the one button of a panel that a person most likely wants.
void makePrimary(QAbstractButton *button);

/// Draws the widget's frame in the error colour, or no longer. The text that says what is wrong stands beside it.
void markProblem(QWidget *widget, bool problem);

/// The same for what is understood and in force: in green, with words beside it.
void markValid(QWidget *widget, bool valid);

} // namespace decoy::ui
