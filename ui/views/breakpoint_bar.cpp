// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/breakpoint_bar.h"

#include "session/traffic_hold.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "trace/frame_store.h"
#include "views/elided_label.h"
#include "views/filter_edit.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

BreakpointBar::BreakpointBar(TrafficHold &hold, const FrameNames &names, const FrameStore &frames, QWidget *parent)
    : QWidget(parent), m_hold(hold),
      m_edit(new FilterEdit([&names, &frames] { return FilterVocabulary::from(names, frames.snapshot()); })),
      m_sign(new QLabel), m_status(new ElidedLabel), m_timeout(new QSpinBox)
{
    m_edit->setAccessibleName(u"Breakpoint"_s);
    m_edit->setPlaceholderText(u"Every request, or only some, as: object == account && method == withdraw"_s);
    m_edit->setToolTip(
        u"While Hold is on, requests that match wait here. Enter applies, ↓ shows what can be asked for."_s);
    m_sign->setAlignment(Qt::AlignCenter);
    m_sign->setFixedWidth(doubleUnit);
    m_status->setAccessibleName(u"What the breakpoint does"_s);
    m_timeout->setRange(static_cast<int>(TrafficHold::shortestTimeout / std::chrono::seconds(1)),
                        static_cast<int>(TrafficHold::longestTimeout / std::chrono::seconds(1)));
    m_timeout->setSuffix(u" s"_s);
    m_timeout->setKeyboardTracking(false);
    m_timeout->setAccessibleName(u"Time limit of a held request"_s);
    m_timeout->setToolTip(u"A request goes on by itself after so long, so that no client hangs because nobody looks"_s);
    auto *limit = new QLabel(u"Goes on &after"_s);
    limit->setBuddy(m_timeout);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_edit, 3);
    layout->addWidget(m_sign);
    layout->addWidget(m_status, 2);
    layout->addWidget(limit);
    layout->addWidget(m_timeout);
    setFocusProxy(m_edit);

    connect(m_edit, &QLineEdit::textChanged, this, &BreakpointBar::showState);
    connect(m_edit, &FilterEdit::accepted, this, &BreakpointBar::apply);
    connect(m_edit, &FilterEdit::left, this, [this] { m_edit->setText(m_hold.breakpoint()); });
    connect(m_timeout, &QSpinBox::valueChanged, this,
            [this](int seconds) { m_hold.setTimeout(std::chrono::seconds(seconds)); });
    connect(&m_hold, &TrafficHold::settingsChanged, this, &BreakpointBar::takeSettings);
    m_edit->setText(m_hold.breakpoint());
    takeSettings();
}

void BreakpointBar::takeSettings()
{
    const QSignalBlocker quiet(m_timeout);
    m_timeout->setValue(static_cast<int>(m_hold.timeout() / std::chrono::seconds(1)));
    showState();
}

bool BreakpointBar::apply()
{
    if (!m_hold.setBreakpoint(m_edit->text())) {
        m_edit->setText(m_hold.breakpoint());
        showState();
        return true;
    }
    m_edit->setFocus(Qt::OtherFocusReason);
    showState();
    return false;
}

bool BreakpointBar::setBreakpoint(const QString &text)
{
    m_edit->setText(text);
    return apply();
}

void BreakpointBar::showState()
{
    const QString typed = m_edit->text().trimmed();
    const Breakpoint::Compiled compiled = Breakpoint::compile(typed);
    m_edit->underline(compiled.error);
    const bool isInForce = typed == m_hold.breakpoint();
    const bool isHolding = isInForce && m_hold.mode() == HoldMode::Breakpoint;
    QString sign = isHolding || !isInForce ? u"✓"_s : QString();
    QString text = isHolding ? (typed.isEmpty() ? u"Every request waits"_s : u"What matches waits"_s)
        : isInForce          ? u"In force when Hold is on"_s
                             : u"Valid, Enter applies it"_s;
    QColor colour = sign.isEmpty() ? mutedColour(palette()) : opcodeStyle(FrameRole::Result, palette()).colour;
    if (compiled.error) {
        const OpcodeStyle &bad = opcodeStyle(FrameRole::Error, palette());
        sign = bad.sign;
        text = u"At %1: %2"_s.arg(compiled.error->position + 1).arg(compiled.error->message);
        colour = bad.colour;
    }
    m_sign->setText(sign);
    m_status->setText(text);
    for (QLabel *label : {m_sign, static_cast<QLabel *>(m_status)}) {
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText, colour);
        label->setPalette(colours);
    }
    markProblem(m_edit, compiled.error.has_value());
    markValid(m_edit, isHolding && !typed.isEmpty());
}

QString BreakpointBar::typed() const { return m_edit->text().trimmed(); }

QString BreakpointBar::statusText() const { return m_sign->text() + u' ' + m_status->text(); }

void BreakpointBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showState();
}

} // namespace decoy::ui
