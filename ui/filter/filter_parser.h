// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_expression.h"

#include <QString>
#include <QStringView>

#include <optional>

namespace decoy::ui {

/// What could not be understood, and where: characters counted from 0.
struct FilterError {
    qsizetype position = 0;
    qsizetype length = 0;
    QString message; ///< says what was expected
};

/// What may stand at the place where reading stopped. Completion offers it.
struct FilterExpectation {
    enum class What : quint8 { Field, Operator, Value, Brace, Connective };
    What what = What::Field;
    FilterField field = FilterField::Opcode;            ///< for Operator, Value and Brace: whose
    FilterOperator comparison = FilterOperator::Exists; ///< for Value: how it is compared
    bool isInList = false;                              ///< for Value and Connective: within braces
    int openParentheses = 0;                            ///< for Connective
};

struct FilterParse {
    FilterExpression expression;      ///< valid if there is no error and it is not empty
    std::optional<FilterError> error; ///< the first one
    bool isEmpty = false;             ///< nothing but spaces: no filter at all
    bool isUnfinished = false;        ///< the error is that something is missing at the end
    FilterExpectation expectation;    ///< at the end of the text, or at the error

    [[nodiscard]] bool isValid() const noexcept { return !error; }
};

/// Reads a filter. The grammar is at the head of filter_parser.cpp. Any text is safe; deep nesting is an error.
[[nodiscard]] FilterParse parseFilter(QStringView text);

} // namespace decoy::ui
