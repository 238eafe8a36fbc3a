// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jump_button.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/monitor_style.h"

#include <QEvent>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

JumpButton::JumpButton(QWidget *viewport) : QPushButton(viewport)
{
    setFocusPolicy(Qt::NoFocus); // End does the same
    makePrimary(this);
    hide();
    viewport->installEventFilter(this);
}

void JumpButton::offer(quint64 newer, bool frozen)
{
    const bool now = std::exchange(m_frozen, frozen) != frozen || isHidden();
    if (now || m_textAge.hasExpired(numbersIntervalMs)) {
        const QString count = newer == 0 ? QString() : tr("%1 newer · ").arg(groupedNumber(newer));
        setText(frozen ? tr("Frozen · %1Go on").arg(count) : count + tr("Jump to latest"));
        place();
        m_textAge.restart();
    }
    show();
}

void JumpButton::withdraw() { hide(); }

void JumpButton::place()
{
    resize(sizeHint() + QSize(doubleUnit, 0));
    move(parentWidget()->width() - width() - doubleUnit, parentWidget()->height() - height() - doubleUnit);
}

bool JumpButton::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        place();
    return QPushButton::eventFilter(watched, event);
}

} // namespace decoy::ui
