// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_fields.h"

#include <decoy/frame.h>

#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Kind = FilterKind;

// clang-format off
constexpr std::array<FilterFieldInfo, filterFieldCount> fields = {{
    {FilterField::Opcode,    "opcode"_L1,  {},             Kind::Opcode,   false, "GET, SET, EXECUTE, RESULT, PENDING, ERROR, EVENT"_L1},
    {FilterField::Object,    "object"_L1,  {},             Kind::Name,     false, "the object that was asked, or tells, by name or id"_L1},
    {FilterField::Type,      "type"_L1,    {},             Kind::Text,     true,  "the type of that object"_L1},
    {FilterField::Member,    "member"_L1,  {},             Kind::Text,     true,  "attribute, method or event, of the answer too"_L1},
    {FilterField::Method,    "method"_L1,  {},             Kind::Text,     true,  "what is executed, of the answer too"_L1},
    {FilterField::Attribute, "attr"_L1,    "attribute"_L1, Kind::Text,     true,  "what is read or set, of the answer too"_L1},
    {FilterField::Event,     "event"_L1,   {},             Kind::Text,     true,  "what an EVENT tells of"_L1},
    {FilterField::Process,   "process"_L1, {},             Kind::Name,     false, "the client's process, by worker or process id"_L1},
    {FilterField::Client,    "client"_L1,  {},             Kind::Number,   false, "the server's number for the connection"_L1},
    {FilterField::Lane,      "lane"_L1,    {},             Kind::Lane,     false, "native, duck, network"_L1},
    {FilterField::Level,     "level"_L1,   {},             Kind::Number,   false, "chain level of the object"_L1},
    {FilterField::Size,      "size"_L1,    {},             Kind::Bytes,    false, "bytes of the frame: 512, 4 KiB"_L1},
    {FilterField::Latency,   "latency"_L1, {},             Kind::Duration, true,  "how long the call took: 5ms"_L1},
    {FilterField::Error,     "error"_L1,   {},             Kind::Text,     true,  "the error of the call; alone: it failed"_L1},
    {FilterField::Value,     "value"_L1,   {},             Kind::Value,    true,  "what is set, given, told or came back"_L1},
    {FilterField::Frame,     "frame"_L1,   {},             Kind::Number,   false, "the frame's number"_L1},
    {FilterField::Time,      "time"_L1,    {},             Kind::Duration, false, "since the first frame: 2.5s"_L1},
    {FilterField::Call,      "call"_L1,    {},             Kind::Number,   true,  "call id, unique for its client"_L1},
    {FilterField::Subscription, "subscription"_L1, {},     Kind::Number,   true,  "a client's number for its subscription, of its EVENTs"_L1},
    {FilterField::Callback,  "callback"_L1, {},            Kind::Number,   true,  "the server's number for its call to what a client has lent; alone: it is one"_L1},
    {FilterField::Direction, "direction"_L1, {},           Kind::Direction, false, "to_server, to_client"_L1},
}};

constexpr std::array<FilterOpcodeWord, 10> opcodes = {{
    {"GET"_L1,              {FrameRole::Get, 0},     "an attribute is read"_L1},
    {"SET"_L1,              {FrameRole::Set, 0},     "an attribute is set"_L1},
    {"EXECUTE"_L1,          {FrameRole::Execute, 0}, "a method is called"_L1},
    {"RESULT"_L1,           {FrameRole::Result, 0},  "what came back, without an error"_L1},
    {"PENDING"_L1,          {FrameRole::Pending, 0}, "taken, still being worked on"_L1},
    {"ERROR"_L1,            {FrameRole::Error, 0},   "a result that says what went wrong"_L1},
    {"EVENT"_L1,            {FrameRole::Event, 0},   "a subscriber is told of something"_L1},
    {"UNKNOWN"_L1,          {FrameRole::Unknown, 0}, "no opcode of the protocol"_L1},
    {"EXECUTION_RESULT"_L1, {{}, static_cast<int>(ProxyOpCode::ExecutionResult)}, "RESULT or ERROR"_L1},
    {"RESPONSE_PENDING"_L1, {{}, static_cast<int>(ProxyOpCode::ResponsePending)}, "the same as PENDING"_L1},
}};

constexpr std::array<FilterLaneWord, 3> lanes = {{
    {"native"_L1, Lane::Native}, {"duck"_L1, Lane::Duck}, {"network"_L1, Lane::Network},
}};

constexpr std::array<FilterDirectionWord, 2> directions = {{
    {"to_server"_L1, false, "requests, and what clients answer to callbacks"_L1},
    {"to_client"_L1, true,  "answers, events, and the requests of callbacks"_L1},
}};

