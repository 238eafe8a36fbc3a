// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/mailbox_view.h"

#include "learn/mailbox_cells.h"
#include "theme/fonts.h"
#include "theme/metrics.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

MailboxView::MailboxView(QWidget *parent)
    : QWidget(parent), m_title(new QLabel), m_time(new QLabel), m_cells(new MailboxCells), m_explanation(new QLabel),
      m_before(new QPushButton(u"◂ Before"_s)), m_after(new QPushButton(u"After ▸"_s)), m_legend(new QLabel)
{
    setAccessibleName(u"Mailbox"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setWordWrap(true);
    m_time->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setWordWrap(true);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setMinimumHeight(2 * fontMetrics().height() + halfUnit); // two lines: nothing jumps
    m_explanation->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    for (QLabel *label : {m_title, m_time, m_explanation})
        label->setTextFormat(Qt::PlainText);

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_time);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(doubleUnit, doubleUnit, doubleUnit, gridUnit);
    layout->setSpacing(gridUnit);
    layout->addLayout(head);
    layout->addWidget(m_cells, 1);
    layout->addWidget(m_explanation);
    layout->addWidget(makeBar());
    connect(m_cells, &MailboxCells::currentByteChanged, this, &MailboxView::explain);
    explain(-1);
}

QWidget *MailboxView::makeBar()
{
    m_before->setAccessibleName(u"What stood here before"_s);
    m_after->setAccessibleName(u"What stood here after"_s);
    connect(m_before, &QPushButton::clicked, this, [this] { showImage(m_shown - 1); });
    connect(m_after, &QPushButton::clicked, this, [this] { showImage(m_shown + 1); });
    m_legend->setTextFormat(Qt::RichText);
    colourLegend();
    auto *bar = new QWidget;
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins({});
    layout->setSpacing(gridUnit);
    layout->addWidget(m_before);
    layout->addWidget(m_after);
    layout->addStretch();
    layout->addWidget(m_legend);
    return bar;
}

void MailboxView::colourLegend()
{
    const auto entry = [this](MailboxWriter writer, const QString &text) {
        return u"<span style='color:%1'><b>%2</b></span>&nbsp;%3"_s.arg(writerColour(writer, palette()).name(),
                                                                        writerName(writer).left(1).toUpper(), text);
    };
    m_legend->setText(u"Written by: %1 &nbsp; %2"_s.arg(entry(MailboxWriter::Client, u"client (you)"_s),
                                                        entry(MailboxWriter::Server, u"server"_s)));
}

void MailboxView::showHistory(const MailboxHistory &history)
{
    m_images = history.images();
    showImage(static_cast<int>(m_images.size()) - 1);
}

void MailboxView::showImage(int index)
{
    if (index < 0 || index >= static_cast<int>(m_images.size()))
        return;
    const bool isOther = index != m_shown;
    m_shown = index;
    const MailboxImage &image = m_images[static_cast<std::size_t>(index)];
    m_title->setText(describeImage(image));
    m_time->setText(u"+%1  ·  %2 of %3"_s.arg(durationText(image.time.count())).arg(index + 1).arg(m_images.size()));
    if (isOther || m_cells->image().bytes != image.bytes)
        m_cells->showImage(image);
    m_before->setEnabled(index > 0);
    m_after->setEnabled(index + 1 < static_cast<int>(m_images.size()));
}

QString MailboxView::title() const { return m_title->text(); }

void MailboxView::explain(int byte)
{
    if (byte < 0 || byte >= static_cast<int>(m_cells->meanings().size())) {
        m_explanation->setText(u"Click a byte, or go there with the arrow keys, to read what it is for."_s);
        return;
    }
    const auto index = static_cast<std::size_t>(byte);
    const MailboxImage &image = m_cells->image();
    const MailboxWriter writer = image.writers[index];
    m_explanation->setText(u"Byte %1 is %2, %3: %4"_s.arg(byte).arg(
        QString::number(std::to_integer<int>(image.bytes[index]), 16).rightJustified(2, u'0'),
        writer == MailboxWriter::Nobody ? u"not written so far"_s : u"written by the %1"_s.arg(writerName(writer)),
        m_cells->meanings()[index].explanation));
}

void MailboxView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_legend)
        colourLegend();
}

} // namespace decoy::ui
