// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_expression.h"

#include <QRegularExpression>
#include <QString>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace decoy::ui {

/// The texts that a comparison asks for, made ready. Immutable, so any thread may ask it.
class TextMatcher {
public:
    TextMatcher() = default;
    TextMatcher(FilterOperator comparison, const std::vector<FilterLiteral> &literals);

    /// Whether `text`, which is UTF-8 or damaged, is one of the texts, or has in it what is looked for.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    [[nodiscard]] bool contains(std::string_view text) const;

    bool m_isSearch = false;
    std::vector<std::string> m_exact;
    std::string m_needle; ///< in small letters, where it is ASCII
    QString m_wideNeedle; ///< otherwise
    std::optional<QRegularExpression> m_pattern;
};

} // namespace decoy::ui
