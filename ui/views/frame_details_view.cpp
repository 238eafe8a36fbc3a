// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame_details_view.h"

#include "models/frame_element_model.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "trace/frame_names.h"
#include "views/elided_label.h"
#include "views/empty_state.h"
#include "views/hex_view.h"
#include "views/row_copy.h"
#include "views/traffic_columns.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// A frame with more elements is opened only down to its arguments.
constexpr int mostElementsExpanded = 200;

ByteRange rangeOf(const FrameElement &element)
{
    return {static_cast<int>(element.begin), static_cast<int>(element.end)};
}

QByteArray copyOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

} // namespace

FrameDetailsView::FrameDetailsView(const FrameNames &names, QWidget *parent)
    : QWidget(parent), m_names(names), m_content(new QWidget(this)), m_model(new FrameElementModel(this))
{
    setAccessibleName(tr("Frame details"));
    m_hex = new HexView;
    makeTree();
    makeHeaderLine();

    auto *elements = new QWidget;
    auto *elementsLayout = new QVBoxLayout(elements);
    elementsLayout->setContentsMargins({});
    elementsLayout->setSpacing(0);
    elementsLayout->addWidget(m_tree, 1);
    elementsLayout->addWidget(m_explanation);

    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(elements);
    splitter->addWidget(m_hex);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);

    auto *line = new QHBoxLayout;
    line->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    line->setSpacing(doubleUnit);
    line->addWidget(m_opcode);
    line->addWidget(m_summary, 1);
    line->addWidget(m_facts);
    line->addWidget(m_partnerButton);
    auto *contentLayout = new QVBoxLayout(m_content);
    contentLayout->setContentsMargins({});
    contentLayout->setSpacing(0);
    contentLayout->addLayout(line);
    contentLayout->addWidget(splitter, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_content);
    m_empty = new EmptyState(this);
    m_empty->setTexts(tr("No frame selected"),
                      tr("Select a frame in the traffic table to see what each of its bytes means."));
    link();
    showFrame({}, noRow);
}

FrameDetailsView::~FrameDetailsView() = default;

void FrameDetailsView::makeHeaderLine()
{
    m_opcode = new QLabel;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_opcode->setFont(strong);
    m_summary = new ElidedLabel;
    m_summary->setFont(monospaceFont(font()));
    m_facts = new QLabel;
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_partnerButton = new QPushButton;
    m_partnerButton->setFlat(true);
}

void FrameDetailsView::makeTree()
{
    m_tree = new QTreeView;
    m_tree->setAccessibleName(tr("Elements of the frame"));
    copyWholeRows(*m_tree);
    m_tree->setModel(m_model);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setMouseTracking(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setTextElideMode(Qt::ElideRight);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(FrameElementModel::Value, QHeaderView::Stretch);
    m_tree->setColumnWidth(FrameElementModel::Element, gridUnit * 24);
    m_tree->setColumnWidth(FrameElementModel::Type, gridUnit * 17);
    m_tree->setColumnWidth(FrameElementModel::Bytes, gridUnit * 9);

    m_explanation = new QLabel;
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setContentsMargins(gridUnit, halfUnit, gridUnit, halfUnit);
    m_explanation->setMinimumHeight(2 * fontMetrics().height() + gridUnit); // two lines: the tree does not jump
    m_explanation->setAlignment(Qt::AlignLeft | Qt::AlignTop);
}

void FrameDetailsView::link()
{
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &FrameDetailsView::showElement);
    connect(m_tree, &QTreeView::entered, this, &FrameDetailsView::pointAtElement);
    connect(m_tree, &QTreeView::viewportEntered, this, [this] { m_hex->setHighlight({}); });
    connect(m_hex, &HexView::byteHovered, this, &FrameDetailsView::pointAtByte);
    connect(m_hex, &HexView::byteClicked, this,
            [this](int byte) { m_tree->setCurrentIndex(m_model->elementAt(byte)); });
    connect(m_partnerButton, &QPushButton::clicked, this, [this] { Q_EMIT frameRequested(m_partner); });
}

