// SPDX-License-Identifier: GPL-3.0-or-later
#include "mainwindow/traffic_chips.h"

#include "session/record_settings.h"
#include "session/session.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "trace/traffic_collector.h"
#include "views/traffic_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <array>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr int chipSpacing = gridUnit + halfUnit;

/// Which numbers stay where there is no room for all: first what says that something is missing.
constexpr std::array byImportance = {TrafficChips::Skipped,   TrafficChips::Dropped,  TrafficChips::Captured,
                                     TrafficChips::FrameRate, TrafficChips::CallRate, TrafficChips::Displayed,
                                     TrafficChips::Lag};

QString rateText(double perSecond) { return groupedNumber(static_cast<quint64>(perSecond + 0.5)); }

/// What keeps more frames from being kept.
QString boundText(const FrameStorage &storage)
{
    const QString memory = u"%1 of memory are full"_s.arg(sizeText(storage.memory));
    if (!storage.problem.empty())
        return u"%1, and none may go to disk (%2)."_s.arg(memory, QString::fromStdString(storage.problem));
    return u"%1, and so are %2 of disk."_s.arg(memory, sizeText(storage.disk));
}

QString storageText(const FrameStorage &storage, std::uint64_t givenUp)
{
    QString text = u"Frames captured since the last clear\n%1 in memory, %2 on disk"_s.arg(sizeText(storage.memory),
                                                                                           sizeText(storage.disk));
    if (storage.diskLimit > 0)
        text += u" of at most %1"_s.arg(sizeText(storage.diskLimit));
    if (!storage.problem.empty())
        text += u"\nNone go to disk: %1"_s.arg(QString::fromStdString(storage.problem));
    if (givenUp > 0)
        text += u"\nThe oldest %1 frames were given up to make room"_s.arg(groupedNumber(givenUp));
    return text;
}

QFont captionFont()
{
    QFont small = QGuiApplication::font();
    small.setPointSizeF(small.pointSizeF() - 2);
    return small;
}

} // namespace

TrafficChips::TrafficChips(Session &session, const TrafficView &view, QWidget *parent)
    : QWidget(parent), m_session(session), m_view(view)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(gridUnit, 0, gridUnit, 0);
    layout->setSpacing(chipSpacing);
    layout->addStretch();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    const QString million = groupedNumber(8'888'888);
    // Before the others, so that it moves none of them when it appears.
    m_chips[Skipped] = addChip(u"not recorded"_s, million, {});
    m_chips[FrameRate] = addChip(u"frames/s"_s, million, u"Frames that were recorded in the last moment"_s);
    m_chips[CallRate] = addChip(u"calls/s"_s, million, u"Recorded requests that want an answer"_s);
    m_chips[Captured] = addChip(u"captured"_s, groupedNumber(888'888'888), {}); // see showStorage()
    m_chips[Displayed] = addChip(u"displayed"_s, groupedNumber(888'888'888), u"Frames that the table shows"_s);
    m_chips[Dropped] = addChip(u"dropped"_s, million,
                               u"Frames that came faster than they are taken: whole calls are missing"_s);
    m_chips[Lag] = addChip(u"lag"_s, million, u"Frames that wait to be taken"_s);
    connect(&m_session.record(), &RecordSettings::changed, this, &TrafficChips::showNumbers);
    measure();
    m_timer.setInterval(numbersIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &TrafficChips::showNumbers);
    m_timer.start();
    showNumbers();
}

TrafficChips::Chip TrafficChips::addChip(const QString &caption, const QString &widest, const QString &meaning)
{
    auto *column = new QWidget;
    column->setToolTip(meaning);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    Chip chip = {column, new QLabel, new QLabel(caption), widest};
    chip.value->setFont(tabularFont());
    chip.value->setForegroundRole(QPalette::WindowText); // whatever a toolbar uses: it is this one that is coloured
    chip.caption->setFont(captionFont());
    chip.caption->setForegroundRole(QPalette::PlaceholderText);
    chip.value->setAccessibleName(caption);
    for (QLabel *label : {chip.value, chip.caption}) {
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        layout->addWidget(label);
    }
    this->layout()->addWidget(column);
    return chip;
}

void TrafficChips::setNumber(Which which, const QString &text)
{
    if (m_chips[which].value->text() != text)
        m_chips[which].value->setText(text);
}

