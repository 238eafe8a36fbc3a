// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/banner.h"

#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "views/elided_label.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// The colour of what changes something; the tint is one that text can stand on.
const OpcodeStyle &bannerStyle(const QPalette &palette) { return opcodeStyle(FrameRole::Set, palette); }

} // namespace

Banner::Banner(QWidget *parent) : QWidget(parent), m_sign(new QLabel), m_title(new QLabel), m_text(new ElidedLabel)
{
    m_title->setTextFormat(Qt::PlainText);
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(doubleUnit, halfUnit, gridUnit, halfUnit);
    layout->setSpacing(gridUnit);
    layout->addWidget(m_sign);
    layout->addWidget(m_title);
    layout->addWidget(m_text, 1);
}

void Banner::addButton(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(u'&'));
    layout()->addWidget(button);
    const auto follow = [button, action] { button->setVisible(action->isVisible()); };
    connect(action, &QAction::changed, button, follow);
    follow();
}

QString Banner::text() const { return m_title->text() + u": "_s + m_text->text(); }

void Banner::setTextName(const QString &name) { m_text->setAccessibleName(name); }

void Banner::say(QLatin1String name, const QString &title, const QString &text)
{
    m_sign->setPixmap(icon(name).pixmap(QSize(doubleUnit, doubleUnit), devicePixelRatioF()));
    m_title->setText(title);
    m_text->setText(text);
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), bannerStyle(palette()).tint);
    painter.fillRect(QRect(0, 0, halfUnit, height()), bannerStyle(palette()).colour);
}

void Banner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace decoy::ui
