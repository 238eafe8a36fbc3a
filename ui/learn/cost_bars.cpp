// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/cost_bars.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int barHeight = gridUnit;

QString shareText(std::chrono::nanoseconds part, std::chrono::nanoseconds whole)
{
    const double percent = whole.count() == 0
        ? 0
        : 100.0 * static_cast<double>(part.count()) / static_cast<double>(whole.count());
    return u"%1  (%2 %)"_s.arg(durationText(part.count()), QString::number(percent, 'f', percent < 1 ? 2 : 1));
}

} // namespace

CostBars::CostBars(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(u"What was measured"_s);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void CostBars::showCosts(const LaneCosts &costs)
{
    m_costs = costs;
    setAccessibleDescription(u"A call: %1 when woken, %2 over the mailbox. Processor time in silence: %3 and %4."_s.arg(
        durationText(costs.waking.median.count()), durationText(costs.polling.median.count()),
        durationText(costs.waking.idleCpu.count()), durationText(costs.polling.idleCpu.count())));
    update();
}

QSize CostBars::sizeHint() const
{
    const int line = fontMetrics().height();
    return {gridUnit * 30, 2 * (4 * line + 2 * barHeight + gridUnit * 5)};
}

void CostBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int next = paintGroup(painter, 0, u"A call, median of %1"_s.arg(m_costs.calls), u"shorter is better"_s,
                                m_costs.waking.median, m_costs.polling.median,
                                durationText(m_costs.waking.median.count()),
                                durationText(m_costs.polling.median.count()));
    paintGroup(painter, next + gridUnit, u"Processor, %1 of silence"_s.arg(durationText(m_costs.idle.count())),
               u"share of one core"_s, m_costs.waking.idleCpu, m_costs.polling.idleCpu,
               shareText(m_costs.waking.idleCpu, m_costs.idle), shareText(m_costs.polling.idleCpu, m_costs.idle));
}

int CostBars::paintGroup(QPainter &painter, int top, const QString &title, const QString &note,
                         std::chrono::nanoseconds waking, std::chrono::nanoseconds polling, const QString &wakingText,
                         const QString &pollingText) const
{
    const int line = fontMetrics().height();
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(0, top, width(), line), Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.setFont(font());
    painter.setPen(mutedColour(palette()));
    painter.drawText(QRect(0, top, width(), line), Qt::AlignRight | Qt::AlignVCenter, note);
    const double longest = std::max<double>(
        {1.0, static_cast<double>(waking.count()), static_cast<double>(polling.count())});
    int y = top + line + gridUnit;
    const auto bar = [&](const QString &name, const QString &text, std::chrono::nanoseconds value,
                         const QColor &colour) {
        painter.setPen(palette().color(QPalette::WindowText));
        painter.setFont(font());
        painter.drawText(QRect(0, y, width(), line), Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setFont(tabularFont(font()));
        painter.drawText(QRect(0, y, width(), line), Qt::AlignRight | Qt::AlignVCenter, text);
        const double share = static_cast<double>(value.count()) / longest;
        painter.setPen(Qt::NoPen);
        painter.setBrush(lineColour(palette()));
        painter.drawRoundedRect(QRectF(0, y + line + 2, width(), barHeight), 3, 3);
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(0, y + line + 2, std::max(3.0, width() * share), barHeight), 3, 3);
        y += line + 2 + barHeight + gridUnit;
    };
    bar(u"native lane: woken"_s, wakingText, waking, opcodeStyle(FrameRole::Result, palette()).colour);
    bar(u"mailbox: polled"_s, pollingText, polling, opcodeStyle(FrameRole::Set, palette()).colour);
    return y;
}

} // namespace decoy::ui