void TrafficChips::showNumbers()
{
    m_rates.update(m_session.frames().counters());
    const CaptureCounts counts = m_session.collector().counts();
    setNumber(FrameRate, rateText(m_rates.framesPerSecond()));
    setNumber(CallRate, rateText(m_rates.callsPerSecond()));
    setNumber(Captured, groupedNumber(counts.captured));
    setNumber(Displayed, groupedNumber(m_view.shownRows().size()));
    setNumber(Lag, groupedNumber(counts.lag()));
    // Loss must not pass unnoticed: a sign as well as a colour.
    const bool lost = counts.dropped > 0;
    const OpcodeStyle &error = opcodeStyle(FrameRole::Error, palette());
    QPalette colours = palette();
    if (lost)
        colours.setColor(QPalette::WindowText, error.colour);
    m_chips[Dropped].value->setPalette(colours);
    setNumber(Dropped, lost ? error.sign + groupedNumber(counts.dropped) : u"0"_s);
    showSkipped(counts.skipped);
    showStorage();
}

void TrafficChips::showSkipped(std::uint64_t skipped)
{
    const RecordSettings &record = m_session.record();
    const Chip &chip = m_chips[Skipped];
    if (const bool wanted = skipped > 0 || !record.recordsEverything(); std::exchange(m_hasSkipped, wanted) != wanted) {
        fit();
        Q_EMIT roomChanged();
    }
    chip.column->setToolTip(
        record.recordsEverything()
            ? u"Frames that were not recorded before everything was again"_s
            : u"Frames that came and were not recorded\nSwitched off under Record: %1"_s.arg(record.exceptions()));
    const OpcodeStyle &warning = opcodeStyle(FrameRole::Set, palette());
    QPalette colours = palette();
    if (!record.recordsEverything())
        colours.setColor(QPalette::WindowText, warning.colour);
    chip.value->setPalette(colours);
    setNumber(Skipped, groupedNumber(skipped));
    if (std::exchange(m_skipped, skipped) != skipped)
        Q_EMIT skippedChanged();
}

void TrafficChips::showStorage()
{
    const FrameStorage storage = m_session.frames().storage();
    const std::uint64_t givenUp = m_session.frames().discarded();
    m_chips[Captured].column->setToolTip(storageText(storage, givenUp));
    if (givenUp > 0 && !m_saidGivenUp)
        Q_EMIT framesGivenUp(u"The oldest frames are given up from now on: %1"_s.arg(boundText(storage)));
    m_saidGivenUp = givenUp > 0;
}

/// Not from the labels' fonts: those follow the size of text a moment later.
void TrafficChips::measure()
{
    for (const Chip &chip : m_chips) {
        chip.column->setFixedWidth(std::max(QFontMetrics(tabularFont()).horizontalAdvance(chip.widest),
                                            QFontMetrics(captionFont()).horizontalAdvance(chip.caption->text())));
    }
    fit();
    Q_EMIT roomChanged();
}

void TrafficChips::fit()
{
    int room = width() - 2 * gridUnit + chipSpacing;
    for (const Which which : byImportance) {
        const bool isWanted = which != Skipped || m_hasSkipped;
        if (isWanted)
            room -= m_chips[which].column->minimumWidth() + chipSpacing;
        m_chips[which].column->setVisible(isWanted && room >= 0);
    }
}

int TrafficChips::roomForAll() const
{
    int room = 2 * gridUnit - chipSpacing;
    for (const Which which : byImportance) {
        if (which != Skipped || m_hasSkipped)
            room += m_chips[which].column->minimumWidth() + chipSpacing;
    }
    return room;
}

QSize TrafficChips::sizeHint() const
{
    // No more than one: what is beside them comes first, and they take the room that is left.
    return {m_chips[Dropped].column->minimumWidth() + 2 * gridUnit, QWidget::sizeHint().height()};
}

QSize TrafficChips::minimumSizeHint() const { return sizeHint(); }

QString TrafficChips::text(Which chip) const { return m_chips[chip].value->text(); }

bool TrafficChips::isShown(Which chip) const { return m_chips[chip].column->isVisibleTo(this); }

void TrafficChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void TrafficChips::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (!m_chips[Skipped].value || !m_chips[Lag].value)
        return; // being made
    if (event->type() == QEvent::PaletteChange)
        showNumbers();
    else if (event->type() == QEvent::FontChange)
        measure();
}

} // namespace decoy::ui
