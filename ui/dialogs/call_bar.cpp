// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/call_bar.h"

#include "session/call_runner.h"
#include "session/manual_calls.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr double longestTimeoutSeconds = 24 * 3600;

QLabel *makeCaption(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

CallBar::CallBar(QWidget *parent) : QWidget(parent)
{
    makeInputs();
    makeButtons();
    m_elapsed = new QLabel;
    m_elapsed->setFont(tabularFont());
    m_elapsed->setMinimumWidth(QFontMetrics(m_elapsed->font()).horizontalAdvance(u"00000.0 s"_s));
    m_elapsed->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto *inputs = new QHBoxLayout;
    inputs->addWidget(makeCaption(u"&Timeout"_s, m_timeout));
    inputs->addWidget(m_timeout);
    inputs->addSpacing(gridUnit);
    m_repeatCaption = makeCaption(u"Re&peat"_s, m_repetitions);
    inputs->addWidget(m_repeatCaption);
    inputs->addWidget(m_repetitions);
    inputs->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_elapsed);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_send);
    m_lines = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_lines->setContentsMargins({});
    m_lines->addLayout(inputs);
    m_lines->addLayout(buttons);
    m_ticking.setInterval(numbersIntervalMs);
    connect(&m_ticking, &QTimer::timeout, this, &CallBar::showElapsed);
    showIdle(false);
}

void CallBar::setNarrow(bool isNarrow)
{
    m_lines->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_repeatCaption->setVisible(!isNarrow); // its unit says it
}

void CallBar::makeInputs()
{
    m_timeout = new QDoubleSpinBox;
    m_timeout->setRange(0.01, longestTimeoutSeconds);
    m_timeout->setDecimals(2);
    m_timeout->setSuffix(u" s"_s);
    m_timeout->setAccessibleName(u"Timeout in seconds"_s);
    setTimeout(defaultInvokeTimeout);
    m_repetitions = new QSpinBox;
    m_repetitions->setRange(1, ManualCalls::mostRepetitions);
    m_repetitions->setSuffix(u" ×"_s);
    m_repetitions->setAccessibleName(u"How often to call"_s);
    m_repetitions->setToolTip(u"Make the same call so many times, one after the other, and see how long they take"_s);
}

void CallBar::makeButtons()
{
    m_send = new QPushButton(icon("invoke"_L1), u"&Send"_s);
    m_send->setToolTip(u"Call the method (Ctrl+Enter)"_s);
    m_send->setAutoDefault(false);
    makePrimary(m_send);
    connect(m_send, &QPushButton::clicked, this, &CallBar::sendRequested);
    m_cancel = new QPushButton(u"&Cancel"_s);
    m_cancel->setToolTip(u"Stop waiting for the answer (Esc)"_s);
    m_cancel->setAutoDefault(false);
    connect(m_cancel, &QPushButton::clicked, this, &CallBar::cancelRequested);
}

std::chrono::milliseconds CallBar::timeout() const
{
    return std::chrono::milliseconds(qRound64(m_timeout->value() * 1000));
}

int CallBar::repetitions() const { return m_repetitions->value(); }

void CallBar::setTimeout(std::chrono::milliseconds timeout)
{
    m_timeout->setValue(std::chrono::duration<double>(timeout).count());
}

void CallBar::setRepetitions(int repetitions) { m_repetitions->setValue(repetitions); }

void CallBar::showRunning(std::shared_ptr<const SeriesProgress> progress)
{
    m_progress = std::move(progress);
    m_since.start();
    m_send->setEnabled(false);
    m_cancel->setEnabled(true);
    m_elapsed->show();
    m_ticking.start();
    showElapsed();
}

void CallBar::showIdle(bool canSend)
{
    m_progress.reset();
    m_ticking.stop();
    m_send->setEnabled(canSend);
    m_cancel->setEnabled(false);
    m_elapsed->hide();
}

std::chrono::nanoseconds CallBar::elapsed() const
{
    return std::chrono::nanoseconds(m_since.isValid() ? m_since.nsecsElapsed() : 0);
}

void CallBar::showElapsed()
{
    const double seconds = std::chrono::duration<double>(elapsed()).count();
    const QString time = u"%1 s"_s.arg(seconds, 0, 'f', 1);
    m_elapsed->setText(m_progress ? u"%1 of %2  ·  %3"_s.arg(groupedNumber(quint64(m_progress->made.load())),
                                                             groupedNumber(quint64(repetitions())), time)
                                  : time);
}

} // namespace decoy::ui
