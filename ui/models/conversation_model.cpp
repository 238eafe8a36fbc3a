// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/conversation_model.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "trace/frame_decoder.h"
#include "trace/frame_names.h"
#include "trace/frame_peek.h"
#include "trace/subscription_frames.h"

#include <QGuiApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// A call has a request, at most one PENDING and a result; a peer that sends more of them gets no longer list.
constexpr int longestCall = 8;
constexpr qsizetype longestContent = 2000;

bool isResult(const FrameSnapshot &frames, Row row)
{
    return frames.event(row).isAnswer() && frameRole(frames.event(row).opcode, false) == FrameRole::Result;
}

/// The call's first frame that is still there: its request, unless that was discarded.
Row firstOfCall(const FrameSnapshot &frames, Row row)
{
    for (int step = 0; step < longestCall; ++step) {
        const Row previous = frames.previousInCall(row);
        if (previous == noRow)
            break;
        row = previous;
    }
    return row;
}

bool isLikeCall(const FrameEvent &event, const FrameEvent &wanted)
{
    return event.isRequest() && event.conversation == wanted.conversation && event.connection == wanted.connection
        && event.process == wanted.process && event.object == wanted.object;
}

std::vector<Row> callsBefore(const FrameSnapshot &frames, Row first)
{
    std::vector<Row> found;
    const FrameEvent &wanted = frames.event(first);
    const Row end = first - std::min(first - frames.firstRow(), ConversationModel::mostSearched);
    for (Row row = first; row > end && found.size() < ConversationModel::neighbours; --row) {
        if (isLikeCall(frames.event(row - 1), wanted))
            found.push_back(row - 1);
    }
    std::ranges::reverse(found);
    return found;
}

std::vector<Row> callsAfter(const FrameSnapshot &frames, Row first)
{
    std::vector<Row> found;
    const FrameEvent &wanted = frames.event(first);
    const Row end = first + std::min(frames.endRow() - first, ConversationModel::mostSearched);
    for (Row row = first + 1; row < end && found.size() < ConversationModel::neighbours; ++row) {
        if (isLikeCall(frames.event(row), wanted))
            found.push_back(row);
    }
    return found;
}

Row lastOfCall(const FrameSnapshot &frames, Row row)
{
    for (int step = 0; step < longestCall; ++step) {
        const Row next = frames.nextInCall(row);
        if (next == noRow)
            break;
        row = next;
    }
    return row;
}

QString signedDuration(std::int64_t nanoseconds)
{
    return (nanoseconds < 0 ? u"−"_s : u"+"_s) + durationText(std::abs(nanoseconds));
}

} // namespace

ConversationModel::ConversationModel(const FrameNames &names, QObject *parent)
    : QAbstractTableModel(parent), m_names(names)
{}

void ConversationModel::addCall(std::vector<Line> &lines, const FrameSnapshot &frames, Row first, bool isOwn,
                                std::int64_t origin) const
{
    Row previous = noRow;
    Row row = first;
    for (int step = 0; row != noRow && step < longestCall; ++step, previous = row, row = frames.nextInCall(row)) {
        lines.push_back(lineOf(frames, row, previous, origin));
        lines.back().isOwn = isOwn;
    }
}

ConversationModel::Line ConversationModel::lineOf(const FrameSnapshot &frames, Row row, Row previous,
                                                  std::int64_t origin) const
{
    const FrameEvent &event = frames.event(row);
    const DecodedFrame decoded = decodeFrame(event, frames.bytes(row), longestContent);
    Line line;
    line.row = row;
    line.isFailed = event.isFailed();
    line.opcode = event.opcode;
    line.time = event.time - origin;
    line.gap = previous == noRow ? -1 : event.time - frames.event(previous).time;
    const bool needsSpace = !decoded.member.isEmpty() && !decoded.content.isEmpty()
        && !decoded.content.startsWith(u'(');
    line.content = decoded.member + (needsSpace ? u" "_s : QString()) + decoded.content
        + (event.isLost() ? u"  ✕ lost"_s : QString());
    return line;
}

void ConversationModel::addSubscription(std::vector<Line> &lines, const FrameSnapshot &frames, Row row)
{
    const SubscriptionFrames found = subscriptionAround(frames, row, neighbours, mostSearched);
    const std::int64_t origin = frames.event(found.asked == noRow ? found.frames.front() : found.asked).time;
    if (found.asked != noRow)
        addCall(lines, frames, found.asked, false, origin);
    Row previous = noRow;
    for (const Row told : found.frames) {
        lines.push_back(lineOf(frames, told, previous, origin));
        lines.back().isOwn = told == row;
        previous = told;
    }
    if (found.ended != noRow)
        addCall(lines, frames, found.ended, false, origin);
    m_summary = summariseSubscription(frames, row, found.asked);
    m_isComplete = found.isWhole;
}

QString ConversationModel::summariseSubscription(const FrameSnapshot &frames, Row row, Row asked) const
{
    const FrameEvent &event = frames.event(row);
    const QString who = m_names.process(event.process);
    const QString what = m_names.object(event.object);
    if (event.isFailed())
        return u"the server has ended the subscription of %1 to %2"_s.arg(who, what);
    if (asked == noRow)
        return u"%1 is told of %2, which it has subscribed to"_s.arg(who, what);
    return u"%1 is told of %2, which it has subscribed to %3 before"_s.arg(
        who, what, durationText(event.time - frames.event(asked).time));
}

