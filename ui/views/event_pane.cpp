// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/event_pane.h"

#include "session/event_listener.h"
#include "theme/fonts.h"
#include "theme/metrics.h"

#include <decoy/description.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QListWidget *makeList(const QString &name)
{
    auto *list = new QListWidget;
    list->setAccessibleName(name);
    list->setFrameShape(QFrame::NoFrame);
    list->setFont(monospaceFont());
    list->setUniformItemSizes(true);
    return list;
}

QString lineOf(const HeardEvent &event)
{
    const QString text = event.time.toString(u"HH:mm:ss.zzz  "_s) + event.text;
    return event.lost == 0 ? text : text + u"  (%1 lost before)"_s.arg(groupedNumber(event.lost));
}

} // namespace

EventPane::EventPane(CallRunner &calls, QWidget *parent) : QWidget(parent), m_listener(new EventListener(calls, this))
{
    auto *caption = new QLabel(u"Events"_s);
    QFont strong = caption->font();
    strong.setWeight(QFont::DemiBold);
    caption->setFont(strong);
    m_count = new QLabel;
    m_count->setFont(tabularFont());
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_subscribe = new QPushButton(u"Su&bscribe"_s);
    m_subscribe->setCheckable(true);
    m_subscribe->setToolTip(
        u"Be told of these events, as any client can be: the subscription is traffic like any other"_s);
    connect(m_subscribe, &QPushButton::toggled, this, &EventPane::toggle);

    auto *line = new QHBoxLayout;
    line->setContentsMargins(gridUnit, 0, gridUnit, 0);
    line->addWidget(caption);
    line->addWidget(m_count, 1);
    line->addWidget(m_subscribe);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, gridUnit, 0, 0);
    layout->setSpacing(halfUnit);
    layout->addLayout(line);
    makeLists();

    connect(m_listener, &EventListener::updated, this, &EventPane::showHeard);
    connect(m_listener, &EventListener::listeningChanged, this, &EventPane::showListening);
    hide();
}

void EventPane::makeLists()
{
    m_events = makeList(u"Events"_s);
    m_heard = makeList(u"Events that were heard"_s);
    m_heard->hide();
    layout()->addWidget(m_events);
    layout()->addWidget(m_heard);
}

void EventPane::setObject(const ObjectRef &object, const std::string &name, const std::vector<EventDescription> &events)
{
    m_listener->stop();
    m_object = object;
    m_name = name;
    m_names.clear();
    m_events->clear();
    m_heard->clear();
    m_heard->hide();
    m_count->clear();
    for (const EventDescription &event : events) {
        m_names.push_back(event.name);
        auto *item = new QListWidgetItem(QString::fromStdString(event.signature()), m_events);
        item->setToolTip(QString::fromStdString(event.doc));
    }
    m_events->setMaximumHeight(
        m_events->sizeHintForRow(0) * static_cast<int>(std::clamp<std::size_t>(events.size(), 1, 5)) + halfUnit);
    setVisible(!events.empty());
}

void EventPane::toggle(bool wanted)
{
    if (wanted)
        m_listener->listen(m_object, m_name, m_names);
    else
        m_listener->stop();
}

void EventPane::showHeard()
{
    const bool wasAtEnd = m_heard->verticalScrollBar()->value() == m_heard->verticalScrollBar()->maximum();
    const auto &latest = m_listener->latest();
    if (m_listener->heard() < m_shown || m_listener->heard() - m_shown >= latest.size())
        m_heard->clear();
    const quint64 fresh = std::min<quint64>(m_listener->heard() - std::min(m_shown, m_listener->heard()),
                                            latest.size());
    for (std::size_t i = latest.size() - fresh; i < latest.size(); ++i)
        m_heard->addItem(lineOf(latest[i]));
    while (m_heard->count() > static_cast<int>(EventListener::mostKept))
        delete m_heard->takeItem(0);
    m_shown = m_listener->heard();
    if (wasAtEnd)
        m_heard->scrollToBottom();
    m_count->setText(u"  %1 heard"_s.arg(groupedNumber(m_shown))
                     + (m_listener->lost() == 0 ? QString() : u", %1 lost"_s.arg(groupedNumber(m_listener->lost()))));
}

void EventPane::showListening(bool isListening, const QString &reason)
{
    const QSignalBlocker quiet(m_subscribe);
    m_subscribe->setChecked(isListening);
    m_heard->setVisible(isListening || m_heard->count() > 0);
    if (!reason.isEmpty())
        Q_EMIT failed(u"No more events: %1"_s.arg(reason));
}

} // namespace decoy::ui
