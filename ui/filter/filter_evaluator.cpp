// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_evaluator.h"

#include <decoy/frame.h>

#include <algorithm>
#include <utility>

namespace decoy::ui {

namespace {

/// Names that are missed longer ago than this many others will hardly become known.
constexpr std::size_t mostUnknown = 1024;
/// Chained objects come by the million; what was remembered of them does not all stay.
constexpr std::size_t mostRemembered = 64 * 1024;

template <typename Left, typename Right>
bool compared(FilterOperator comparison, Left left, Right right) noexcept
{
    switch (comparison) {
    case FilterOperator::Less: return left < right;
    case FilterOperator::LessOrEqual: return left <= right;
    case FilterOperator::Greater: return left > right;
    case FilterOperator::GreaterOrEqual: return left >= right;
    default: return left == right;
    }
}

bool compared(FilterOperator comparison, const MsgpackReader::Number &number, const FilterLiteral &literal) noexcept
{
    if (number.isInteger && literal.isInteger)
        return compared(comparison, number.integer, literal.integer);
    return compared(comparison, number.isInteger ? static_cast<double>(number.integer) : number.real, literal.number);
}

bool isResult(const FrameEvent &event) noexcept
{
    return event.isAnswer() && event.opcode == static_cast<int>(ProxyOpCode::ExecutionResult);
}

/// Whether this field is the member that a frame with this opcode names.
bool names(FilterField field, int opcode) noexcept
{
    const bool isMethod = opcode == static_cast<int>(ProxyOpCode::Execute);
    const bool isEvent = opcode == static_cast<int>(ProxyOpCode::Event);
    const bool isAttribute = opcode == static_cast<int>(ProxyOpCode::Get)
        || opcode == static_cast<int>(ProxyOpCode::Set);
    switch (field) {
    case FilterField::Method: return isMethod;
    case FilterField::Attribute: return isAttribute;
    case FilterField::Event: return isEvent;
    default: return isMethod || isAttribute || isEvent;
    }
}

template <typename Number>
void note(std::vector<Number> &unknown, Number number)
{
    if (!unknown.empty() && unknown.back() == number)
        return;
    if (unknown.size() == mostUnknown) // the older half is given up, so that this is rare
        unknown.erase(unknown.begin(), unknown.begin() + mostUnknown / 2);
    unknown.push_back(number);
}

} // namespace

FilterEvaluator::FilterEvaluator(const FilterPredicate &predicate, const FrameSnapshot &frames, const FrameNames &names)
    : m_predicate(predicate), m_frames(frames), m_names(names),
      m_memories(static_cast<std::size_t>(predicate.memories()))
{}

bool FilterEvaluator::matches(const FrameChunk &chunk, Row row)
{
    m_current = {.chunk = &chunk, .record = &chunk.record(row), .row = row};
    return holds(m_predicate.root());
}

bool FilterEvaluator::matches(Row row)
{
    const auto after = std::ranges::upper_bound(m_frames.chunks(), row, {},
                                                [](const auto &chunk) { return chunk->firstRow(); });
    return matches(**std::prev(after), row);
}

bool FilterEvaluator::matches(const FrameRecord &frame, std::span<const std::byte> bytes)
{
    m_current = {.bytes = bytes, .record = &frame, .row = m_frames.endRow()};
    return holds(m_predicate.root());
}

UnknownNames FilterEvaluator::takeUnknownNames()
{
    for (Memory &memory : m_memories) // so that the next chunk misses them too
        memory.clear();
    return std::exchange(m_unknown, {});
}

bool FilterEvaluator::holds(const FilterTest &test)
{
    const auto memberHolds = [this](const FilterTest &member) { return holds(member); };
    switch (test.kind) {
    case FilterExpression::Kind::And: return std::ranges::all_of(test.members, memberHolds);
    case FilterExpression::Kind::Or: return std::ranges::any_of(test.members, memberHolds);
    case FilterExpression::Kind::Not: return !holds(test.members.front());
    case FilterExpression::Kind::Comparison: break;
    }
    return comparisonHolds(test);
}

bool FilterEvaluator::comparisonHolds(const FilterTest &test)
{
    switch (test.field) {
    case FilterField::Opcode: return opcodeHolds(test);
    case FilterField::Object: return objectHolds(test);
    case FilterField::Type: return typeHolds(test);
    case FilterField::Member:
    case FilterField::Method:
    case FilterField::Attribute:
    case FilterField::Event: return memberHolds(test);
    case FilterField::Process: return processHolds(test);
    case FilterField::Client: return numberHolds(test, event().connection);
    case FilterField::Lane: return laneHolds(test);
    case FilterField::Level: return numberHolds(test, askedEvent().chainLevel);
    case FilterField::Size: return numberHolds(test, event().size);
    case FilterField::Latency: return latencyHolds(test);
    case FilterField::Error: return errorHolds(test);
    case FilterField::Value: return valueHolds(test);
    case FilterField::Frame: return numberHolds(test, static_cast<std::int64_t>(m_current.row + 1));
    case FilterField::Time: return numberHolds(test, event().time - m_frames.origin());
    case FilterField::Call: return event().isOfCall() && numberHolds(test, static_cast<std::int64_t>(event().callId));
    case FilterField::Subscription:
        return event().conversation == Conversation::Subscription
            && numberHolds(test, static_cast<std::int64_t>(event().callId));
    case FilterField::Callback:
        return event().isOfCallback() && numberHolds(test, static_cast<std::int64_t>(event().callId));
    case FilterField::Direction:
        return (std::ranges::find(test.directions, event().isFromServer()) != test.directions.end())
            != (test.comparison == FilterOperator::NotEqual);
    }
    return false;
}

bool FilterEvaluator::numberHolds(const FilterTest &test, std::int64_t number) const noexcept
{
    if (test.comparison == FilterOperator::Exists)
        return true;
    const MsgpackReader::Number asNumber{true, number, 0};
    const bool any = std::ranges::any_of(
        test.numbers, [&](const FilterLiteral &literal) { return compared(test.comparison, asNumber, literal); });
    return any != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::opcodeHolds(const FilterTest &test) const
{
    const FrameRole role = frameRole(event().opcode, event().isFailed());
    if (test.comparison == FilterOperator::Matches) {
        const auto *word = std::ranges::find_if(
            filterOpcodeWords(), [role](const FilterOpcodeWord &known) { return known.meaning.role == role; });
        return test.text.matches({word->word.data(), static_cast<std::size_t>(word->word.size())});
    }
    const bool any = std::ranges::any_of(test.opcodes, [&](const FilterOpcode &wanted) {
        return wanted.role ? *wanted.role == role : wanted.number == event().opcode;
    });
    return any != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::laneHolds(const FilterTest &test) const
{
    if (test.comparison == FilterOperator::Matches) {
        const auto *word = std::ranges::find(filterLaneWords(), event().lane, &FilterLaneWord::lane);
        return word != filterLaneWords().end()
            && test.text.matches({word->word.data(), static_cast<std::size_t>(word->word.size())});
    }
    return (std::ranges::find(test.lanes, event().lane) != test.lanes.end())
        != (test.comparison == FilterOperator::NotEqual);
}

bool *FilterEvaluator::remembered(const FilterTest &test, std::uint64_t number, bool &isNew)
{
    Memory &memory = m_memories[static_cast<std::size_t>(test.memory)];
    if (memory.size() > mostRemembered)
        memory.clear();
    const auto [place, inserted] = memory.try_emplace(number, false);
    isNew = inserted;
    return &place->second;
}

/// By what a client's object is called; its number is none of the server's.
bool FilterEvaluator::lentObjectHolds(const FilterTest &test)
{
    const Row asked = request();
    const auto member = asked == noRow ? std::nullopt : requestMember(bytesOf(asked));
    const QString name = FrameNames::lent(
        event().object, member ? QString::fromUtf8(member->data(), static_cast<qsizetype>(member->size())) : QString());
    return test.text.matches(name.toStdString()) != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::objectHolds(const FilterTest &test)
{
    if (event().isOfCallback())
        return lentObjectHolds(test);
    const std::uint64_t id = askedEvent().object;
    bool isNew = false;
    bool *answer = remembered(test, id, isNew);
    if (!isNew)
        return *answer;
    if (id != 0 && !m_names.knowsObject(id))
        note(m_unknown.objects, id);
    const bool isOrder = test.comparison >= FilterOperator::Less && test.comparison <= FilterOperator::GreaterOrEqual;
    if (isOrder)
        return *answer = numberHolds(test, static_cast<std::int64_t>(id));
    const bool any = std::ranges::any_of(test.numbers,
                                         [id](const FilterLiteral &literal) {
                                             return static_cast<std::uint64_t>(literal.integer) == id;
                                         })
        || test.text.matches(m_names.object(id).toStdString());
    return *answer = any != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::typeHolds(const FilterTest &test)
{
    if (event().isOfCallback())
        return false;
    const std::uint64_t id = askedEvent().object;
    bool isNew = false;
    bool *answer = remembered(test, id, isNew);
    if (!isNew)
        return *answer;
    if (!m_names.knowsObject(id)) {
        if (id != 0)
            note(m_unknown.objects, id);
        return false;
    }
    if (test.comparison == FilterOperator::Exists)
        return *answer = true;
    return *answer = test.text.matches(m_names.type(id).toStdString()) != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::processHolds(const FilterTest &test)
{
    const std::int32_t process = event().process;
    bool isNew = false;
    bool *answer = remembered(test, static_cast<std::uint32_t>(process), isNew);
    if (!isNew)
        return *answer;
    if (!m_names.knowsProcess(process))
        note(m_unknown.processes, process);
    const bool isOrder = test.comparison >= FilterOperator::Less && test.comparison <= FilterOperator::GreaterOrEqual;
    if (isOrder)
        return *answer = numberHolds(test, process);
    const bool any = std::ranges::any_of(test.numbers,
                                         [process](const FilterLiteral &literal) { return literal.integer == process; })
        || test.text.matches(m_names.processName(process).toStdString())
        || test.text.matches(m_names.process(process).toStdString());
    return *answer = any != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::memberHolds(const FilterTest &test)
{
    const Row asked = event().conversation == Conversation::Subscription ? m_current.row : request();
    if (asked == noRow)
        return false;
    if (!names(test.field, asked == m_current.row ? event().opcode : m_frames.event(asked).opcode))
        return false;
    const auto member = requestMember(bytesOf(asked));
    if (!member || test.comparison == FilterOperator::Exists)
        return member.has_value();
    return test.text.matches(*member) != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::latencyHolds(const FilterTest &test)
{
    const Row end = result();
    if (end != noRow)
        return numberHolds(test, end == m_current.row ? event().latency : m_frames.event(end).latency);
    return event().isAnswer() && event().latency > 0 && numberHolds(test, event().latency);
}

bool FilterEvaluator::errorHolds(const FilterTest &test)
{
    const Row end = result();
    if (end == noRow || !(end == m_current.row ? event() : m_frames.event(end)).isFailed())
        return false;
    if (test.comparison == FilterOperator::Exists)
        return true;
    const auto text = resultError(bytesOf(end));
    return text && test.text.matches(*text) != (test.comparison == FilterOperator::NotEqual);
}

bool FilterEvaluator::valueHolds(const FilterTest &test)
{
    const std::span<const std::byte> bytes = bytesOf(m_current.row);
    if (test.comparison == FilterOperator::Matches) {
        m_text.clear();
        appendValueText(event(), bytes, m_text);
        return !m_text.empty() && test.text.matches(m_text);
    }
    bool isThere = false;
    const bool any = visitValues(event(), bytes, [&](MsgpackReader &value) {
        isThere = true;
        return test.comparison != FilterOperator::Exists && oneValueHolds(test, value);
    });
    return isThere && any != (test.comparison == FilterOperator::NotEqual || test.comparison == FilterOperator::Exists);
}

bool FilterEvaluator::oneValueHolds(const FilterTest &test, MsgpackReader &value)
{
    MsgpackReader copy = value;
    if (const auto number = copy.number()) {
        if (std::ranges::any_of(test.numbers, [&](const FilterLiteral &literal) {
                return compared(test.comparison, *number, literal);
            }))
            return true;
    }
    m_text.clear();
    if (event().opcode == static_cast<int>(ProxyOpCode::ExecutionResult))
        appendValueText(event(), bytesOf(m_current.row), m_text); // knows what is handed out
    else
        value.appendText(m_text, true, mostUnknown);
    return test.text.matches(m_text);
}

Row FilterEvaluator::request()
{
    if (!std::exchange(m_current.knowsRequest, true))
        m_current.request = event().isAnswer() ? m_frames.partner(m_current.row) : m_current.row;
    return m_current.request;
}

Row FilterEvaluator::result()
{
    if (std::exchange(m_current.knowsResult, true))
        return m_current.result;
    if (isResult(event()))
        return m_current.result = m_current.row;
    const Row asked = request();
    const Row last = asked == noRow ? noRow : m_frames.partner(asked);
    return m_current.result = last != noRow && isResult(m_frames.event(last)) ? last : noRow;
}

std::span<const std::byte> FilterEvaluator::bytesOf(Row row) const
{
    if (row != m_current.row)
        return m_frames.bytes(row);
    return m_current.chunk ? m_current.chunk->bytes(*m_current.record) : m_current.bytes;
}

const FrameEvent &FilterEvaluator::askedEvent()
{
    // A PENDING does not carry the object and its level: its request does.
    if (event().opcode != static_cast<int>(ProxyOpCode::ResponsePending) || request() == noRow)
        return event();
    return m_frames.event(request());
}

} // namespace decoy::ui