void ConversationModel::setFrame(const FrameSnapshot &frames, Row row)
{
    std::vector<Line> lines;
    m_summary.clear();
    m_isComplete = true;
    if (frames.contains(row) && frames.event(row).conversation == Conversation::Subscription) {
        addSubscription(lines, frames, row);
    } else if (frames.contains(row)) {
        const Row first = firstOfCall(frames, row);
        const std::int64_t origin = frames.event(first).time;
        for (const Row other : callsBefore(frames, first))
            addCall(lines, frames, other, false, origin);
        addCall(lines, frames, first, true, origin);
        const std::vector<Row> after = callsAfter(frames, first);
        for (const Row other : after)
            addCall(lines, frames, other, false, origin);
        m_summary = summarise(frames, first);
        const bool lastHasResult = after.empty() || isResult(frames, lastOfCall(frames, after.back()));
        m_isComplete = isResult(frames, lastOfCall(frames, first)) && lastHasResult
            && (after.size() == neighbours || frames.endRow() - first > mostSearched);
    }
    if (lines == m_lines)
        return;
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
}

QString ConversationModel::summarise(const FrameSnapshot &frames, Row first) const
{
    const FrameEvent &event = frames.event(first);
    const bool isBack = event.isOfCallback();
    const QString client = m_names.process(event.process);
    const std::string_view member = peekMember(frames.bytes(first));
    const QString who = isBack ? u"the server"_s : client;
    const QString what = !isBack
        ? m_names.object(event.object)
        : u"%1 of %2"_s.arg(FrameNames::lent(event.object, QString::fromUtf8(member.data(), qsizetype(member.size()))),
                            client);
    if (!event.isRequest())
        return u"%1 and %2: the request of this call is not there any more"_s.arg(who, what);
    if (event.flags & FrameEvent::OneWay)
        return u"%1 tells %2, and wants no answer"_s.arg(who, what);
    const Row last = lastOfCall(frames, first);
    if (!isResult(frames, last))
        return u"%1 waits for %2: no answer yet"_s.arg(who, what);
    const std::int64_t time = frames.event(last).time - event.time;
    return frames.event(last).isFailed()
        ? u"%1 asked %2 and got an error after %3"_s.arg(who, what, durationText(time))
        : u"%1 asked %2 and got its answer after %3"_s.arg(who, what, durationText(time));
}

QModelIndex ConversationModel::indexOfFrame(Row row) const
{
    const auto found = std::ranges::find(m_lines, row, &Line::row);
    return found == m_lines.end() ? QModelIndex() : index(static_cast<int>(found - m_lines.begin()), 0);
}

int ConversationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int ConversationModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QString ConversationModel::text(const Line &line, int column) const
{
    switch (column) {
    case Number: return groupedNumber(line.row + 1);
    case Time: return signedDuration(line.time);
    case Gap: return line.gap < 0 ? QString() : durationText(line.gap);
    case Frame: {
        const OpcodeStyle &style = opcodeStyle(line.opcode, line.isFailed, QGuiApplication::palette());
        return style.sign + u"  "_s + style.word;
    }
    case Content: return line.content;
    default: return {};
    }
}

QVariant ConversationModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line &line = m_lines[std::size_t(index.row())];
    const QPalette palette = QGuiApplication::palette();
    const bool isNumber = index.column() <= Gap;
    switch (role) {
    case Qt::DisplayRole: return text(line, index.column());
    case Qt::ToolTipRole: return u"<p style='white-space:pre-wrap'>%1</p>"_s.arg(line.content.toHtmlEscaped());
    case Qt::TextAlignmentRole: return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font = isNumber           ? tabularFont(QGuiApplication::font())
            : index.column() == Content ? monospaceFont(QGuiApplication::font())
                                        : QGuiApplication::font();
        if (line.isOwn)
            font.setWeight(QFont::DemiBold);
        return font;
    }
    case Qt::ForegroundRole:
        if (index.column() == Frame)
            return opcodeStyle(line.opcode, line.isFailed, palette).colour;
        return line.isOwn ? QVariant() : QVariant(mutedColour(palette));
    case Qt::BackgroundRole:
        return line.isOwn ? QVariant(opcodeStyle(line.opcode, line.isFailed, palette).tint) : QVariant();
    case Qt::AccessibleDescriptionRole:
        return line.isOwn ? u"frame of the selected call"_s : u"frame of another call"_s;
    default: return {};
    }
}

QVariant ConversationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section <= Gap ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Time)
        return u"From the request of the selected call"_s;
    if (role == Qt::ToolTipRole && section == Gap)
        return u"From the frame before it in the same call"_s;
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number: return u"No."_s;
    case Time: return u"Time"_s;
    case Gap: return u"Gap"_s;
    case Frame: return u"Frame"_s;
    case Content: return u"Payload"_s;
    default: return {};
    }
}

} // namespace decoy::ui
