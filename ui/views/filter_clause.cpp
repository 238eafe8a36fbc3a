// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/filter_clause.h"

#include "filter/filter_fields.h"
#include "filter/filter_lexer.h"
#include "filter/filter_parser.h"
#include "filter/frame_reader.h"
#include "trace/frame_names.h"

#include <decoy/frame.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString opcodeClause(const FrameEvent &event)
{
    const FrameRole role = frameRole(event.opcode, event.isFailed());
    if (role == FrameRole::Unknown)
        return u"opcode == %1"_s.arg(event.opcode);
    const auto *word = std::ranges::find_if(
        filterOpcodeWords(), [role](const FilterOpcodeWord &known) { return known.meaning.role == role; });
    return u"opcode == "_s + word->word;
}

QString laneClause(Lane lane)
{
    const auto *word = std::ranges::find(filterLaneWords(), lane, &FilterLaneWord::lane);
    return word == filterLaneWords().end() ? QString() : u"lane == "_s + word->word;
}

QString objectClause(std::uint64_t object, const FrameNames &names)
{
    return names.knowsObject(object) || object == 0 ? u"object == "_s + filterWord(names.object(object))
                                                    : u"object == %1"_s.arg(object);
}

QString processClause(std::int32_t process, const FrameNames &names)
{
    return names.knowsProcess(process) ? u"process == "_s + filterWord(names.process(process))
                                       : u"process == %1"_s.arg(process);
}

QString memberClause(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    const Row request = event.isAnswer() ? frames.partner(row) : row;
    if (request == noRow)
        return {};
    const auto member = requestMember(frames.bytes(request));
    if (!member)
        return {};
    const QString word = filterWord(QString::fromUtf8(member->data(), static_cast<qsizetype>(member->size())));
    switch (frames.event(request).opcode) {
    case static_cast<int>(ProxyOpCode::Execute): return u"method == "_s + word;
    case static_cast<int>(ProxyOpCode::Event): return u"event == "_s + word;
    default: return frames.event(request).isRequest() ? u"attr == "_s + word : QString();
    }
}

} // namespace

QString exactDuration(std::int64_t nanoseconds)
{
    const FilterUnit *best = &filterUnits()[0];
    for (const FilterUnit &unit : filterUnits()) {
        if (unit.unit == FilterLiteral::Unit::Time && static_cast<double>(nanoseconds) >= unit.factor)
            best = &unit;
    }
    const auto factor = static_cast<std::int64_t>(best->factor);
    QString text = QString::number(nanoseconds / factor);
    if (const std::int64_t rest = nanoseconds % factor; rest > 0) {
        const auto digits = QString::number(factor).size() - 1;
        QString fraction = QString::number(rest).rightJustified(digits, u'0');
        while (fraction.endsWith(u'0'))
            fraction.chop(1);
        text += u'.' + fraction;
    }
    return text + best->name;
}

QString filterClause(const FrameSnapshot &frames, Row row, const FrameNames &names, TrafficColumn column)
{
    const FrameEvent &event = frames.event(row);
    switch (column) {
    case TrafficColumn::Number: return u"frame == %1"_s.arg(row + 1);
    case TrafficColumn::Time:
        return u"time >= "_s + exactDuration(std::max<std::int64_t>(0, event.time - frames.origin()));
    case TrafficColumn::Process: return processClause(event.process, names);
    case TrafficColumn::Lane: return laneClause(event.lane);
    case TrafficColumn::Opcode: return opcodeClause(event);
    case TrafficColumn::Object:
        if (event.isOfCallback())
            return u"object == "_s + filterWord(TrafficRow(frames, row, names).objectText());
        return objectClause(TrafficRow(frames, row, names, 1).object(), names);
    case TrafficColumn::Call: return memberClause(frames, row);
    case TrafficColumn::Level: return u"level == %1"_s.arg(TrafficRow(frames, row, names, 1).level());
    case TrafficColumn::Size: return u"size == %1"_s.arg(event.size);
    case TrafficColumn::Latency:
        return event.isAnswer() && event.latency > 0 ? u"latency >= "_s + exactDuration(event.latency) : QString();
    case TrafficColumn::CallId:
        return (event.isOfCall()           ? u"client == %1 && call == %2"_s
                    : event.isOfCallback() ? u"client == %1 && callback == %2"_s
                                           : u"client == %1 && subscription == %2"_s)
            .arg(event.connection)
            .arg(event.callId);
    case TrafficColumn::Count: break;
    }
    return {};
}

QString mergedFilter(const QString &filter, const QString &clause, FilterMerge merge)
{
    const QString wanted = merge == FilterMerge::Exclude ? u"!(%1)"_s.arg(clause) : clause;
    if (merge == FilterMerge::Replace || filter.isEmpty())
        return wanted;
    const bool isAlternative = parseFilter(filter).expression.kind == FilterExpression::Kind::Or;
    return (isAlternative ? u"(%1)"_s.arg(filter) : filter) + u" && "_s + wanted;
}

} // namespace decoy::ui
