// SPDX-License-Identifier: GPL-3.0-or-later
// How filters come about without typing all of them: what is offered at the cursor, and clauses made of cells.
#include "filter_traffic.h"

#include "filter/filter_completion.h"
#include "filter/filter_lexer.h"
#include "views/filter_clause.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Completes at the `|` in the text.
FilterCompletion completed(QString text, const FilterVocabulary &vocabulary = {})
{
    const qsizetype cursor = text.indexOf(u'|');
    text.remove(cursor, 1);
    return completeFilter(text, cursor, vocabulary);
}

QStringList texts(const FilterCompletion &completion)
{
    QStringList list;
    for (const FilterCandidate &candidate : completion.candidates)
        list += candidate.text;
    return list;
}

} // namespace

class TestFilterCompletion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void completionOffersWhatMayStandThere_data();
    void completionOffersWhatMayStandThere();
    void completionReplacesWhatWasBegun();
    void completionOffersNamesThatAreKnown();
    void completionStaysSilentBehindAMistake();
    void aCellBecomesAFilterThatMatchesItsFrame();
    void clausesAreJoinedSoThatTheyMeanTheSame();
    void exactDurationsComeBackAsTheyWere();
    void wordsThatAreNoWordsAreQuoted();
};

void TestFilterCompletion::completionOffersWhatMayStandThere_data()
{
    QTest::addColumn<QStringList>("offered");
    QTest::addColumn<QStringList>("others");
    const auto offers = [](const char *text, const QStringList &offered, const QStringList &others = {}) {
        QTest::newRow(text) << offered << others;
    };
    offers("|", {u"opcode"_s, u"latency"_s, u"!"_s, u"("_s}, {u"&&"_s});
    offers("op|", {u"opcode"_s}, {u"object"_s, u"latency"_s});
    offers("opcode |", {u"=="_s, u"!="_s, u"~"_s, u"in"_s}, {u"<"_s, u"&&"_s});
    offers("level |", {u"=="_s, u"<"_s, u">="_s}, {u"~"_s});
    offers("level <|", {u"<="_s}, {u"=="_s});
    offers("error |", {u"=="_s, u"&&"_s, u"||"_s}, {u"<"_s});
    offers("opcode == |", {u"GET"_s, u"EXECUTE"_s, u"ERROR"_s}, {u"native"_s});
    offers("opcode == E|", {u"EXECUTE"_s, u"ERROR"_s, u"EXECUTION_RESULT"_s}, {u"GET"_s});
    offers("opcode in |", {u"{"_s}, {u"GET"_s});
    offers("opcode in {|", {u"GET"_s}, {u"opcode"_s});
    offers("opcode in {GET, |", {u"SET"_s});
    offers("opcode in {GET |", {u","_s, u"}"_s}, {u"GET"_s, u"&&"_s});
    offers("lane == |", {u"native"_s, u"duck"_s, u"network"_s});
    offers("latency > 5|", {u"5ns"_s, u"5us"_s, u"5ms"_s, u"5s"_s}, {u"5KiB"_s});
    offers("latency > 5m|", {u"5ms"_s}, {u"5s"_s});
    offers("size > 4|", {u"4B"_s, u"4KiB"_s, u"4MiB"_s}, {u"4ms"_s});
    offers("level > 2 |", {u"&&"_s, u"||"_s}, {u")"_s, u"opcode"_s});
    offers("(level > 2 |", {u")"_s, u"&&"_s});
    offers("level > 2 && |", {u"opcode"_s, u"!"_s});
    offers("level > 2 && ob| || error", {u"object"_s});
    offers("not |", {u"error"_s});
    offers("(|", {u"error"_s});
}

void TestFilterCompletion::completionOffersWhatMayStandThere()
{
    QFETCH(QStringList, offered);
    QFETCH(QStringList, others);
    const QStringList found = texts(completed(QString::fromUtf8(QTest::currentDataTag())));
    for (const QString &text : offered)
        QVERIFY2(found.contains(text), qPrintable(text + u" is not among "_s + found.join(u' ')));
    for (const QString &text : others)
        QVERIFY2(!found.contains(text), qPrintable(text + u" is among "_s + found.join(u' ')));
}

void TestFilterCompletion::completionReplacesWhatWasBegun()
{
    const FilterCompletion completion = completed(u"level > 2 && opco| == GET"_s);
    QCOMPARE(completion.position, 13);
    QCOMPARE(completion.length, 4);
    QCOMPARE(texts(completion), QStringList{u"opcode"_s});
    QVERIFY(!completion.candidates.front().hint.isEmpty());
}

