// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/text_zoom.h"

#include "theme/metrics.h"

#include <QApplication>
#include <QHeaderView>
#include <QSettings>
#include <QTableView>
#include <QWidget>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QLatin1String stepsKey{"window/textSteps"};
constexpr auto usualHeight = "usualRowHeight";

/// Rows of tables have a height of their own, which must not cut larger text.
void fitRows()
{
    for (QWidget *widget : QApplication::allWidgets()) {
        auto *table = qobject_cast<QTableView *>(widget);
        if (!table)
            continue;
        QHeaderView *rows = table->verticalHeader();
        if (!rows->property(usualHeight).isValid())
            rows->setProperty(usualHeight, rows->defaultSectionSize());
        rows->setDefaultSectionSize(
            std::max(rows->property(usualHeight).toInt(), table->fontMetrics().height() + gridUnit));
    }
}

} // namespace

TextZoom::TextZoom(QApplication &, QObject *parent) : QObject(parent), m_usualSize(QApplication::font().pointSizeF())
{
    setSteps(QSettings().value(stepsKey).toInt()); // whatever stands there becomes a number, and is bounded
}

void TextZoom::setSteps(int steps)
{
    const int wanted = std::clamp(steps, smallest, largest);
    const int before = std::exchange(m_steps, wanted);
    if (before == wanted)
        return;
    apply(before, wanted);
    QSettings().setValue(stepsKey, wanted);
    Q_EMIT changed(wanted);
}

void TextZoom::apply(int from, int to)
{
    // A widget with a font of its own, a title or a monospace one, does not follow the application's: it grows by the same factor.
    // Asked for before the change, because afterwards children of such a widget have grown with it.
    const qreal factor = (m_usualSize + to) / (m_usualSize + from);
    std::vector<std::pair<QWidget *, QFont>> own;
    for (QWidget *widget : QApplication::allWidgets()) {
        const QFont font = widget->font();
        if (widget->testAttribute(Qt::WA_SetFont) && font.pointSizeF() > 0)
            own.emplace_back(widget, font);
    }
    QFont font = QApplication::font();
    font.setPointSizeF(m_usualSize + to);
    QApplication::setFont(font);
    for (auto &[widget, ownFont] : own) {
        ownFont.setPointSizeF(ownFont.pointSizeF() * factor);
        widget->setFont(ownFont);
    }
    fitRows();
}

} // namespace decoy::ui
