// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace decoy::ui {

/// What a frame can be asked for. docs: the table in filter_fields.cpp.
enum class FilterField : quint8 {
    Opcode,
    Object,
    Type,
    Member,
    Method,
    Attribute,
    Event,
    Process,
    Client,
    Lane,
    Level,
    Size,
    Latency,
    Error,
    Value,
    Frame,
    Time,
    Call,
    Subscription,
    Callback,
    Direction
};

enum class FilterOperator : quint8 {
    Exists, ///< the field alone: the frame has one
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In
};

/// What a field is compared with.
struct FilterLiteral {
    enum class Kind : quint8 { Number, Text, Pattern };
    enum class Unit : quint8 { None, Time, Bytes };

    Kind kind = Kind::Text;
    Unit unit = Unit::None;
    bool isInteger = false;
    std::int64_t integer = 0; ///< in ns or bytes where there is a unit; only if isInteger
    double number = 0;        ///< the same, always
    QString text;             ///< a text or pattern without its quotation; a number as it was typed
    qsizetype position = 0;
    qsizetype length = 0;
};

/// A filter that was understood: a tree of connectives with comparisons as leaves.
struct FilterExpression {
    enum class Kind : quint8 { And, Or, Not, Comparison };

    Kind kind = Kind::Comparison;
    FilterField field = FilterField::Opcode;
    FilterOperator comparison = FilterOperator::Exists;
    qsizetype position = 0; ///< of a comparison: where its field stands
    qsizetype length = 0;
    std::vector<FilterLiteral> literals;   ///< of a comparison: none for Exists, several for In only
    std::vector<FilterExpression> members; ///< of a connective
};

} // namespace decoy::ui
