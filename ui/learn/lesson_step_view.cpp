// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lesson_step_view.h"

#include "learn/cost_bars.h"
#include "learn/lesson_player.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

enum StatusRole { Waiting, Good, Bad };

QLabel *makeText()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

QFont emphasised(QFont font, qreal larger)
{
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(font.pointSizeF() + larger);
    return font;
}

} // namespace

LessonStepView::LessonStepView(LessonPlayer &player, QWidget *parent)
    : QWidget(parent), m_player(player), m_place(makeText()), m_title(makeText()), m_text(makeText()),
      m_task(makeText()), m_action(new QPushButton), m_progress(new QProgressBar), m_question(makeText()),
      m_answerBox(new QWidget), m_answerLayout(new QVBoxLayout(m_answerBox)), m_costs(new CostBars),
      m_status(makeText()), m_leave(new QPushButton(u"All lessons"_s)), m_restart(new QToolButton),
      m_back(new QPushButton(u"Back"_s)), m_next(new QPushButton(u"Next"_s))
{
    m_place->setForegroundRole(QPalette::PlaceholderText);
    m_title->setFont(emphasised(font(), 3));
    m_task->setFont(emphasised(font(), 0));
    m_question->setFont(emphasised(font(), 0));
    m_status->setAccessibleName(u"What came of it"_s);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(u"How far the measurement is"_s);
    m_leave->setToolTip(u"Leave this lesson; what it has made goes with it"_s);
    m_restart->setIcon(icon("restart"_L1));
    m_restart->setToolTip(u"Begin this lesson anew"_s);
    m_restart->setAccessibleName(u"Restart this lesson"_s);
    m_restart->setAutoRaise(true);
    m_restart->setFocusPolicy(Qt::TabFocus);
    makePrimary(m_next);
    layOut();
    connect(m_action, &QPushButton::clicked, &m_player, &LessonPlayer::perform);
    connect(m_next, &QPushButton::clicked, &m_player, &LessonPlayer::next);
    connect(m_back, &QPushButton::clicked, &m_player, &LessonPlayer::back);
    connect(m_leave, &QPushButton::clicked, &m_player, &LessonPlayer::leave);
    connect(m_restart, &QToolButton::clicked, &m_player, [this] { m_player.start(m_player.lesson()); });
    connect(&m_player, &LessonPlayer::stepChanged, this, &LessonStepView::showStep);
    connect(&m_player, &LessonPlayer::stateChanged, this, &LessonStepView::showState);
    connect(&m_player, &LessonPlayer::progressed, this, &LessonStepView::showProgress);
}

void LessonStepView::layOut()
{
    m_answerLayout->setContentsMargins({});
    m_answerLayout->setSpacing(gridUnit);
    auto *head = new QHBoxLayout;
    head->addWidget(m_place, 1);
    head->addWidget(m_restart, 0, Qt::AlignTop);
    auto *doing = new QHBoxLayout;
    doing->addWidget(m_action);
    doing->addStretch();
    auto *leaving = new QHBoxLayout;
    leaving->setSpacing(gridUnit);
    leaving->addWidget(m_leave);
    m_leave->setFlat(true);
    leaving->addStretch();
    for (QPushButton *button : {m_back, m_next})
        leaving->addWidget(button);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    layout->addLayout(head);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addSpacing(gridUnit);
    layout->addWidget(m_task);
    layout->addLayout(doing);
    layout->addWidget(m_progress);
    layout->addWidget(m_question);
    layout->addWidget(m_answerBox);
    layout->addWidget(m_status);
    layout->addSpacing(gridUnit);
    layout->addWidget(m_costs);
    layout->addStretch();
    layout->addLayout(leaving);
}

void LessonStepView::showStep()
{
    const LessonStep &step = m_player.currentStep();
    const Lesson &lesson = m_player.lessons()[static_cast<std::size_t>(m_player.lesson())];
    m_place->setText(u"%1  ·  step %2 of %3"_s.arg(lesson.title).arg(m_player.step() + 1).arg(m_player.stepCount()));
    m_title->setText(step.title);
    m_text->setText(step.text);
    m_task->setText(step.task);
    m_task->setVisible(!step.task.isEmpty());
    m_action->setText(step.button);
    m_action->setMinimumWidth(fontMetrics().horizontalAdvance(step.button) + 4 * gridUnit);
    m_action->setVisible(!step.button.isEmpty());
    m_progress->hide();
    m_question->setVisible(step.question.has_value());
    m_answerBox->setVisible(step.question.has_value());
    qDeleteAll(m_answers);
    m_answers.clear();
    if (step.question)
        showQuestion(*step.question);
    m_back->setEnabled(m_player.step() > 0);
    m_next->setText(m_player.step() + 1 == m_player.stepCount() ? u"Finish"_s : u"Next"_s);
    showState();
    focusFirst();
}

