// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/centre_tabs.h"

#include <QEvent>
#include <QTabBar>

namespace decoy::ui {

CentreTabs::CentreTabs(QWidget *parent) : QTabWidget(parent) { setDocumentMode(true); }

void CentreTabs::fit()
{
    setHasIcons(true);
    if (tabBar()->sizeHint().width() > width())
        setHasIcons(false);
}

void CentreTabs::setHasIcons(bool hasIcons)
{
    for (int index = 0; index < count(); ++index)
        setTabIcon(index, hasIcons ? m_icons.value(widget(index)) : QIcon());
}

void CentreTabs::resizeEvent(QResizeEvent *event)
{
    QTabWidget::resizeEvent(event);
    fit();
}

void CentreTabs::changeEvent(QEvent *event)
{
    QTabWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        QMetaObject::invokeMethod(this, &CentreTabs::fit, Qt::QueuedConnection); // when the tabs have followed
}

void CentreTabs::tabInserted(int index)
{
    QTabWidget::tabInserted(index);
    m_icons.insert(widget(index), tabIcon(index));
    fit();
}

void CentreTabs::tabRemoved(int index)
{
    QTabWidget::tabRemoved(index);
    fit();
}

} // namespace decoy::ui
