// SPDX-License-Identifier: BSD-3-Clause
#include "suggestion.h"

#include "shown.h"

#include <algorithm>
#include <array>

namespace decoy::object {

namespace {

/// Longer names are not compared: the work grows with the product of the lengths, and a peer chooses one of them.
constexpr std::size_t longestCompared = 40;

/// Characters to insert, remove or replace to turn one name into the other.
std::size_t editDistance(std::string_view from, std::string_view to)
{
    std::array<std::size_t, longestCompared + 1> row{};
    for (std::size_t column = 0; column <= to.size(); ++column)
        row[column] = column;
    for (std::size_t line = 1; line <= from.size(); ++line) {
        std::size_t diagonal = row[0];
        row[0] = line;
        for (std::size_t column = 1; column <= to.size(); ++column) {
            const std::size_t replaced = diagonal + (from[line - 1] != to[column - 1]);
            diagonal = row[column];
            row[column] = std::min({row[column] + 1, row[column - 1] + 1, replaced});
        }
    }
    return row[to.size()];
}

} // namespace

Suggestion::Suggestion(std::string_view wanted) noexcept
    : m_wanted(wanted)
      // A third of the letters may be wrong; more would be guessing.
      ,
      m_bestDistance(wanted.size() / 3 + 1)
{}

void Suggestion::consider(std::string_view candidate)
{
    if (m_wanted.size() > longestCompared || candidate.size() > longestCompared)
        return;
    const std::size_t distance = editDistance(m_wanted, candidate);
    if (distance < m_bestDistance || (m_best.empty() && distance == m_bestDistance)) {
        m_best = candidate;
        m_bestDistance = distance;
    }
}

std::string Suggestion::text() const
{
    return m_best.empty() ? std::string() : "; did you mean " + shownName(m_best) + "?";
}

} // namespace decoy::object