void LessonStepView::showQuestion(const LessonQuestion &question)
{
    m_question->setText(question.text);
    QWidget *before = m_action;
    for (int answer = 0; answer < static_cast<int>(question.answers.size()); ++answer) {
        auto *button = new QRadioButton(question.answers[static_cast<std::size_t>(answer)].text);
        // Arrow keys move between them; only Space, Enter or a click is an answer.
        button->setAutoExclusive(true);
        connect(button, &QRadioButton::clicked, &m_player, [this, answer] { m_player.giveAnswer(answer); });
        m_answerLayout->addWidget(button);
        setTabOrder(before, button);
        before = button;
        m_answers.push_back(button);
    }
    if (m_player.answer() >= 0)
        m_answers[static_cast<std::size_t>(m_player.answer())]->setChecked(true);
}

void LessonStepView::showState()
{
    if (m_player.lesson() < 0)
        return;
    const LessonStep &step = m_player.currentStep();
    const bool done = m_player.isDone();
    // A step without a button has nothing else to hold the keyboard while it waits.
    const bool hadFocus = m_action->hasFocus() || (m_leave->hasFocus() && step.button.isEmpty());
    m_action->setEnabled(!done); // while it is busy it keeps the keyboard; the player takes no second order
    m_next->setEnabled(done);
    m_action->setProperty("decoyPrimary", !done && !m_player.isBusy());
    m_next->setProperty("decoyPrimary", done);
    m_progress->setVisible(m_player.isBusy() && step.action == LessonAction::Measure);
    const LaneCosts *costs = m_player.scene()->costs();
    m_costs->setVisible(costs != nullptr);
    if (costs)
        m_costs->showCosts(*costs);
    if (done && hadFocus)
        m_next->setFocus(Qt::OtherFocusReason);

    if (step.question && m_player.answer() >= 0) {
        const LessonAnswer &answer = step.question->answers[static_cast<std::size_t>(m_player.answer())];
        return m_player.answer() == step.question->right ? showStatus(u"✓"_s, answer.reply, Good)
                                                         : showStatus(u"✕"_s, answer.reply, Bad);
    }
    if (!m_player.problem().isEmpty())
        return showStatus(u"✕"_s, m_player.problem(), Bad);
    if (done && step.goal != LessonGoal::None)
        return showStatus(u"✓"_s, m_player.observation(), Good);
    if (m_player.isBusy() || (step.button.isEmpty() && step.goal != LessonGoal::None))
        return showStatus(u"…"_s, u"It is under way."_s, Waiting);
    showStatus({}, {}, Waiting);
}

void LessonStepView::showStatus(const QString &sign, const QString &text, int role)
{
    m_statusRole = role;
    m_status->setVisible(!text.isEmpty());
    m_status->setText(sign + u"  "_s + text);
    QPalette colours = palette();
    if (role == Good)
        colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Result, palette()).colour);
    else if (role == Bad)
        colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Error, palette()).colour);
    else
        colours.setColor(QPalette::WindowText, mutedColour(palette()));
    m_status->setPalette(colours);
}

QString LessonStepView::status() const { return m_status->isHidden() ? QString() : m_status->text(); }

void LessonStepView::showProgress(double share) { m_progress->setValue(static_cast<int>(share * 1000)); }

void LessonStepView::focusFirst()
{
    if (!m_answers.empty())
        m_answers.front()->setFocus(Qt::OtherFocusReason);
    else if (m_action->isVisibleTo(this) && m_action->isEnabled())
        m_action->setFocus(Qt::OtherFocusReason);
    else if (m_next->isEnabled())
        m_next->setFocus(Qt::OtherFocusReason);
    else
        m_leave->setFocus(Qt::OtherFocusReason);
}

void LessonStepView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_player.lesson() >= 0)
        showState();
}

} // namespace decoy::ui
