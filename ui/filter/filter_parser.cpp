// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter language:
//
//   filter      = [ disjunction ] ;
//   disjunction = conjunction { ( "||" | "or" ) conjunction } ;
//   conjunction = condition { ( "&&" | "and" ) condition } ;
//   condition   = ( "!" | "not" ) condition | "(" disjunction ")" | comparison ;
//   comparison  = field [ operator literal | "~" ( literal | pattern ) | "in" "{" literal { "," literal } "}" ] ;
//   operator    = "==" | "!=" | "<" | "<=" | ">" | ">=" ;
//   literal     = number [ unit ] | string | word ;
//   number      = [ "-" ] digit { digit } [ "." digit { digit } ] ;
//   unit        = "ns" | "us" | "µs" | "ms" | "s" | "B" | "KiB" | "MiB" | "GiB" ;
//   string      = '"' { character | '\"' | "\\" } '"' | "'" { character | "\'" | "\\" } "'" ;
//   pattern     = "/" { character | "\/" } "/" ;
//   word        = ( letter | "_" | "#" ) { letter | digit | "_" | "#" | "." | "-" | ":" | "@" } ;
//   field       = a name of filter_fields.cpp ;
//
// What it means:
//   - Spaces separate. Field names, keywords, opcodes and lanes are the same in any case; other texts are not.
//   - `~` with a string or word: contains it, in any case. With a /pattern/: a Perl-compatible regular expression finds
//     something in it; the case counts unless it begins with (?i).
//   - A field alone: the frame has it. `error` is a call that failed.
//   - A comparison with what a frame does not have is false, also with `!=`. `!(method == add)` is true for frames
//     without a method, `method != add` is not.
//   - An answer has the member of its request. `latency` and `error` belong to the call: its request, its PENDING and its
//     result have the same, which is the result's; while there is none yet, there is none. (Only a PENDING that waits
//     for its result has the time that it took itself.)
//   - `value` is what is set, what came back, or, of EXECUTE, each of the arguments: one that fits is enough. `~` looks
//     at the text that the table shows.
//   - Durations need their unit; sizes without one are bytes.
#include "filter/filter_parser.h"

#include "filter/filter_fields.h"
#include "filter/filter_lexer.h"

#include <QRegularExpression>
#include <QStringList>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using TokenKind = FilterToken::Kind;
using What = FilterExpectation::What;
using ExpressionKind = FilterExpression::Kind;

/// Nobody types as many parentheses; a text that was pasted may have them, and recursion has an end.
constexpr int deepest = 64;

QString fieldNames()
{
    QStringList names;
    for (const FilterFieldInfo &field : filterFields())
        names += field.name;
    return names.join(", "_L1);
}

QString expectedLiteral(const FilterFieldInfo &field)
{
    switch (field.kind) {
    case FilterKind::Opcode: return u"GET, SET, EXECUTE, RESULT, PENDING, ERROR or an opcode's number"_s;
    case FilterKind::Lane: return u"native, duck or network"_s;
    case FilterKind::Direction: return u"to_server or to_client"_s;
    case FilterKind::Name: return u"a name or a number"_s;
    case FilterKind::Text: return u"a word or a \"text\""_s;
    case FilterKind::Number: return u"a whole number"_s;
    case FilterKind::Bytes: return u"a size, as 512 or 4 KiB"_s;
    case FilterKind::Duration: return u"a duration with its unit, as 5ms"_s;
    case FilterKind::Value: return u"a number, a word or a \"text\""_s;
    }
    return {};
}

class Parser {
public:
    explicit Parser(QStringView text) : m_text(text), m_lexer(text) { advance(); }