void FrameDetailsView::showFrame(const FrameSnapshot &frames, Row row)
{
    const bool isThere = frames.contains(row);
    m_row = isThere ? row : noRow;
    m_content->setVisible(isThere);
    m_empty->setVisible(!isThere);
    const QByteArray bytes = isThere ? copyOf(frames.bytes(row)) : QByteArray();
    const std::uint32_t size = isThere ? frames.event(row).size : 0;
    m_hex->setBytes(bytes, size);
    m_model->setFrame(bytes, size);
    m_explanation->setText(tr("Choose an element or a byte: what it means is said here."));
    if (!isThere)
        return;
    expandSensibly();
    showHeaderLine(frames);
}

void FrameDetailsView::expandSensibly()
{
    if (m_model->elementCount() <= mostElementsExpanded)
        m_tree->expandAll();
    else
        m_tree->expandToDepth(1);
}

void FrameDetailsView::showHeaderLine(const FrameSnapshot &frames)
{
    const TrafficRow row(frames, m_row, m_names, 1000);
    const FrameEvent &event = row.event();
    m_opcodeNumber = event.opcode;
    m_isFailed = event.isFailed();
    styleOpcode();

    const QString call = row.text(TrafficColumn::Call);
    m_summary->setText(row.text(TrafficColumn::Object) + (row.member().isEmpty() ? u" "_s : u"."_s) + call);
    QStringList facts{tr("frame %1").arg(groupedNumber(m_row + 1)), m_names.process(event.process),
                      sizeText(event.size)};
    if (event.isOfCallback())
        facts.append(event.isFromServer() ? tr("to the client") : tr("from the client"));
    if (event.conversation == Conversation::Subscription)
        facts.append(tr("subscription %1").arg(groupedNumber(event.callId)));
    else if (event.isAnswer())
        facts.append(durationText(event.latency));
    if (const QString note = row.holdNote(); !note.isEmpty())
        facts.append(note);
    m_facts->setText(facts.join(u"  ·  "_s));

    m_isAnswer = isReply(event);
    m_generation = frames.generation();
    showPartner(frames);
}

void FrameDetailsView::showPartner(const FrameSnapshot &frames)
{
    m_partner = frames.partner(m_row);
    m_partnerButton->setVisible(m_partner != noRow);
    if (m_partner == noRow)
        return;
    const bool isPending = !m_isAnswer && frameRole(frames.event(m_partner).opcode, false) == FrameRole::Pending;
    const QString text = m_isAnswer ? tr("Request: frame %1")
        : isPending                 ? tr("Pending: frame %1")
                                    : tr("Result: frame %1");
    m_partnerButton->setText(text.arg(groupedNumber(m_partner + 1)));
}

void FrameDetailsView::refresh(const FrameSnapshot &frames)
{
    if (m_row != noRow && frames.generation() == m_generation && frames.contains(m_row)
        && frames.partner(m_row) != m_partner)
        showPartner(frames);
}

void FrameDetailsView::styleOpcode()
{
    const OpcodeStyle &style = opcodeStyle(m_opcodeNumber, m_isFailed, palette());
    m_opcode->setText(style.sign + u"  "_s + style.word);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, style.colour);
    m_opcode->setPalette(colours);
}

void FrameDetailsView::showElement(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const FrameElement &element = m_model->element(index);
    m_hex->setSelection(rangeOf(element));
    m_explanation->setText(m_model->data(index, Qt::ToolTipRole).toString());
    Q_EMIT elementSelected(element.role);
}

void FrameDetailsView::selectElement(FrameElement::Role role)
{
    const QModelIndexList all = m_model->match(m_model->index(0, 0), Qt::DisplayRole, QString(), -1,
                                               Qt::MatchContains | Qt::MatchRecursive);
    const auto found = std::ranges::find_if(
        all, [this, role](const QModelIndex &index) { return m_model->element(index).role == role; });
    if (found == all.end())
        return;
    m_tree->setCurrentIndex(*found);
    showElement(*found); // also if it was the current one already
}

void FrameDetailsView::pointAtByte(int byte)
{
    const QModelIndex index = byte < 0 ? QModelIndex() : m_model->elementAt(byte);
    m_model->setHighlighted(index);
    m_hex->setHighlight(index.isValid() ? rangeOf(m_model->element(index)) : ByteRange());
}

void FrameDetailsView::pointAtElement(const QModelIndex &index)
{
    m_hex->setHighlight(index.isValid() ? rangeOf(m_model->element(index)) : ByteRange());
}

void FrameDetailsView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_opcode && m_row != noRow)
        styleOpcode();
}

} // namespace decoy::ui
