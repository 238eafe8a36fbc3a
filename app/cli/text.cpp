// SPDX-License-Identifier: BSD-3-Clause
#include "text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace decoy::cli {

namespace {

constexpr bool isContinuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

constexpr bool isControl(unsigned char byte) noexcept { return byte < 0x20 || byte == 0x7f; }

/// U+0080 to U+009F, which terminals obey as well.
constexpr bool isC1Control(std::string_view rest) noexcept
{
    return rest.size() >= 2 && rest[0] == '\xc2' && static_cast<unsigned char>(rest[1]) < 0xa0;
}

void appendEscaped(std::string &out, unsigned char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 0xf];
}

/// The first `count` characters, which must be there.
std::string_view firstColumns(std::string_view text, std::size_t count) noexcept
{
    std::size_t end = 0;
    while (end < text.size() && (count > 0 || isContinuation(text[end]))) {
        if (!isContinuation(text[end]))
            --count;
        ++end;
    }
    return text.substr(0, end);
}

std::string cut(std::string_view text, std::size_t width)
{
    return columns(text) <= width ? std::string(text) : std::string(firstColumns(text, width - 1)) + "…";
}

} // namespace

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n' || byte == '\r' || byte == '\t')
            out += ' ';
        else if (isControl(byte))
            appendEscaped(out, byte);
        else if (isC1Control(text.substr(i)))
            appendEscaped(out, static_cast<unsigned char>(text[++i]));
        else
            out += text[i];
    }
    return out;
}

std::size_t columns(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return !isContinuation(byte); }));
}

std::string leftAligned(std::string_view text, std::size_t width)
{
    std::string out = cut(text, width);
    out.append(width - std::min(width, columns(out)), ' ');
    return out;
}

std::string rightAligned(std::string_view text, std::size_t width)
{
    const std::string out = cut(text, width);
    return std::string(width - std::min(width, columns(out)), ' ') + out;
}

std::string ageOf(std::int64_t since)
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count() - since / 1'000'000'000) + " s";
}

void TextTable::addRow(std::vector<std::string> cells)
{
    std::ranges::transform(cells, cells.begin(), printable);
    m_rows.push_back(std::move(cells));
}

std::string TextTable::toString() const
{
    std::vector<std::size_t> widths(m_rows.front().size());
    for (const auto &row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    std::string out;
    for (const auto &row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += leftAligned(row[i], widths[i]) + "  ";
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    out.pop_back();
    return out;
}

} // namespace decoy::cli
