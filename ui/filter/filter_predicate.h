// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_expression.h"
#include "filter/filter_fields.h"
#include "filter/text_matcher.h"

#include <memory>
#include <vector>

namespace decoy::ui {

/// A comparison or a connective, made ready to be asked millions of times.
struct FilterTest {
    FilterExpression::Kind kind = FilterExpression::Kind::Comparison;
    FilterField field = FilterField::Opcode;
    FilterOperator comparison = FilterOperator::Exists;
    int cost = 0; ///< about how long it takes; the members of a connective stand in this order
    std::vector<FilterLiteral> numbers;
    TextMatcher text;
    std::vector<FilterOpcode> opcodes;
    std::vector<Lane> lanes;
    std::vector<bool> directions; ///< whether from the server
    int memory = -1; ///< which of FilterPredicate::memories() answers belong to; -1: they are not remembered
    std::vector<FilterTest> members;
};

/// A filter that is ready to run. Immutable: threads share it, each with a FilterEvaluator of its own.
class FilterPredicate {
public:
    [[nodiscard]] static std::shared_ptr<const FilterPredicate> compile(const FilterExpression &expression);

    [[nodiscard]] const FilterTest &root() const noexcept { return m_root; }
    /// How many tests remember what they said about a number that has a name.
    [[nodiscard]] int memories() const noexcept { return m_memories; }
    /// Whether a frame may be matched otherwise when a later frame of its call comes.
    [[nodiscard]] bool dependsOnAnswer() const noexcept { return m_dependsOnAnswer; }
    /// Whether a frame may be matched otherwise when more names are known.
    [[nodiscard]] bool dependsOnNames() const noexcept { return m_memories > 0; }

private:
    [[nodiscard]] FilterTest test(const FilterExpression &expression);
    void compare(FilterTest &test, const FilterExpression &expression);

    FilterTest m_root;
    int m_memories = 0;
    bool m_dependsOnAnswer = false;
};

} // namespace decoy::ui
