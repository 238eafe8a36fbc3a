// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_completion.h"

#include "filter/filter_fields.h"
#include "filter/filter_lexer.h"
#include "filter/filter_parser.h"
#include "filter/frame_reader.h"
#include "trace/frame_names.h"
#include "trace/frame_snapshot.h"

#include <decoy/frame.h>

#include <algorithm>
#include <set>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

using What = FilterExpectation::What;

constexpr Row rowsWithMembers = 2000;

/// The token that the cursor stands in or right behind, as far as it goes before the cursor.
struct Begun {
    qsizetype position = 0;
    QString text;
};

bool isComplete(FilterToken::Kind kind)
{
    switch (kind) {
    case FilterToken::Kind::LeftParenthesis:
    case FilterToken::Kind::RightParenthesis:
    case FilterToken::Kind::LeftBrace:
    case FilterToken::Kind::RightBrace:
    case FilterToken::Kind::Comma: return true;
    default: return false;
    }
}

Begun tokenBefore(QStringView text)
{
    FilterLexer lexer(text);
    FilterToken last;
    for (FilterToken token = lexer.next(); token.kind != FilterToken::Kind::End; token = lexer.next())
        last = token;
    // A quotation that was not closed goes on to the end; anything else ends with a space.
    if (last.length == 0 || last.end() < text.size() || isComplete(last.kind))
        return {text.size(), {}};
    return {last.position, text.sliced(last.position).toString()};
}

using Candidates = std::vector<FilterCandidate>;

void addFields(Candidates &candidates)
{
    for (const FilterFieldInfo &field : filterFields())
        candidates.push_back({field.name, field.meaning});
    candidates.push_back({u"!"_s, u"not"_s});
    candidates.push_back({u"("_s, {}});
}

void addOperators(Candidates &candidates, FilterKind kind)
{
    for (const FilterOperatorWord &known : filterOperators()) {
        if (takesOperator(kind, known.meaning))
            candidates.push_back({known.word, known.explanation});
    }
}

void addConnectives(Candidates &candidates, const FilterExpectation &expectation)
{
    if (expectation.isInList) {
        candidates.push_back({u","_s, u"or one more"_s});
        candidates.push_back({u"}"_s, {}});
        return;
    }
    if (expectation.openParentheses > 0)
        candidates.push_back({u")"_s, {}});
    candidates.push_back({u"&&"_s, u"and"_s});
    candidates.push_back({u"||"_s, u"or"_s});
}

void addWords(Candidates &candidates, const QStringList &words)
{
    for (const QString &word : words)
        candidates.push_back({filterWord(word), {}});
}

void addValues(Candidates &candidates, FilterField field, const FilterVocabulary &vocabulary)
{
    switch (field) {
    case FilterField::Opcode:
        for (const FilterOpcodeWord &known : filterOpcodeWords())
            candidates.push_back({known.word, known.explanation});
        break;
    case FilterField::Lane:
        for (const FilterLaneWord &known : filterLaneWords())
            candidates.push_back({known.word, {}});
        break;
    case FilterField::Direction:
        for (const FilterDirectionWord &known : filterDirectionWords())
            candidates.push_back({known.word, known.explanation});
        break;
    case FilterField::Object: addWords(candidates, vocabulary.objects); break;
    case FilterField::Type: addWords(candidates, vocabulary.types); break;
    case FilterField::Process: addWords(candidates, vocabulary.processes); break;
    case FilterField::Member:
    case FilterField::Method:
    case FilterField::Attribute: addWords(candidates, vocabulary.members); break;
    case FilterField::Event: addWords(candidates, vocabulary.events); break;
    default: break;
    }
}

/// After a number: the units that it may have.
void addUnits(Candidates &candidates, FilterKind kind, const QString &digits)
{
    const auto unit = kind == FilterKind::Duration ? FilterLiteral::Unit::Time : FilterLiteral::Unit::Bytes;
    const qsizetype end = std::ranges::find_if(digits, [](QChar character) { return character.isLetter(); })
        - digits.begin();
    for (const FilterUnit &known : filterUnits()) {
        if (known.unit == unit)
            candidates.push_back({digits.first(end) + known.name, {}});
    }
}

void keepFitting(Candidates &candidates, const QString &begun)
{
    const QStringView bare = begun.startsWith(u'"') ? QStringView(begun).sliced(1) : QStringView(begun);
    const auto rest = std::ranges::remove_if(candidates, [&](const FilterCandidate &candidate) {
        const QStringView text = candidate.text.startsWith(u'"') ? QStringView(candidate.text).sliced(1)
                                                                 : QStringView(candidate.text);
        return candidate.text == begun || !text.startsWith(bare, Qt::CaseInsensitive);
    });
    candidates.erase(rest.begin(), rest.end());
}

/// The names in the latest frames that `isWanted`.
template <typename Wanted>
QStringList latestNames(const FrameSnapshot &frames, const Wanted &isWanted)
{
    const Row first = frames.endRow() - std::min<Row>(rowsWithMembers, frames.size());
    std::set<QString> names;
    for (Row row = first; row < frames.endRow(); ++row) {
        const auto name = isWanted(frames.event(row)) ? requestMember(frames.bytes(row)) : std::nullopt;
        if (name)
            names.insert(QString::fromUtf8(name->data(), static_cast<qsizetype>(name->size())));
    }
    return {names.begin(), names.end()};
}

bool isRequest(const FrameEvent &event) { return event.isRequest(); }
bool isEvent(const FrameEvent &event) { return event.opcode == static_cast<std::int8_t>(ProxyOpCode::Event); }

} // namespace

FilterVocabulary FilterVocabulary::from(const FrameNames &names, const FrameSnapshot &frames)
{
    return {names.publishedNames(), names.typeNames(), names.processNames(), latestNames(frames, isRequest),
            latestNames(frames, isEvent)};
}

FilterCompletion completeFilter(QStringView text, qsizetype cursor, const FilterVocabulary &vocabulary)
{
    const QStringView before = text.first(std::clamp<qsizetype>(cursor, 0, text.size()));
    const Begun begun = tokenBefore(before);
    FilterCompletion completion{begun.position, begun.text.size(), {}};
    const FilterParse parsed = parseFilter(before.first(begun.position));
    if (parsed.error && !parsed.isUnfinished)
        return completion; // what is wrong further left comes first

    const FilterExpectation &expected = parsed.expectation;
    const FilterFieldInfo &field = filterField(expected.field);
    const bool isNumber = !begun.text.isEmpty() && begun.text[0].isDigit();
    switch (expected.what) {
    case What::Field: addFields(completion.candidates); break;
    case What::Operator:
        addOperators(completion.candidates, field.kind);
        if (field.isOptional)
            addConnectives(completion.candidates, expected);
        break;
    case What::Brace: completion.candidates.push_back({u"{"_s, {}}); break;
    case What::Value:
        if (isNumber && (field.kind == FilterKind::Duration || field.kind == FilterKind::Bytes))
            addUnits(completion.candidates, field.kind, begun.text);
        else
            addValues(completion.candidates, expected.field, vocabulary);
        break;
    case What::Connective: addConnectives(completion.candidates, expected); break;
    }
    keepFitting(completion.candidates, begun.text);
    return completion;
}

} // namespace decoy::ui
