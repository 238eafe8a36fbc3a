// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/monitor_style.h"

#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QStyleOption>
#include <QToolBar>
#include <QToolButton>
#include <QVariant>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr auto primaryProperty = "decoyPrimary";
constexpr auto problemProperty = "decoyProblem";
constexpr auto validProperty = "decoyValid";
constexpr qreal cornerRadius = 4;
constexpr int underlineWidth = 2;

bool hasFlag(const QWidget *widget, const char *property) { return widget && widget->property(property).toBool(); }

QColor mixed(const QColor &colour, const QColor &other, float share)
{
    return QColor::fromRgbF(colour.redF() * (1 - share) + other.redF() * share,
                            colour.greenF() * (1 - share) + other.greenF() * share,
                            colour.blueF() * (1 - share) + other.blueF() * share);
}

void drawRounded(QPainter *painter, const QRect &rect, const QColor &border, const QBrush &fill)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(border.isValid() ? QPen(border, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill);
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
    painter->restore();
}

void drawButton(const QStyleOption *option, QPainter *painter, bool primary)
{
    const QPalette &palette = option->palette;
    const bool enabled = option->state & QStyle::State_Enabled;
    QColor fill = primary && enabled ? accentColour(palette) : palette.color(QPalette::Button);
    QColor border = primary && enabled ? fill : lineColour(palette);
    if (option->state & (QStyle::State_Sunken | QStyle::State_On))
        fill = mixed(fill, palette.color(QPalette::WindowText), 0.14F);
    else if (enabled && option->state & QStyle::State_MouseOver)
        fill = mixed(fill, palette.color(QPalette::WindowText), 0.06F);
    if (option->state & QStyle::State_HasFocus)
        border = primary ? palette.color(QPalette::WindowText) : accentColour(palette);
    drawRounded(painter, option->rect, border, fill);
}

void drawToolButton(const QStyleOption *option, QPainter *painter)
{
    const QPalette &palette = option->palette;
    const bool hovered = option->state & QStyle::State_Enabled && option->state & QStyle::State_MouseOver;
    const bool pressed = option->state & QStyle::State_Sunken;
    const bool focused = option->state & QStyle::State_HasFocus && option->state & QStyle::State_KeyboardFocusChange;
    QColor fill = Qt::transparent;
    if (option->state & QStyle::State_On)
        fill = palette.color(QPalette::Highlight);
    else if (hovered || pressed)
        fill = mixed(palette.color(QPalette::Window), palette.color(QPalette::WindowText), pressed ? 0.14F : 0.07F);
    drawRounded(painter, option->rect, focused ? accentColour(palette) : QColor(), fill);
}

void drawLineEdit(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    const QPalette &palette = option->palette;
    QColor border = lineColour(palette);
    if (hasFlag(widget, problemProperty))
        border = opcodeStyle(FrameRole::Error, palette).colour;
    else if (hasFlag(widget, validProperty))
        border = opcodeStyle(FrameRole::Result, palette).colour;
    else if (option->state & QStyle::State_HasFocus)
        border = accentColour(palette);
    drawRounded(painter, option->rect, border, palette.brush(QPalette::Base));
}

void drawCheckBox(const QStyleOption *option, QPainter *painter)
{
    const QPalette &palette = option->palette;
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool checked = option->state & QStyle::State_On;
    const QColor edge = enabled ? mutedColour(palette) : lineColour(palette);
    const QColor accent = enabled ? accentColour(palette) : edge;
    const bool focused = option->state & QStyle::State_HasFocus;
    drawRounded(painter, option->rect, checked || focused ? accent : edge,
                checked ? accent : palette.color(QPalette::Base));
    if (!checked)
        return;
    const QRectF box = option->rect;
    const auto at = [&box](qreal x, qreal y) { return QPointF(box.x() + x * box.width(), box.y() + y * box.height()); };
    const std::array tick = {at(0.25, 0.53), at(0.43, 0.70), at(0.76, 0.32)};
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(palette.color(QPalette::Base), 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(tick.data(), static_cast<int>(tick.size()));
    painter->restore();
}

void drawRadioButton(const QStyleOption *option, QPainter *painter)
{
    const QPalette &palette = option->palette;
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool chosen = option->state & QStyle::State_On;
    const bool focused = option->state & QStyle::State_HasFocus;
    const QColor edge = enabled ? mutedColour(palette) : lineColour(palette);
    const QColor accent = enabled ? accentColour(palette) : edge;
    const QRectF circle = QRectF(option->rect).adjusted(1, 1, -1, -1);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(chosen || focused ? accent : edge, focused ? 2 : 1));
    painter->setBrush(palette.brush(QPalette::Base));
    painter->drawEllipse(circle);
    painter->setPen(Qt::NoPen);
    painter->setBrush(chosen ? QBrush(accent) : QBrush(Qt::NoBrush));
    const qreal inset = circle.width() / 4;
    painter->drawEllipse(circle.adjusted(inset, inset, -inset, -inset));
    painter->restore();
}

