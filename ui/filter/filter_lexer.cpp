// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_lexer.h"

#include "filter/filter_fields.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using Kind = FilterToken::Kind;

constexpr QChar narrowSpace = QChar(0x202f); ///< stands between the digits of numbers that were copied from a view
constexpr double exactIntegers = 9007199254740992.0; // 2^53

bool startsWord(QChar character) { return character.isLetter() || character == u'_' || character == u'#'; }

bool continuesWord(QChar character)
{
    return startsWord(character) || character.isDigit() || character == u'.' || character == u'-' || character == u':'
        || character == u'@';
}

struct Keyword {
    QLatin1String word;
    Kind kind;
};
constexpr Keyword keywords[] = {
    {"and"_L1, Kind::And}, {"or"_L1, Kind::Or}, {"not"_L1, Kind::Not}, {"in"_L1, Kind::Comparison}};

const FilterUnit *findUnit(QStringView name)
{
    // Both characters that look like a µ are typed by somebody's keyboard.
    const bool isMicro = name.size() == 2 && (name[0] == QChar(0xb5) || name[0] == QChar(0x3bc)) && name[1] == u's';
    for (const FilterUnit &unit : filterUnits()) {
        if (isMicro ? unit.name == "us"_L1 : name == unit.name)
            return &unit;
    }
    return nullptr;
}

} // namespace

FilterToken FilterLexer::token(Kind kind, qsizetype length)
{
    FilterToken token;
    token.kind = kind;
    token.position = m_at;
    token.length = length;
    token.literal.position = m_at;
    token.literal.length = length;
    m_at += length;
    return token;
}

FilterToken FilterLexer::invalid(qsizetype length, const QString &problem)
{
    FilterToken result = token(Kind::Invalid, length);
    result.problem = problem;
    return result;
}

FilterToken FilterLexer::next()
{
    while (at(m_at).isSpace())
        ++m_at;
    const QChar first = at(m_at);
    if (m_at >= m_text.size())
        return token(Kind::End, 0);
    if (first == u'"' || first == u'\'')
        return quoted(first, FilterLiteral::Kind::Text);
    if (first == u'/')
        return quoted(first, FilterLiteral::Kind::Pattern);
    if (first.isDigit() || (first == u'-' && at(m_at + 1).isDigit()))
        return number();
    if (startsWord(first))
        return word();
    return symbol();
}

FilterToken FilterLexer::quoted(QChar mark, FilterLiteral::Kind kind)
{
    QString text;
    qsizetype position = m_at + 1;
    for (; position < m_text.size() && m_text[position] != mark; ++position) {
        const QChar next = at(position + 1);
        // In a regular expression every backslash but the one before a slash is the expression's own.
        if (m_text[position] == u'\\' && (next == mark || (next == u'\\' && kind == FilterLiteral::Kind::Text)))
            ++position;
        text += m_text[position];
    }
    if (position >= m_text.size())
        return invalid(m_text.size() - m_at, u"%1 is missing at the end"_s.arg(mark));
    FilterToken result = token(kind == FilterLiteral::Kind::Text ? Kind::String : Kind::Pattern, position + 1 - m_at);
    result.literal.kind = kind;
    result.literal.text = text;
    return result;
}

FilterToken FilterLexer::word()
{
    qsizetype end = m_at;
    while (end < m_text.size() && continuesWord(m_text[end]))
        ++end;
    const QStringView text = m_text.sliced(m_at, end - m_at);
    for (const Keyword &keyword : keywords) {
        if (text.compare(keyword.word, Qt::CaseInsensitive) == 0) {
            FilterToken result = token(keyword.kind, text.size());
            result.comparison = FilterOperator::In;
            return result;
        }
    }
    FilterToken result = token(Kind::Word, text.size());
    result.literal.text = text.toString();
    return result;
}

FilterToken FilterLexer::number()
{
    qsizetype end = m_at + 1;
    while (at(end).isDigit() || at(end) == narrowSpace || (at(end) == u'.' && at(end + 1).isDigit()))
        ++end;
    QString digits = m_text.sliced(m_at, end - m_at).toString().remove(narrowSpace);
    bool isNumber = false;
    double number = digits.toDouble(&isNumber);
    if (!isNumber)
        return invalid(end - m_at, u"“%1” is not a number"_s.arg(digits));

    // The unit may stand apart, but then it must be one: "level == 2 or …" goes on differently.
    qsizetype unitBegin = end;
    while (at(unitBegin).isSpace())
        ++unitBegin;
    qsizetype unitEnd = unitBegin;
    while (at(unitEnd).isLetter())
        ++unitEnd;
    const FilterUnit *unit = findUnit(m_text.sliced(unitBegin, unitEnd - unitBegin));
    if (!unit && unitBegin == end && unitEnd != end)
        return invalid(
            unitEnd - m_at,
            u"“%1” is no unit; expected ns, us, ms, s, B, KiB, MiB or GiB"_s.arg(m_text.sliced(end, unitEnd - end)));

    FilterToken result = token(Kind::Number, (unit ? unitEnd : end) - m_at);
    FilterLiteral &literal = result.literal;
    literal.kind = FilterLiteral::Kind::Number;
    literal.text = m_text.sliced(result.position, result.length).toString();
    literal.integer = digits.toLongLong(&literal.isInteger);
    if (unit) {
        number *= unit->factor;
        literal.unit = unit->unit;
        literal.isInteger = std::abs(number) < exactIntegers;
        literal.integer = literal.isInteger ? std::llround(number) : 0;
    }
    literal.number = number;
    return result;
}

FilterToken FilterLexer::symbol()
{
    const QStringView pair = m_text.sliced(m_at, std::min<qsizetype>(2, m_text.size() - m_at));
    if (pair == "&&"_L1)
        return token(Kind::And, 2);
    if (pair == "||"_L1)
        return token(Kind::Or, 2);
    const FilterOperatorWord *found = nullptr;
    for (const FilterOperatorWord &known : filterOperators()) {
        if (pair.startsWith(known.word) && (!found || known.word.size() > found->word.size()))
            found = &known;
    }
    if (found) {
        FilterToken result = token(Kind::Comparison, found->word.size());
        result.comparison = found->meaning;
        return result;
    }
    switch (pair[0].unicode()) {
    case u'!': return token(Kind::Not, 1);
    case u'(': return token(Kind::LeftParenthesis, 1);
    case u')': return token(Kind::RightParenthesis, 1);
    case u'{': return token(Kind::LeftBrace, 1);
    case u'}': return token(Kind::RightBrace, 1);
    case u',': return token(Kind::Comma, 1);
    case u'=': return invalid(1, u"one = sets nothing here; expected =="_s);
    case u'&': return invalid(1, u"expected &&"_s);
    case u'|': return invalid(1, u"expected ||"_s);
    default: return invalid(1, u"“%1” means nothing here"_s.arg(pair[0]));
    }
}

QString filterWord(const QString &text)
{
    FilterLexer lexer(text);
    const FilterToken token = lexer.next();
    if (token.kind == Kind::Word && token.length == text.size())
        return text;
    QString quoted = text;
    quoted.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1);
    return u'"' + quoted + u'"';
}

} // namespace decoy::ui
