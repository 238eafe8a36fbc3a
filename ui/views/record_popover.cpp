// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/record_popover.h"

#include "session/record_kinds.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "trace/traffic_collector.h"
#include "views/elided_label.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <span>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int popoverWidth = gridUnit * 36;
constexpr std::size_t mostObjects = 6; ///< named one by one; a popover cannot be taller than the screen

QString capitalised(const QString &label)
{
    const qsizetype letter = label.startsWith(u'&') ? 1 : 0;
    return label.first(letter) + label[letter].toUpper() + label.sliced(letter + 1);
}

QLabel *mutedLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

RecordPopover::RecordPopover(Session &session, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_session(session), m_count(mutedLabel({})),
      m_everything(new QPushButton(u"Record &everything"_s)), m_timer(this)
{
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(u"What is recorded"_s);
    setFixedWidth(popoverWidth);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, doubleUnit);
    layout->setSpacing(gridUnit);
    auto *title = new QLabel(u"Record"_s);
    QFont strong = title->font();
    strong.setWeight(QFont::DemiBold);
    title->setFont(strong);
    layout->addWidget(title);
    addKinds(layout);
    m_objects = new QWidget;
    layout->addWidget(m_objects);
    addSampling(layout);
    layout->addWidget(m_count);
    layout->addWidget(m_everything, 0, Qt::AlignLeft);

    RecordSettings &record = m_session.record();
    connect(m_everything, &QPushButton::clicked, &record, &RecordSettings::recordEverything);
    connect(&record, &RecordSettings::changed, this, &RecordPopover::refresh);
    m_timer.setInterval(numbersIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &RecordPopover::showCount);
    refresh();
}

void RecordPopover::addKinds(QVBoxLayout *layout)
{
    RecordSettings &record = m_session.record();
    for (const RecordKind &known : recordKinds()) {
        auto *box = new QCheckBox(known.sign + u' ' + capitalised(known.label));
        box->setToolTip(known.meaning);
        box->setAccessibleName(u"Record "_s + known.name);
        layout->addWidget(box);
        const auto follow = [box, &record, kind = known.kind] { box->setChecked(record.records(kind)); };
        connect(box, &QCheckBox::toggled, &record,
                [&record, kind = known.kind](bool on) { record.setRecords(kind, on); });
        connect(&record, &RecordSettings::changed, box, follow);
        follow();
    }
    layout->addWidget(mutedLabel(u"A result is recorded if its request was."_s));
}

void RecordPopover::addSampling(QVBoxLayout *layout)
{
    RecordSettings &record = m_session.record();
    auto *box = new QCheckBox(u"Sample &under load"_s);
    box->setToolTip(u"Off: all that can be recorded is, whatever that costs the server"_s);
    box->setChecked(record.samplesUnderLoad());
    connect(box, &QCheckBox::toggled, &record, &RecordSettings::setSamplesUnderLoad);
    connect(&record, &RecordSettings::samplesUnderLoadChanged, box, &QCheckBox::setChecked);
    layout->addWidget(box);
    layout->addWidget(
        mutedLabel(u"While more frames come than can be recorded without slowing the server down, only a part of the "
                   "calls is, each from its request to its result."_s));
}

void RecordPopover::refresh()
{
    m_everything->setEnabled(!m_session.record().recordsEverything());
    showObjects();
    showCount();
}

void RecordPopover::showObjects()
{
    auto *objects = new QWidget;
    auto *layout = new QVBoxLayout(objects);
    layout->setContentsMargins({});
    layout->setSpacing(halfUnit);
    RecordSettings &record = m_session.record();
    if (record.skippedObjects().empty())
        layout->addWidget(
            mutedLabel(u"Of every object. “Do not record” is in the menu of an object, and of a frame."_s));
    else
        layout->addWidget(mutedLabel(u"Nothing of these objects:"_s));
    const auto &skipped = record.skippedObjects();
    for (const RecordSettings::SkippedObject &object :
         std::span(skipped).first(std::min(skipped.size(), mostObjects))) {
        auto *row = new QHBoxLayout;
        auto *name = new ElidedLabel;
        name->setText(object.title);
        name->setFont(monospaceFont());
        auto *again = new QToolButton;
        again->setText(u"Record again"_s);
        again->setFocusPolicy(Qt::StrongFocus);
        again->setAccessibleName(u"Record %1 again"_s.arg(object.title));
        // Later: the button goes with its row.
        connect(
            again, &QToolButton::clicked, &record, [&record, title = object.title] { record.recordObject(title); },
            Qt::QueuedConnection);
        row->addWidget(name, 1);
        row->addWidget(again);
        layout->addLayout(row);
    }
    if (skipped.size() > mostObjects)
        layout->addWidget(mutedLabel(u"and %1 more; the menu of each object records it again."_s.arg(
            groupedNumber(skipped.size() - mostObjects))));
    const bool hadFocus = m_objects->isAncestorOf(focusWidget());
    delete this->layout()->replaceWidget(m_objects, objects);
    delete m_objects;
    m_objects = objects;
    if (hadFocus)
        m_everything->setFocus();
    fit();
}

void RecordPopover::showCount()
{
    const std::uint64_t skipped = m_session.collector().counts().skipped;
    m_count->setVisible(skipped > 0);
    m_count->setText(u"%1 frames were not recorded since the last clear."_s.arg(groupedNumber(skipped)));
    fit();
}

/// Nothing above a popover gives its texts the lines that they need at its width.
void RecordPopover::fit()
{
    ensurePolished();
    layout()->activate();
    setFixedHeight(layout()->totalHeightForWidth(popoverWidth));
}

void RecordPopover::openBelow(const QWidget &widget)
{
    fit();
    QPoint place = widget.mapToGlobal(QPoint(0, widget.height()));
    if (const QScreen *screen = widget.screen())
        place.setX(std::min(place.x(), screen->availableGeometry().right() - frameGeometry().width()));
    move(place);
    show();
    if (auto *first = findChild<QCheckBox *>())
        first->setFocus(Qt::PopupFocusReason);
}

void RecordPopover::showEvent(QShowEvent *event)
{
    showCount();
    m_timer.start();
    QFrame::showEvent(event);
}

void RecordPopover::hideEvent(QHideEvent *event)
{
    m_timer.stop();
    QFrame::hideEvent(event);
}

void RecordPopover::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

} // namespace decoy::ui
