// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/traffic_columns.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "trace/frame_decoder.h"
#include "trace/frame_names.h"

#include <decoy/frame.h>

#include <QCoreApplication>
#include <QGuiApplication>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr qsizetype longestMember = 64;

QString tr(const char *text) { return QCoreApplication::translate("TrafficColumns", text); }

QString opcodeWord(const FrameEvent &event)
{
    return opcodeStyle(event.opcode, event.isFailed(), QGuiApplication::palette()).word;
}

} // namespace

const std::array<TrafficColumnInfo, trafficColumnCount> &trafficColumns()
{
    static const std::array<TrafficColumnInfo, trafficColumnCount> columns = {{
        {tr("No."), tr("Number of the frame since the last clear"), groupedNumber(88'888), true, false},
        {tr("Time"), tr("Since the first frame"), u"8.888888 s"_s, true, false},
        {tr("Process"), tr("The client, by worker and process id"), u"climber 88888"_s, false, false},
        {tr("Lane"), tr("The way the frame travelled"), u"network"_s, false, true},
        {tr("Frame"), tr("What kind of frame it is"), u"◄  UNKNOWN"_s, false, false},
        {tr("Object"),
         tr("The object that was asked, or that tells of an event; after an arrow what a client has lent: ← the server "
            "asks it, → it answers"),
         u"← callback 8"_s, false, false},
        {tr("Call"), tr("Attribute, method or event, with its arguments, its result or its error"), {}, false, false},
        {tr("Latency"), tr("From the request's arrival to its answer, at the server"), u"88.8 ms"_s, true, false},
        {tr("Level"), tr("How many proxies stand between the root proxy and the object's"), u"Level"_s, true, false},
        {tr("Size"), tr("Bytes of the whole frame, its prefix included"), u"888 KiB"_s, true, false},
        {tr("Call id"),
         tr("Request, PENDING and result of one client share it; for events, the client's number of the subscription; "
            "callbacks are counted by the server"),
         groupedNumber(888'888), true, true},
    }};
    return columns;
}

QString relativeTimeText(std::int64_t nanoseconds)
{
    return QString::number(static_cast<double>(nanoseconds) / 1e9, 'f', 6) + u" s"_s;
}

QString laneText(Lane lane)
{
    switch (lane) {
    case Lane::Native: return tr("native");
    case Lane::Duck: return tr("duck");
    case Lane::Network: return tr("network");
    }
    return QString::number(static_cast<int>(lane));
}

TrafficRow::TrafficRow(const FrameSnapshot &frames, Row row, const FrameNames &names, qsizetype maxText)
    : m_event(frames.event(row)), m_names(names), m_row(row), m_origin(frames.origin())
{
    DecodedFrame decoded = decodeFrame(m_event, frames.bytes(row), maxText);
    m_member = std::move(decoded.member);
    m_content = std::move(decoded.content);
    m_isDamaged = decoded.isDamaged;
    if (m_event.isRequest() || m_isDamaged)
        return;
    if (m_event.conversation == Conversation::Subscription) {
        // The end of a subscription does not say of what, but the event before it does.
        if (const Row before = frames.previousInCall(row); m_member.isEmpty() && before != noRow)
            m_member = decodeFrame(frames.event(before), frames.bytes(before), longestMember).member;
        return;
    }
    // An answer does not say to what: its request does.
    if (const Row request = frames.partner(row); request != noRow) {
        m_request = &frames.event(request);
        m_member = decodeFrame(*m_request, frames.bytes(request), longestMember).member;
    }
}

std::uint64_t TrafficRow::object() const noexcept
{
    const bool isPending = m_event.opcode == static_cast<int>(ProxyOpCode::ResponsePending);
    return isPending && m_request ? m_request->object : m_event.object;
}

int TrafficRow::level() const noexcept
{
    const bool isPending = m_event.opcode == static_cast<int>(ProxyOpCode::ResponsePending);
    return isPending && m_request ? m_request->chainLevel : m_event.chainLevel;
}

QString TrafficRow::holdNote() const
{
    const bool isPending = m_event.opcode == static_cast<int>(ProxyOpCode::ResponsePending);
    const std::uint8_t flags = isPending && m_request ? m_request->flags : m_event.flags;
    if (flags & FrameEvent::Edited)
        return tr("‖ edited");
    return flags & FrameEvent::Held ? tr("‖ held") : QString();
}

QString TrafficRow::joint() const
{
    const bool isAnswer = isReply(m_event);
    if (m_member.isEmpty() || m_content.isEmpty() || (!isAnswer && m_content.startsWith(u'(')))
        return {};
    return isAnswer ? u" → "_s : u" "_s;
}

QString TrafficRow::directionSign() const
{
    return !m_event.isOfCallback() ? QString() : m_event.isFromServer() ? u"← "_s : u"→ "_s;
}

QString TrafficRow::objectText() const
{
    return m_event.isOfCallback() ? FrameNames::lent(object(), m_member) : m_names.object(object());
}

QString TrafficRow::lossNote() const { return m_event.isLost() ? tr("✕ lost") : QString(); }

QString TrafficRow::text(TrafficColumn column) const
{
    switch (column) {
    case TrafficColumn::Number: return groupedNumber(m_row + 1);
    case TrafficColumn::Time: return relativeTimeText(m_event.time - m_origin);
    case TrafficColumn::Process: return m_names.process(m_event.process);
    case TrafficColumn::Lane: return laneText(m_event.lane);
    case TrafficColumn::Opcode: return opcodeWord(m_event);
    case TrafficColumn::Object: return directionSign() + objectText();
    case TrafficColumn::Call:
        return (m_member + joint() + m_content) + (holdNote().isEmpty() ? QString() : u"  "_s + holdNote())
            + (lossNote().isEmpty() ? QString() : u"  "_s + lossNote());
    case TrafficColumn::Level: return QString::number(level());
    case TrafficColumn::Size: return sizeText(m_event.size);
    case TrafficColumn::Latency:
        return m_event.isAnswer() && m_event.latency > 0 ? durationText(m_event.latency) : QString();
    case TrafficColumn::CallId: return groupedNumber(m_event.callId);
    case TrafficColumn::Count: break;
    }
    return {};
}

QString TrafficRow::spoken() const
{
    QString call = text(TrafficColumn::Call);
    if (!call.isEmpty() && !m_isDamaged)
        call.prepend(u'.');
    const auto spokenObject = [this] {
        if (!m_event.isOfCallback())
            return objectText();
        return (m_event.isFromServer() ? tr("to the client's %1") : tr("from the client's %1")).arg(objectText());
    };
    return tr("frame %1, %2 %3%4, process %5, %6")
        .arg(QString::number(m_row + 1), opcodeWord(m_event), spokenObject(), call, text(TrafficColumn::Process),
             text(TrafficColumn::Size));
}

} // namespace decoy::ui
