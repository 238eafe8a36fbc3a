// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/traffic_chips.h"

#include "session/session.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "trace/traffic_collector.h"
#include "views/traffic_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString rateText(double perSecond) { return groupedNumber(static_cast<quint64>(perSecond + 0.5)); }

} // namespace

TrafficChips::TrafficChips(Session &session, const TrafficView &view, QWidget *parent)
    : QWidget(parent), m_session(session), m_view(view)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridUnit, 0, gridUnit, 0);
    layout->setSpacing(gridUnit + halfUnit);
    const QString million = groupedNumber(8'888'888);
    m_chips[FrameRate] = addChip(u"frames/s"_s, million, u"Frames that the server saw in the last moment"_s);
    m_chips[CallRate] = addChip(u"calls/s"_s, million, u"Requests that want an answer"_s);
    m_chips[Captured] = addChip(u"captured"_s, groupedNumber(888'888'888), u"Frames captured since the last clear"_s);
    m_chips[Displayed] = addChip(u"displayed"_s, groupedNumber(888'888'888), u"Frames that the table shows"_s);
    m_chips[Dropped] = addChip(u"dropped"_s, million,
                               u"Frames lost because they came faster than they could be taken"_s);
    m_chips[Lag] = addChip(u"lag"_s, million, u"Frames that wait to be taken"_s);
    m_timer.setInterval(numbersIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &TrafficChips::showNumbers);
    m_timer.start();
    showNumbers();
}

TrafficChips::Chip TrafficChips::addChip(const QString &caption, const QString &widest, const QString &meaning)
{
    auto *column = new QWidget;
    column->setToolTip(meaning);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    Chip chip = {new QLabel, new QLabel(caption)};
    chip.value->setFont(tabularFont());
    QFont small = chip.caption->font();
    small.setPointSizeF(small.pointSizeF() - 2);
    chip.caption->setFont(small);
    chip.caption->setForegroundRole(QPalette::PlaceholderText);
    chip.value->setAccessibleName(caption);
    for (QLabel *label : {chip.value, chip.caption}) {
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        layout->addWidget(label);
    }
    column->setFixedWidth(std::max(QFontMetrics(chip.value->font()).horizontalAdvance(widest),
                                   QFontMetrics(small).horizontalAdvance(caption)));
    this->layout()->addWidget(column);
    return chip;
}

void TrafficChips::setNumber(Which which, const QString &text)
{
    if (m_chips[which].value->text() != text)
        m_chips[which].value->setText(text);
}

void TrafficChips::showNumbers()
{
    m_rates.update(m_session.frames().counters());
    const CaptureCounts counts = m_session.collector().counts();
    setNumber(FrameRate, rateText(m_rates.framesPerSecond()));
    setNumber(CallRate, rateText(m_rates.callsPerSecond()));
    setNumber(Captured, groupedNumber(counts.captured));
    setNumber(Displayed, groupedNumber(m_view.shownRows().size()));
    setNumber(Lag, groupedNumber(counts.lag()));
    // Loss must not pass unnoticed: a sign as well as a colour.
    const bool lost = counts.dropped > 0;
    const OpcodeStyle &error = opcodeStyle(FrameRole::Error, palette());
    QPalette colours = palette();
    if (lost)
        colours.setColor(QPalette::WindowText, error.colour);
    m_chips[Dropped].value->setPalette(colours);
    setNumber(Dropped, lost ? error.sign + groupedNumber(counts.dropped) : u"0"_s);
}

QString TrafficChips::text(int chip) const { return m_chips[chip].value->text(); }

void TrafficChips::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_chips[Dropped].value)
        showNumbers();
}

} // namespace decoy::ui
