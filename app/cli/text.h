// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace decoy::cli {

/// The text without anything that could move a terminal's cursor or fake another line: line ends become spaces, other control
/// characters \xNN. For everything that came from another process.
[[nodiscard]] std::string printable(std::string_view text);

/// How many columns UTF-8 text takes, where every character takes one.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// The text in exactly `width` columns: filled with spaces, or cut with an ellipsis.
[[nodiscard]] std::string leftAligned(std::string_view text, std::size_t width);
[[nodiscard]] std::string rightAligned(std::string_view text, std::size_t width);

/// How long ago a moment of CLOCK_MONOTONIC was, given in nanoseconds: "12 s".
[[nodiscard]] std::string ageOf(std::int64_t since);

/// A table for a terminal: columns as wide as their widest cell, two spaces apart. Cells are made printable.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header) : m_rows{std::move(header)} {}
    /// Takes as many cells as the header has.
    void addRow(std::vector<std::string> cells);
    /// All lines, the last one without its end.
    [[nodiscard]] std::string toString() const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace decoy::cli
