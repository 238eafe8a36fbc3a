// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/value.h>

#include <QByteArray>
#include <QString>
#include <QStringView>

#include <string_view>

namespace decoy::ui {

/// What a person typed, as a value or as a sentence that says what is wrong with it.
struct ParsedValue {
    Value value;
    QString problem; ///< empty if there is a value

    [[nodiscard]] bool isValid() const noexcept { return problem.isEmpty(); }
};

enum class BytesNotation : quint8 { Hex, Base64, Text };

/// Reads text for a parameter or attribute of a described type: int, float, bool, str, bytes (hex), list, dict, None, any.
/// int takes decimal, 0x and 0b within -2^63 … 2^64-1; list, dict and any take JSON.
[[nodiscard]] ParsedValue parseValue(std::string_view type, const QString &text);
[[nodiscard]] ParsedValue parseBytes(const QString &text, BytesNotation notation);

/// The text that parseValue() would read again.
[[nodiscard]] QString editableText(std::string_view type, const Value &value);

/// One line for a table: JSON, bytes as hex, cut after `most` characters.
[[nodiscard]] QString displayText(const Value &value, qsizetype most = 200);

/// "int", "str", "list of 3", "Node #12", "method": what kind of thing a value is.
[[nodiscard]] QString valueTypeText(const Value &value);

} // namespace decoy::ui
