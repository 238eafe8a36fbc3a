// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/text_matcher.h"

#include <algorithm>

namespace decoy::ui {

namespace {

char smallLetter(char letter) noexcept
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool isAscii(const QString &text)
{
    return std::ranges::all_of(text, [](QChar character) { return character.unicode() < 0x80; });
}

QString wide(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

} // namespace

TextMatcher::TextMatcher(FilterOperator comparison, const std::vector<FilterLiteral> &literals)
    : m_isSearch(comparison == FilterOperator::Matches)
{
    if (!m_isSearch) {
        for (const FilterLiteral &literal : literals)
            m_exact.push_back(literal.text.toStdString());
        return;
    }
    const FilterLiteral &wanted = literals.front();
    if (wanted.kind == FilterLiteral::Kind::Pattern) {
        m_pattern = QRegularExpression(wanted.text);
        m_pattern->optimize(); // here, rather than by every thread at once
    } else if (isAscii(wanted.text)) {
        m_needle = wanted.text.toLower().toStdString();
    } else {
        m_wideNeedle = wanted.text;
    }
}

bool TextMatcher::matches(std::string_view text) const
{
    if (!m_isSearch)
        return std::ranges::any_of(m_exact, [text](const std::string &wanted) { return wanted == text; });
    if (m_pattern)
        return m_pattern->match(wide(text)).hasMatch();
    return m_wideNeedle.isEmpty() ? contains(text) : wide(text).contains(m_wideNeedle, Qt::CaseInsensitive);
}

bool TextMatcher::contains(std::string_view text) const
{
    return std::ranges::search(text, m_needle, {}, smallLetter).begin() != text.end() || m_needle.empty();
}

} // namespace decoy::ui
