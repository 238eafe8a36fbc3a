// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_expression.h"
#include "theme/opcode_style.h"

#include <decoy/tap.h>

#include <array>
#include <optional>

namespace decoy::ui {

/// What a field's values are, which decides the operators and literals that it takes.
enum class FilterKind : quint8 {
    Opcode,    ///< a word of a known few, or the opcode's number
    Lane,      ///< a word of a known few
    Direction, ///< a word of a known few
    Name,      ///< a number that has a name: either can be asked for
    Text,      ///< words only
    Number,    ///< a whole number without a unit
    Bytes,     ///< with B, KiB, MiB, GiB, or plain bytes
    Duration,  ///< with ns, us, ms or s
    Value      ///< whatever a frame carries: numbers and texts
};

struct FilterFieldInfo {
    FilterField field;
    QLatin1String name;
    QLatin1String alias; ///< a second name, or empty
    FilterKind kind;
    bool isOptional; ///< not every frame has one, so that asking for the field alone makes sense
    QLatin1String meaning;
};

inline constexpr std::size_t filterFieldCount = 21;

/// All fields in the order of FilterField.
[[nodiscard]] const std::array<FilterFieldInfo, filterFieldCount> &filterFields() noexcept;
[[nodiscard]] const FilterFieldInfo &filterField(FilterField field) noexcept;
/// By name or alias, in any case; null if there is none.
[[nodiscard]] const FilterFieldInfo *findFilterField(QStringView name) noexcept;

/// Which frames a word or number means when it is compared with `opcode`.
struct FilterOpcode {
    std::optional<FrameRole> role; ///< a word of the table: RESULT is one without an error, ERROR one with
    int number = 0;                ///< otherwise the frame's own number
};
struct FilterOpcodeWord {
    QLatin1String word;
    FilterOpcode meaning;
    QLatin1String explanation;
};
[[nodiscard]] const std::array<FilterOpcodeWord, 10> &filterOpcodeWords() noexcept;
[[nodiscard]] std::optional<FilterOpcode> filterOpcode(const FilterLiteral &literal) noexcept;

struct FilterLaneWord {
    QLatin1String word;
    Lane lane;
};
[[nodiscard]] const std::array<FilterLaneWord, 3> &filterLaneWords() noexcept;
[[nodiscard]] std::optional<Lane> filterLane(QStringView word) noexcept;

/// Where a frame goes.
struct FilterDirectionWord {
    QLatin1String word;
    bool isFromServer;
    QLatin1String explanation;
};
[[nodiscard]] const std::array<FilterDirectionWord, 2> &filterDirectionWords() noexcept;
/// Whether the word means what comes from the server.
[[nodiscard]] std::optional<bool> filterDirection(QStringView word) noexcept;

struct FilterUnit {
    QLatin1String name;
    FilterLiteral::Unit unit;
    double factor; ///< ns or bytes
};
[[nodiscard]] const std::array<FilterUnit, 8> &filterUnits() noexcept;

struct FilterOperatorWord {
    QLatin1String word;
    FilterOperator meaning;
    QLatin1String explanation;
};
[[nodiscard]] const std::array<FilterOperatorWord, 8> &filterOperators() noexcept;
/// Whether fields of this kind can be compared so.
[[nodiscard]] bool takesOperator(FilterKind kind, FilterOperator comparison) noexcept;
/// "==, !=, ~, in": what such fields take.
[[nodiscard]] QString operatorsOf(FilterKind kind);

} // namespace decoy::ui