void TestFilterCompletion::completionOffersNamesThatAreKnown()
{
    const FilterTraffic traffic;
    FilterVocabulary words = FilterVocabulary::from(traffic.names, traffic.snapshot);
    QCOMPARE(texts(completed(u"object == |"_s, words)), (QStringList{u"account"_s, u"counter"_s}));
    QCOMPARE(texts(completed(u"type == |"_s, words)), (QStringList{u"Account"_s, u"Counter"_s, u"Node"_s}));
    QCOMPARE(texts(completed(u"process == |"_s, words)), QStringList{u"teller"_s});
    QCOMPARE(texts(completed(u"method == c|"_s, words)), (QStringList{u"calc"_s, u"child"_s}));
    words.objects = {u"my object"_s};
    QCOMPARE(texts(completed(u"object == \"my|"_s, words)), QStringList{u"\"my object\""_s});
    QCOMPARE(texts(completed(u"object == my|"_s, words)), QStringList{u"\"my object\""_s});
}

void TestFilterCompletion::completionStaysSilentBehindAMistake()
{
    QVERIFY(completed(u"nonsense == |"_s).candidates.empty());
    QVERIFY(completed(u"level > high && |"_s).candidates.empty());
}

void TestFilterCompletion::aCellBecomesAFilterThatMatchesItsFrame()
{
    const FilterTraffic traffic;
    int clauses = 0;
    for (Row row = 0; row < traffic.snapshot.endRow(); ++row) {
        for (int column = 0; column < trafficColumnCount; ++column) {
            const QString clause = filterClause(traffic.snapshot, row, traffic.names, TrafficColumn(column));
            if (clause.isEmpty())
                continue;
            ++clauses;
            const std::vector<Row> rows = traffic.matching(clause);
            QVERIFY2(std::ranges::find(rows, row) != rows.end(), qPrintable(clause + u": "_s + shown(rows)));
        }
    }
    QVERIFY(clauses > 100);
    const auto clause = [&](Row row, TrafficColumn column) {
        return filterClause(traffic.snapshot, row, traffic.names, column);
    };
    QCOMPARE(clause(0, TrafficColumn::Opcode), u"opcode == EXECUTE"_s);
    QCOMPARE(clause(3, TrafficColumn::Call), u"method == add"_s);
    QCOMPARE(clause(1, TrafficColumn::Call), u"attr == balance"_s);
    QCOMPARE(clause(3, TrafficColumn::Latency), u"latency >= 7ms"_s);
    QCOMPARE(clause(7, TrafficColumn::Object), u"object == \"Node #12\""_s);
    QCOMPARE(clause(0, TrafficColumn::Process), u"process == \"teller 4711\""_s);
    QVERIFY(clause(0, TrafficColumn::Latency).isEmpty());
}

void TestFilterCompletion::clausesAreJoinedSoThatTheyMeanTheSame()
{
    QCOMPARE(mergedFilter({}, u"level == 2"_s, FilterMerge::And), u"level == 2"_s);
    QCOMPARE(mergedFilter({}, u"level == 2"_s, FilterMerge::Exclude), u"!(level == 2)"_s);
    QCOMPARE(mergedFilter(u"error"_s, u"level == 2"_s, FilterMerge::Replace), u"level == 2"_s);
    QCOMPARE(mergedFilter(u"error"_s, u"level == 2"_s, FilterMerge::And), u"error && level == 2"_s);
    QCOMPARE(mergedFilter(u"error || value"_s, u"level == 2"_s, FilterMerge::And), u"(error || value) && level == 2"_s);
    QCOMPARE(mergedFilter(u"error"_s, u"client == 1 && call == 2"_s, FilterMerge::Exclude),
             u"error && !(client == 1 && call == 2)"_s);
}

void TestFilterCompletion::exactDurationsComeBackAsTheyWere()
{
    QCOMPARE(exactDuration(0), u"0ns"_s);
    QCOMPARE(exactDuration(5'200'000), u"5.2ms"_s);
    std::mt19937_64 random(1);
    for (int i = 0; i < 1000; ++i) {
        const auto nanoseconds = static_cast<std::int64_t>(random() % (std::uint64_t(1) << (1 + random() % 50)));
        const QString text = exactDuration(nanoseconds);
        FilterLexer lexer(text);
        const FilterToken token = lexer.next();
        QCOMPARE(token.kind, FilterToken::Kind::Number);
        QCOMPARE(qint64(token.literal.integer), qint64(nanoseconds));
    }
}

void TestFilterCompletion::wordsThatAreNoWordsAreQuoted()
{
    QCOMPARE(filterWord(u"counter"_s), u"counter"_s);
    QCOMPARE(filterWord(u"in"_s), u"\"in\""_s);
    QCOMPARE(filterWord(u""_s), u"\"\""_s);
    QCOMPARE(filterWord(u"2nd"_s), u"\"2nd\""_s);
    for (const QString &text : {u"a \"b\" \\ c"_s, u"Node #12"_s, u"\\"_s}) {
        const QString quoted = filterWord(text);
        FilterLexer lexer(quoted);
        QCOMPARE(lexer.next().literal.text, text);
    }
}

QTEST_GUILESS_MAIN(TestFilterCompletion)
#include "test_filter_completion.moc"
