// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/breakpoint.h"

#include "filter/filter_evaluator.h"
#include "filter/filter_fields.h"

#include <decoy/frame.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Why a field cannot be asked for before the call; empty if it can.
QString whyUnknown(FilterField field)
{
    switch (field) {
    case FilterField::Latency: return u"how long the call takes is known after it only"_s;
    case FilterField::Error: return u"whether the call fails is known after it only"_s;
    case FilterField::Frame: return u"a request gets its frame number when it is captured"_s;
    case FilterField::Time: return u"it counts from the first captured frame"_s;
    case FilterField::Callback: return u"the server asks it itself, and only requests to it are held"_s;
    case FilterField::Event:
    case FilterField::Subscription: return u"events come from the server, and only requests are held"_s;
    default: return {};
    }
}

/// What comes from the server.
bool isAnswer(const FilterLiteral &literal)
{
    const auto opcode = filterOpcode(literal);
    if (!opcode)
        return false;
    return opcode->role ? *opcode->role == FrameRole::Result || *opcode->role == FrameRole::Pending
            || *opcode->role == FrameRole::Error || *opcode->role == FrameRole::Event
                        : opcode->number < 0;
}

/// The first comparison that no request can be asked for.
std::optional<FilterError> whyNoBreakpoint(const FilterExpression &expression)
{
    if (expression.kind != FilterExpression::Kind::Comparison) {
        for (const FilterExpression &member : expression.members) {
            if (auto error = whyNoBreakpoint(member))
                return error;
        }
        return {};
    }
    if (const QString reason = whyUnknown(expression.field); !reason.isEmpty()) {
        return FilterError{expression.position, expression.length,
                           u"a breakpoint cannot ask for %1: %2"_s.arg(filterField(expression.field).name, reason)};
    }
    const bool isWanted = expression.comparison == FilterOperator::Equal || expression.comparison == FilterOperator::In;
    const auto goesToClient = [](const FilterLiteral &literal) {
        return filterDirection(literal.text).value_or(false);
    };
    if (expression.field == FilterField::Direction && isWanted
        && std::ranges::any_of(expression.literals, goesToClient)) {
        return FilterError{expression.position, expression.length,
                           u"only requests are held, and they go to the server"_s};
    }
    if (expression.field != FilterField::Opcode || !isWanted)
        return {};
    const auto answer = std::ranges::find_if(expression.literals, isAnswer);
    if (answer == expression.literals.end())
        return {};
    const bool isEvent = filterOpcode(*answer)->role == FrameRole::Event
        || filterOpcode(*answer)->number == static_cast<int>(ProxyOpCode::Event);
    return FilterError{answer->position, answer->length,
                       u"%1 is an %2, and only requests are held: expected GET, SET or EXECUTE"_s.arg(
                           answer->text, isEvent ? u"event"_s : u"answer"_s)};
}

} // namespace

Breakpoint::Compiled Breakpoint::compile(const QString &text)
{
    Compiled result;
    const FilterParse parse = parseFilter(text);
    result.error = parse.error;
    if (!result.error && !parse.isEmpty)
        result.error = whyNoBreakpoint(parse.expression);
    if (result.error)
        return result;
    result.breakpoint.m_text = text.trimmed();
    if (!parse.isEmpty)
        result.breakpoint.m_predicate = FilterPredicate::compile(parse.expression);
    return result;
}

Breakpoint::Answer Breakpoint::matches(const FrameEvent &request, std::span<const std::byte> bytes,
                                       const FrameNames &names) const
{
    if (!m_predicate)
        return Answer::Yes;
    // What a filter of the table is asked with: so a breakpoint means exactly what it means there.
    FrameRecord frame;
    frame.event = request;
    FilterEvaluator evaluator(*m_predicate, m_noFrames, names);
    if (evaluator.matches(frame, bytes))
        return Answer::Yes;
    return evaluator.takeUnknownNames().objects.empty() ? Answer::No : Answer::UnknownObject;
}

} // namespace decoy::ui
