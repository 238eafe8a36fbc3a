// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/empty_state.h"

#include "theme/metrics.h"

#include <QAction>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace decoy::ui {

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent), m_cause(new QLabel(this)), m_advice(new QLabel(this)), m_button(new QToolButton(this)),
      m_link(new QPushButton(this))
{
    QFont strong = m_cause->font();
    strong.setWeight(QFont::DemiBold);
    strong.setPointSizeF(strong.pointSizeF() + 2);
    m_cause->setFont(strong);
    for (QLabel *label : {m_cause, m_advice}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
    }
    m_advice->setForegroundRole(QPalette::PlaceholderText);
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->hide();
    m_link->setFlat(true);
    QFont underlined = m_link->font();
    underlined.setUnderline(true);
    m_link->setFont(underlined);
    m_link->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    layout->addStretch();
    layout->addWidget(m_cause);
    layout->addWidget(m_advice);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addWidget(m_link, 0, Qt::AlignHCenter);
    layout->addStretch();
    parent->installEventFilter(this);
    setGeometry(parent->rect());
}

void EmptyState::setTexts(const QString &cause, const QString &advice, QAction *action)
{
    m_cause->setText(cause);
    m_advice->setText(advice);
    if (QAction *last = m_button->defaultAction(); last && last != action)
        m_button->removeAction(last);
    if (action)
        m_button->setDefaultAction(action);
    m_button->setVisible(action != nullptr);
}

void EmptyState::setLink(const QString &text, QAction *action)
{
    m_link->setText(text);
    connect(m_link, &QPushButton::clicked, action, &QAction::trigger);
    m_link->show();
}

bool EmptyState::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

} // namespace decoy::ui
