// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lesson_list.h"

#include "learn/lesson_player.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"
#include "theme/opcode_style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QLabel *makeText(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

QLabel *makeHeading(const QString &text, qreal larger)
{
    QLabel *label = makeText(text);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(font.pointSizeF() + larger);
    label->setFont(font);
    return label;
}

} // namespace

LessonList::LessonList(LessonPlayer &player, QWidget *parent)
    : QWidget(parent), m_player(player), m_problem(makeText({}))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(doubleUnit);
    layout->addWidget(makeHeading(u"Learn Decoy"_s, 3));
    QLabel *introduction = makeText(
        u"Five short lessons on the live server: everything you will see really happens, in this window and "
        "in real processes. A lesson takes about three minutes and tidies up after itself."_s);
    introduction->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(introduction);
    layout->addWidget(m_problem);
    for (int lesson = 0; lesson < static_cast<int>(m_player.lessons().size()); ++lesson)
        layout->addWidget(makeRow(lesson));
    layout->addStretch();
    refresh();
}

QWidget *LessonList::makeRow(int lesson)
{
    const Lesson &shown = m_player.lessons()[static_cast<std::size_t>(lesson)];
    LessonRow row;
    row.mark = new QLabel;
    row.mark->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    row.mark->setFixedWidth(gridUnit * 2);
    row.start = new QPushButton;
    connect(row.start, &QPushButton::clicked, &m_player, [this, lesson] { m_player.start(lesson); });
    m_rows.push_back(row);

    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(makeHeading(shown.title, 0));
    QLabel *summary = makeText(shown.summary);
    summary->setForegroundRole(QPalette::PlaceholderText);
    texts->addWidget(summary);
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins({});
    layout->setSpacing(gridUnit);
    layout->addWidget(row.mark);
    layout->addLayout(texts, 1);
    layout->addWidget(row.start, 0, Qt::AlignTop);
    return line;
}

QString LessonList::problem() const { return m_problem->isHidden() ? QString() : m_problem->text(); }

void LessonList::refresh()
{
    QStringList missing;
    bool hasPrimary = false;
    for (int lesson = 0; lesson < static_cast<int>(m_rows.size()); ++lesson) {
        const LessonRow &row = m_rows[static_cast<std::size_t>(lesson)];
        const QStringList lacking = m_player.missingObjects(lesson);
        missing += lacking;
        const bool finished = m_player.isFinished(lesson);
        const QString title = m_player.lessons()[static_cast<std::size_t>(lesson)].title;
        QPalette colours = palette();
        if (finished)
            colours.setColor(QPalette::WindowText, opcodeStyle(FrameRole::Result, palette()).colour);
        row.mark->setPalette(colours);
        row.mark->setText(finished ? u"✓"_s : QString::number(lesson + 1));
        row.mark->setAccessibleName(finished ? u"finished"_s : u"lesson %1"_s.arg(lesson + 1));
        row.start->setText(finished ? u"Again"_s : u"Start"_s);
        row.start->setAccessibleName(u"%1: %2"_s.arg(row.start->text(), title));
        row.start->setEnabled(lacking.isEmpty());
        const bool isPrimary = !finished && !hasPrimary;
        hasPrimary |= isPrimary;
        row.start->setProperty("decoyPrimary", isPrimary);
        row.start->update();
    }
    missing.removeDuplicates();
    m_problem->setVisible(!missing.isEmpty());
    if (!missing.isEmpty())
        m_problem->setText(
            u"This server has no %1, which the lessons use. They are among the demo objects: start the monitor with "
            "“decoy-monitor --demo”, and open Help ▸ Learn Decoy there."_s.arg(missing.join(u", "_s)));
}

void LessonList::focusNext()
{
    for (const LessonRow &row : m_rows) {
        if (row.start->isEnabled() && row.start->property("decoyPrimary").toBool())
            return row.start->setFocus(Qt::OtherFocusReason);
    }
    m_rows.front().start->setFocus(Qt::OtherFocusReason);
}

} // namespace decoy::ui
