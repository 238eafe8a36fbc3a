// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_predicate.h"

#include <algorithm>

namespace decoy::ui {

namespace {

int costOf(FilterField field) noexcept
{
    switch (field) {
    case FilterField::Object:
    case FilterField::Process:
    case FilterField::Type: return 3;    // looked up by number, and remembered
    case FilterField::Latency: return 4; // another frame's record
    case FilterField::Member:
    case FilterField::Method:
    case FilterField::Event:
    case FilterField::Attribute: return 6; // the frame's bytes, or another frame's
    case FilterField::Error: return 7;
    case FilterField::Value: return 10;
    default: return 1; // in the record
    }
}

/// "#12" is how an object without a name is shown, and so is asked for.
bool readNumberSign(FilterLiteral &literal)
{
    bool isNumber = false;
    if (literal.text.startsWith(u'#'))
        literal.integer = literal.text.sliced(1).toLongLong(&isNumber);
    if (isNumber) {
        literal.kind = FilterLiteral::Kind::Number;
        literal.isInteger = true;
        literal.number = static_cast<double>(literal.integer);
    }
    return isNumber;
}

} // namespace

std::shared_ptr<const FilterPredicate> FilterPredicate::compile(const FilterExpression &expression)
{
    auto predicate = std::make_shared<FilterPredicate>();
    predicate->m_root = predicate->test(expression);
    return predicate;
}

FilterTest FilterPredicate::test(const FilterExpression &expression)
{
    FilterTest result;
    result.kind = expression.kind;
    if (expression.kind == FilterExpression::Kind::Comparison) {
        compare(result, expression);
        return result;
    }
    for (const FilterExpression &member : expression.members) {
        result.members.push_back(test(member));
        result.cost += result.members.back().cost;
    }
    // What is cheap may decide before what is dear is looked at; the order makes no other difference.
    std::ranges::stable_sort(result.members, {}, &FilterTest::cost);
    return result;
}

void FilterPredicate::compare(FilterTest &test, const FilterExpression &expression)
{
    test.field = expression.field;
    test.comparison = expression.comparison;
    test.cost = costOf(test.field);
    m_dependsOnAnswer |= test.field == FilterField::Latency || test.field == FilterField::Error;
    if (test.field == FilterField::Object || test.field == FilterField::Process || test.field == FilterField::Type)
        test.memory = m_memories++;

    std::vector<FilterLiteral> texts;
    for (FilterLiteral literal : expression.literals) {
        if (test.field == FilterField::Opcode && test.comparison != FilterOperator::Matches)
            test.opcodes.push_back(filterOpcode(literal).value_or(FilterOpcode()));
        if (test.field == FilterField::Lane && test.comparison != FilterOperator::Matches)
            test.lanes.push_back(filterLane(literal.text).value_or(Lane::Native));
        if (test.field == FilterField::Direction)
            test.directions.push_back(filterDirection(literal.text).value_or(false));
        const bool isSearch = test.comparison == FilterOperator::Matches;
        if (!isSearch && test.field == FilterField::Object)
            readNumberSign(literal);
        const bool isWord = filterField(test.field).kind == FilterKind::Text;
        if (literal.kind == FilterLiteral::Kind::Number && !isSearch && !isWord)
            test.numbers.push_back(literal);
        else
            texts.push_back(literal);
    }
    if (!texts.empty())
        test.text = TextMatcher(test.comparison, texts);
}

} // namespace decoy::ui