constexpr std::array<FilterUnit, 8> units = {{
    {"ns"_L1,  FilterLiteral::Unit::Time,  1},
    {"us"_L1,  FilterLiteral::Unit::Time,  1e3},
    {"ms"_L1,  FilterLiteral::Unit::Time,  1e6},
    {"s"_L1,   FilterLiteral::Unit::Time,  1e9},
    {"B"_L1,   FilterLiteral::Unit::Bytes, 1},
    {"KiB"_L1, FilterLiteral::Unit::Bytes, 1024},
    {"MiB"_L1, FilterLiteral::Unit::Bytes, 1024.0 * 1024},
    {"GiB"_L1, FilterLiteral::Unit::Bytes, 1024.0 * 1024 * 1024},
}};

constexpr std::array<FilterOperatorWord, 8> operators = {{
    {"=="_L1, FilterOperator::Equal,          "is"_L1},
    {"!="_L1, FilterOperator::NotEqual,       "is there, but is not"_L1},
    {"~"_L1,  FilterOperator::Matches,        "contains \"text\", or matches /regular expression/"_L1},
    {"in"_L1, FilterOperator::In,             "is one of { … }"_L1},
    {"<"_L1,  FilterOperator::Less,           "is less than"_L1},
    {"<="_L1, FilterOperator::LessOrEqual,    "is at most"_L1},
    {">"_L1,  FilterOperator::Greater,        "is greater than"_L1},
    {">="_L1, FilterOperator::GreaterOrEqual, "is at least"_L1},
}};
// clang-format on

} // namespace

const std::array<FilterFieldInfo, filterFieldCount> &filterFields() noexcept { return fields; }

const FilterFieldInfo &filterField(FilterField field) noexcept { return fields[static_cast<std::size_t>(field)]; }

const FilterFieldInfo *findFilterField(QStringView name) noexcept
{
    const auto *found = std::ranges::find_if(fields, [name](const FilterFieldInfo &field) {
        return name.compare(field.name, Qt::CaseInsensitive) == 0
            || (!field.alias.isEmpty() && name.compare(field.alias, Qt::CaseInsensitive) == 0);
    });
    return found == fields.end() ? nullptr : found;
}

const std::array<FilterOpcodeWord, 10> &filterOpcodeWords() noexcept { return opcodes; }

std::optional<FilterOpcode> filterOpcode(const FilterLiteral &literal) noexcept
{
    if (literal.kind == FilterLiteral::Kind::Number)
        return FilterOpcode{{}, static_cast<int>(std::clamp<std::int64_t>(literal.integer, -1000, 1000))};
    for (const FilterOpcodeWord &known : opcodes) {
        if (literal.text.compare(known.word, Qt::CaseInsensitive) == 0)
            return known.meaning;
    }
    return {};
}

const std::array<FilterLaneWord, 3> &filterLaneWords() noexcept { return lanes; }

std::optional<Lane> filterLane(QStringView word) noexcept
{
    for (const FilterLaneWord &known : lanes) {
        if (word.compare(known.word, Qt::CaseInsensitive) == 0)
            return known.lane;
    }
    return {};
}

const std::array<FilterDirectionWord, 2> &filterDirectionWords() noexcept { return directions; }

std::optional<bool> filterDirection(QStringView word) noexcept
{
    for (const FilterDirectionWord &known : directions) {
        if (word.compare(known.word, Qt::CaseInsensitive) == 0)
            return known.isFromServer;
    }
    return {};
}

const std::array<FilterUnit, 8> &filterUnits() noexcept { return units; }

const std::array<FilterOperatorWord, 8> &filterOperators() noexcept { return operators; }

bool takesOperator(FilterKind kind, FilterOperator comparison) noexcept
{
    switch (comparison) {
    case FilterOperator::Matches:
        return kind != FilterKind::Number && kind != FilterKind::Bytes && kind != FilterKind::Duration
            && kind != FilterKind::Direction;
    case FilterOperator::Less:
    case FilterOperator::LessOrEqual:
    case FilterOperator::Greater:
    case FilterOperator::GreaterOrEqual:
        return kind != FilterKind::Opcode && kind != FilterKind::Lane && kind != FilterKind::Direction
            && kind != FilterKind::Text;
    default: return true;
    }
}

QString operatorsOf(FilterKind kind)
{
    QStringList words;
    for (const FilterOperatorWord &known : operators) {
        if (takesOperator(kind, known.meaning))
            words += known.word;
    }
    return words.join(", "_L1);
}

} // namespace decoy::ui
