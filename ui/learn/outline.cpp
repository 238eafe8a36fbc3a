// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/outline.h"

#include "theme/theme.h"

#include <QEvent>
#include <QPainter>

namespace decoy::ui {

namespace {

constexpr int lineWidth = 2;

} // namespace

Outline::Outline(QWidget *target) : QWidget(target->parentWidget()), m_target(target)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
    setGeometry(target->geometry());
    target->installEventFilter(this);
    raise();
    setVisible(target->isVisible());
}

bool Outline::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Move:
    case QEvent::Resize: setGeometry(m_target->geometry()); break;
    case QEvent::Show:
        show();
        raise();
        break;
    case QEvent::Hide: hide(); break;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void Outline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(accentColour(palette()), lineWidth));
    const double inset = lineWidth / 2.0;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), 4, 4);
}

} // namespace decoy::ui