    FilterParse parse()
    {
        expect(What::Field);
        if (m_token.kind == TokenKind::End) {
            m_result.isEmpty = true;
            return std::move(m_result);
        }
        m_result.expression = disjunction();
        if (!failed() && m_token.kind == TokenKind::RightParenthesis)
            fail(m_token, u"this ) closes nothing"_s);
        else if (!failed() && m_token.kind != TokenKind::End)
            fail(m_token, unexpected(u"&&, || or the end"_s));
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool failed() const noexcept { return m_result.error.has_value(); }

    void advance() { m_token = m_lexer.next(); }

    void expect(What what)
    {
        if (failed())
            return;
        m_result.expectation.what = what;
        m_result.expectation.openParentheses = m_open;
    }

    void fail(qsizetype position, qsizetype length, const QString &message)
    {
        if (failed()) // the first mistake causes the others
            return;
        m_result.error = FilterError{position, length, message};
        m_result.isUnfinished = m_token.kind == TokenKind::End;
    }
    void fail(const FilterToken &token, const QString &message)
    {
        fail(token.position, token.length, token.kind == TokenKind::Invalid ? token.problem : message);
    }
    [[nodiscard]] QString unexpected(const QString &expected) const { return u"expected %1"_s.arg(expected); }

    FilterExpression disjunction() { return chain(TokenKind::Or, ExpressionKind::Or, &Parser::conjunction); }
    FilterExpression conjunction() { return chain(TokenKind::And, ExpressionKind::And, &Parser::condition); }

    FilterExpression chain(TokenKind connective, ExpressionKind kind, FilterExpression (Parser::*member)())
    {
        FilterExpression first = (this->*member)();
        if (failed() || m_token.kind != connective)
            return first;
        FilterExpression all{.kind = kind, .literals = {}, .members = {}};
        all.members.push_back(std::move(first));
        while (!failed() && m_token.kind == connective) {
            advance();
            expect(What::Field);
            all.members.push_back((this->*member)());
        }
        return all;
    }

    FilterExpression condition()
    {
        if (m_depth >= deepest) {
            fail(m_token, u"nested too deeply: %1 levels are the most"_s.arg(deepest));
            return {};
        }
        ++m_depth;
        FilterExpression result;
        if (m_token.kind == TokenKind::Not)
            result = negation();
        else if (m_token.kind == TokenKind::LeftParenthesis)
            result = group();
        else
            result = comparison();
        --m_depth;
        return result;
    }

    FilterExpression negation()
    {
        advance();
        expect(What::Field);
        FilterExpression result{.kind = ExpressionKind::Not, .literals = {}, .members = {}};
        result.members.push_back(condition());
        return result;
    }

    FilterExpression group()
    {
        const FilterToken opening = m_token;
        advance();
        ++m_open;
        expect(What::Field);
        FilterExpression result = disjunction();
        if (!failed() && m_token.kind != TokenKind::RightParenthesis) {
            if (m_token.kind == TokenKind::End)
                fail(opening, u"this ( is not closed; expected ) at the end"_s);
            else
                fail(m_token, unexpected(u"&&, || or )"_s));
        }
        if (!failed()) {
            --m_open;
            advance();
            expect(What::Connective);
        }
        return result;
    }

    FilterExpression comparison()
    {
        FilterExpression result;
        if (m_token.kind != TokenKind::Word) {
            fail(m_token, unexpected(u"a field, ! or ("_s));
            return result;
        }
        const FilterFieldInfo *field = findFilterField(m_token.literal.text);
        if (!field) {
            fail(m_token, u"“%1” is no field; expected one of %2"_s.arg(m_token.literal.text, fieldNames()));
            return result;
        }
        result.field = m_result.expectation.field = field->field;
        result.position = m_token.position;
        result.length = m_token.length;
        advance();
        expect(What::Operator);
        if (m_token.kind != TokenKind::Comparison) {
            if (m_token.kind == TokenKind::Invalid)
                fail(m_token, {});
            else if (!field->isOptional)
                fail(m_token.position, m_token.length,
                     u"every frame has %1; expected an operator: %2"_s.arg(field->name, operatorsOf(field->kind)));
            return result;
        }
        if (!takesOperator(field->kind, m_token.comparison)) {
            fail(m_token, u"%1 cannot be compared so; expected %2"_s.arg(field->name, operatorsOf(field->kind)));
            return result;
        }
        result.comparison = m_result.expectation.comparison = m_token.comparison;
        advance();
        if (result.comparison == FilterOperator::In)
            list(*field, result);
        else
            value(*field, result);
        if (!failed())
            expect(What::Connective);
        return result;
    }

    void list(const FilterFieldInfo &field, FilterExpression &result)
    {
        expect(What::Brace);
        if (m_token.kind != TokenKind::LeftBrace)
            return fail(m_token, unexpected(u"{"_s));
        m_result.expectation.isInList = true;
        do {
            advance();
            value(field, result);
            expect(What::Connective);
        } while (!failed() && m_token.kind == TokenKind::Comma);
        if (failed())
            return;
        if (m_token.kind != TokenKind::RightBrace)
            return fail(m_token, unexpected(u", or }"_s));
        m_result.expectation.isInList = false;
        advance();
    }

    void value(const FilterFieldInfo &field, FilterExpression &result)
    {
        expect(What::Value);
        FilterLiteral literal = m_token.literal;
        switch (m_token.kind) {
        case TokenKind::Number:
        case TokenKind::String:
        case TokenKind::Word: break;
        case TokenKind::Pattern:
            if (result.comparison != FilterOperator::Matches)
                return fail(m_token, u"a /pattern/ goes with ~; expected %1"_s.arg(expectedLiteral(field)));
            if (const QString problem = patternProblem(literal); !problem.isEmpty())
                return fail(m_token, problem);
            break;
        default: return fail(m_token, unexpected(expectedLiteral(field)));
        }
        if (result.comparison != FilterOperator::Matches && !fits(field, result.comparison, literal))
            return;
        result.literals.push_back(std::move(literal));
        advance();
    }

    [[nodiscard]] static QString patternProblem(const FilterLiteral &literal)
    {
        const QRegularExpression expression(literal.text);
        if (expression.isValid())
            return {};
        return u"the pattern is wrong at its character %1: %2"_s.arg(expression.patternErrorOffset() + 1)
            .arg(expression.errorString());
    }

    /// Whether the literal is one of the field's; says why not.
    bool fits(const FilterFieldInfo &field, FilterOperator comparison, FilterLiteral &literal)
    {
        const bool isNumber = literal.kind == FilterLiteral::Kind::Number;
        const bool hasNoUnit = literal.unit == FilterLiteral::Unit::None;
        const bool isWhole = isNumber && hasNoUnit && literal.isInteger;
        const bool isOrder = comparison != FilterOperator::Equal && comparison != FilterOperator::NotEqual
            && comparison != FilterOperator::In;
        bool fitting = false;
        switch (field.kind) {
        case FilterKind::Opcode: fitting = (!isNumber || isWhole) && filterOpcode(literal).has_value(); break;
        case FilterKind::Lane: fitting = !isNumber && filterLane(literal.text).has_value(); break;
        case FilterKind::Direction: fitting = !isNumber && filterDirection(literal.text).has_value(); break;
        case FilterKind::Name: fitting = isWhole || (!isNumber && !isOrder); break;
        case FilterKind::Text: fitting = true; break;
        case FilterKind::Number: fitting = isWhole; break;
        case FilterKind::Bytes: fitting = isNumber && literal.unit != FilterLiteral::Unit::Time; break;
        case FilterKind::Duration:
            fitting = isNumber && (literal.unit == FilterLiteral::Unit::Time || (hasNoUnit && literal.number == 0));
            break;
        case FilterKind::Value: fitting = (isNumber && hasNoUnit) || (!isNumber && !isOrder); break;
        }
        if (!fitting)
            fail(literal.position, literal.length, u"%1 is compared with %2"_s.arg(field.name, expectedLiteral(field)));
        return fitting;
    }

    QStringView m_text;
    FilterLexer m_lexer;
    FilterToken m_token;
    FilterParse m_result;
    int m_depth = 0;
    int m_open = 0;
};

} // namespace

FilterParse parseFilter(QStringView text) { return Parser(text).parse(); }

} // namespace decoy::ui