void drawTab(const QStyleOptionTab *option, QPainter *painter)
{
    const bool selected = option->state & QStyle::State_Selected;
    QRect line = option->rect;
    line.setTop(line.bottom() - underlineWidth + 1);
    if (selected)
        painter->fillRect(line, accentColour(option->palette));
    else if (option->state & QStyle::State_MouseOver)
        painter->fillRect(line, lineColour(option->palette));
}

void drawHeaderSection(const QStyleOption *option, QPainter *painter)
{
    painter->fillRect(option->rect, option->palette.brush(QPalette::Window));
    painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                      lineColour(option->palette));
}

void drawDockTitle(const QStyleOptionDockWidget *option, QPainter *painter, const QRect &textRect)
{
    QFont font = QGuiApplication::font(); // the painter's does not follow the size of text
    font.setWeight(QFont::DemiBold);
    painter->save();
    painter->setFont(font);
    painter->setPen(option->palette.color(QPalette::WindowText));
    painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic,
                      painter->fontMetrics().elidedText(option->title, Qt::ElideRight, textRect.width()));
    painter->restore();
}

void drawSeparator(const QStyleOption *option, QPainter *painter)
{
    const QRect &rect = option->rect;
    const bool vertical = rect.width() < rect.height();
    const QRect line = vertical ? QRect(rect.center().x(), rect.top(), 1, rect.height())
                                : QRect(rect.left(), rect.center().y(), rect.width(), 1);
    painter->fillRect(line, lineColour(option->palette));
}

} // namespace

MonitorStyle::MonitorStyle() : QProxyStyle(u"fusion"_s) {}

void MonitorStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (auto *header = qobject_cast<QHeaderView *>(widget)) {
        header->setHighlightSections(false);
        header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
}

int MonitorStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ToolBarIconSize:
    case PM_ButtonIconSize:
    case PM_TabBarIconSize:
    case PM_ListViewIconSize: return doubleUnit;
    case PM_ToolBarItemSpacing:
    case PM_ToolBarItemMargin: return halfUnit;
    case PM_ToolBarFrameWidth: return 1;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth: return 5;
    case PM_DockWidgetTitleMargin: return halfUnit;
    case PM_DockWidgetTitleBarButtonMargin: return halfUnit;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return gridUnit;
    case PM_TabBarTabHSpace: return gridUnit * 3;
    case PM_TabBarTabVSpace: return gridUnit + halfUnit;
    case PM_FocusFrameHMargin: // text of rows and headers keeps away from the edges of its cell
        return halfUnit + 1;
    case PM_HeaderMargin: return halfUnit + 2;
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int MonitorStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                            QStyleHintReturn *returnData) const
{
    if (hint == SH_TabBar_Alignment)
        return Qt::AlignLeft;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

void MonitorStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand: return drawButton(option, painter, hasFlag(widget, primaryProperty));
    case PE_PanelButtonTool:
        // Outside of toolbars and without auto-raise a tool button is a button like any other.
        if (widget && !(option->state & State_AutoRaise) && !qobject_cast<const QToolBar *>(widget->parentWidget()))
            return drawButton(option, painter, hasFlag(widget, primaryProperty));
        return drawToolButton(option, painter);
    case PE_IndicatorCheckBox: return drawCheckBox(option, painter);
    case PE_IndicatorRadioButton: return drawRadioButton(option, painter);
    case PE_IndicatorArrowDown:
        if (qobject_cast<const QToolButton *>(widget)) {
            QStyleOption centred = *option;
            centred.rect.moveTop((widget->height() - option->rect.height()) / 2);
            return QProxyStyle::drawPrimitive(element, &centred, painter, widget);
        }
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            return drawLineEdit(option, painter, widget);
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    case PE_Frame:
        if (hasFlag(widget, problemProperty))
            return drawLineEdit(option, painter, widget);
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    case PE_IndicatorDockWidgetResizeHandle: return drawSeparator(option, painter);
    case PE_FrameTabBarBase:
    case PE_FrameTabWidget:
    case PE_FrameStatusBarItem:
    case PE_FrameDockWidget: return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void MonitorStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    switch (element) {
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            return drawTab(tab, painter);
        break;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea: return drawHeaderSection(option, painter);
    case CE_DockWidgetTitle:
        if (const auto *dock = qstyleoption_cast<const QStyleOptionDockWidget *>(option)) {
            QRect text = subElementRect(SE_DockWidgetTitleBarText, option, widget);
            text.setLeft(option->rect.left() + gridUnit);
            return drawDockTitle(dock, painter, text);
        }
        break;
    case CE_Splitter: return drawSeparator(option, painter);
    case CE_ToolBar:
        painter->fillRect(option->rect, option->palette.brush(QPalette::Window));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          lineColour(option->palette));
        return;
    case CE_ItemViewItem:
        // A selected row keeps its colours: the highlight is pale enough for all of them.
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            QStyleOptionViewItem coloured = *item;
            coloured.palette.setColor(QPalette::HighlightedText, item->palette.color(QPalette::Text));
            return QProxyStyle::drawControl(element, &coloured, painter, widget);
        }
        break;
    case CE_ToolButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            button && hasFlag(widget, primaryProperty) && button->state & State_Enabled) {
            QStyleOptionToolButton onAccent = *button;
            onAccent.palette.setColor(QPalette::ButtonText, option->palette.color(QPalette::Base));
            onAccent.toolButtonStyle = Qt::ToolButtonTextOnly; // an icon would be dark on the accent
            return QProxyStyle::drawControl(element, &onAccent, painter, widget);
        }
        break;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
            button && hasFlag(widget, primaryProperty) && button->state & State_Enabled) {
            QStyleOptionButton onAccent = *button;
            onAccent.palette.setColor(QPalette::ButtonText, option->palette.color(QPalette::Base));
            onAccent.icon = {}; // it would be dark on the accent
            return QProxyStyle::drawControl(element, &onAccent, painter, widget);
        }
        break;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

QIcon MonitorStyle::standardIcon(StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const
{
    if (pixmap == SP_TitleBarCloseButton)
        return icon("release"_L1);
    if (pixmap == SP_TitleBarNormalButton)
        return icon("float"_L1);
    return QProxyStyle::standardIcon(pixmap, option, widget);
}

QSize MonitorStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                     const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_ItemViewItem: result.setHeight(std::max(result.height(), rowHeight)); break;
    case CT_PushButton:
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox: result.setHeight(std::max(result.height(), gridUnit * 7 / 2)); break;
    case CT_ToolButton:
        if (const auto *button = qobject_cast<const QToolButton *>(widget)) {
            if (button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon)
                result.rwidth() += gridUnit;
            if (hasFlag(widget, primaryProperty))
                result += QSize(doubleUnit, gridUnit);
        }
        break;
    case CT_HeaderSection: result.setHeight(std::max(result.height(), rowHeight + halfUnit)); break;
    default: break;
    }
    return result;
}

void makePrimary(QAbstractButton *button)
{
    button->setProperty(primaryProperty, true);
    button->update();
}

void markProblem(QWidget *widget, bool problem)
{
    if (hasFlag(widget, problemProperty) == problem)
        return;
    widget->setProperty(problemProperty, problem);
    widget->update();
}

void markValid(QWidget *widget, bool valid)
{
    if (hasFlag(widget, validProperty) == valid)
        return;
    widget->setProperty(validProperty, valid);
    widget->update();
}

} // namespace decoy::ui
