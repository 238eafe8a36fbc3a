// SPDX-License-Identifier: GPL-3.0-or-later
// The filter language: what it says about frames, and what it refuses and where.
#include "filter_traffic.h"

#include "filter/filter_completion.h"
#include "filter/filter_evaluator.h"
#include "filter/filter_lexer.h"
#include "filter/filter_parser.h"
#include "trace/frame_names.h"
#include "views/filter_clause.h"

#include <decoy/proxy_server.h>

#include <QTest>

#include <algorithm>
#include <random>
#include <tuple>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestFilterLanguage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFilterMatchesTheFramesItSays_data();
    void aFilterMatchesTheFramesItSays();
    void aMistakeIsRefusedWhereItStands_data();
    void aMistakeIsRefusedWhereItStands();
    void noFilterIsNoMistake();
    void deepNestingIsRefusedAndDoesNotCrash();
    void anyTextCanBeRead();
    void anyBytesCanBeFiltered();
    void cutFramesMatchByWhatWasKept();
    void namesOfUnknownObjectsAreMissedAndNoted();
};

void TestFilterLanguage::aFilterMatchesTheFramesItSays_data()
{
    QTest::addColumn<QString>("rows");
    const auto says = [](const char *filter, const char *rows) { QTest::newRow(filter) << QString::fromUtf8(rows); };
    const char *all = "0 1 2 3 4 5 6 7 8 9 10 11 12";

    says("opcode == EXECUTE", "0 6 9 11");
    says("opcode == execute", "0 6 9 11");
    says("opcode != EXECUTE", "1 2 3 4 5 7 8 10 12");
    says("opcode == GET", "1");
    says("opcode == SET", "4");
    says("opcode == RESULT", "2 3 5 12");
    says("opcode == ERROR", "8");
    says("opcode == PENDING", "7");
    says("opcode == UNKNOWN", "10");
    says("opcode == EXECUTION_RESULT", "2 3 5 8 12");
    says("opcode == RESPONSE_PENDING", "7");
    says("opcode == 7", "10");
    says("opcode == -1", "2 3 5 8 12");
    says("opcode in {GET, SET}", "1 4");
    says("opcode ~ re", "2 3 5 12");
    says("opcode ~ /^E/", "0 6 8 9 11");

    says("object == counter", "0 3 9 10 11 12");
    says("object == 2", "1 2 4 5");
    says("object == #2", "1 2 4 5");
    says("object == \"Node #12\"", "6 7 8");
    says("object != counter", "1 2 4 5 6 7 8");
    says("object ~ COUNT", "0 1 2 3 4 5 9 10 11 12");
    says("object in {counter, 12}", "0 3 6 7 8 9 10 11 12");
    says("object >= 2", "1 2 4 5 6 7 8");
    says("type == Node", "6 7 8");
    says("type != Node", "0 1 2 3 4 5 9 10 11 12");
    says("type", all);

    says("member == add", "0 3");
    says("member in {add, balance}", "0 1 2 3");
    says("method == add", "0 3");
    says("method ~ \"calc\"", "6 7 8");
    says("method ~ /^(add|slow)$/", "0 3 9");
    says("method != add", "6 7 8 9 11 12");
    says("!(method == add)", "1 2 4 5 6 7 8 9 10 11 12");
    says("method", "0 3 6 7 8 9 11 12");
    says("attr == balance", "1 2");
    says("attribute ~ own", "4 5");
    says("attr", "1 2 4 5");

    says("process == teller", "0 1 2 3 4 5 9 10 11 12");
    says("process == \"teller 4711\"", "0 1 2 3 4 5 9 10 11 12");
    says("process == 99", "6 7 8");
    says("process != teller", "6 7 8");
    says("process ~ tell", "0 1 2 3 4 5 9 10 11 12");
    says("process in {99, nobody}", "6 7 8");
    says("client == 2", "6 7 8");
    says("client != 2", "0 1 2 3 4 5 9 10 11 12");
    says("lane == duck", "6 7 8");
    says("lane in {native, network}", "0 1 2 3 4 5 9 10 11 12");
    says("lane != duck", "0 1 2 3 4 5 9 10 11 12");
    says("lane ~ uc", "6 7 8");
    says("level > 2", "6 7 8");
    says("level <= 2", "0 1 2 3 4 5 9 10 11 12");
    says("level in {3, 4}", "6 7 8");

    says("size == 5", "10");
    says("size < 6 B", "10");
    says("size >= 0.5KiB", "");
    says("size < 1MiB", all);

    says("latency > 5ms", "0 3 6 7 8");
    says("latency == 340ns", "1 2");
    says("latency <= 2us", "1 2 4 5 11 12");
    says("latency <= 2 µs", "1 2 4 5 11 12");
    says("latency >= 1.5s", "6 7 8");
    says("latency < 0.01ms", "1 2 4 5 11 12");
    says("latency", "0 1 2 3 4 5 6 7 8 11 12");
    says("latency != 0", "0 1 2 3 4 5 6 7 8");

    says("error", "6 7 8");
    says("!error", "0 1 2 3 4 5 9 10 11 12");
    says("error ~ oops", "6 7 8");
    says("error == \"Oops: no\"", "6 7 8");
    says("error != \"Oops: no\"", "");
    says("error in {'Oops: no'}", "6 7 8");

    says("value == 105", "3");
    says("value > 5", "2 3");
    says("value >= 5", "0 2 3");
    says("value == 5.0", "0");
    says("value < 50.5", "0 2");
    says("value == Ada", "4");
    says("value == null", "5");
    says("value == gift", "6");
    says("value == deep", "6");
    says("value != deep", "0 2 3 4 5 12");
    says("value in {105, Ada}", "3 4");
    says("value ~ 'memo=\"gift\"'", "6");
    says("value ~ ad", "4");
    says("value ~ /^\\(\\)$/", "9 11");
    says("value == \"proxy Node #13, level 2\"", "12");
    says("value ~ proxy", "12");
    says("value", "0 2 3 4 5 6 12");

    says("frame == 3", "2");
    says("frame >= 12", "11 12");
    says("time >= 11ms", "11 12");
    says("time < 0.5ms", "0");
    says("call == 4", "6 7 8");
    says("client == 1 && call == 1", "0 3");

    says("opcode == EXECUTE && method ~ \"calc\" && level > 2 && latency > 5ms", "6");
    says("opcode == EXECUTE and not level > 2", "0 9 11");
    says("opcode == GET || opcode == SET && value == Ada", "1 4");
    says("(opcode == GET or opcode == SET) AND object == account", "1 4");
    says("!!error", "6 7 8");
    says("! error && opcode == PENDING", "");
    says("((size == 5))", "10");
    says("level==3&&!error||size==5", "10");
    says("frame == 1\u202f000 or frame == 1", "0");
}

void TestFilterLanguage::aFilterMatchesTheFramesItSays()
{
    QFETCH(QString, rows);
    static const FilterTraffic traffic;
    QCOMPARE(shown(traffic.matching(QString::fromUtf8(QTest::currentDataTag()))), rows);
}

void TestFilterLanguage::aMistakeIsRefusedWhereItStands_data()
{
    QTest::addColumn<int>("position");
    QTest::addColumn<QString>("says");
    const auto refuses = [](const char *filter, int position, const char *says) {
        QTest::newRow(filter) << position << QString::fromUtf8(says);
    };
    refuses("nonsense == 1", 0, "no field; expected one of opcode, object");
    refuses("opcode", 6, "expected an operator: ==, !=, ~, in");
    refuses("opcode ==", 9, "GET, SET, EXECUTE");
    refuses("opcode == FOO", 10, "GET, SET, EXECUTE");
    refuses("opcode < GET", 7, "expected ==, !=, ~, in");
    refuses("opcode = GET", 7, "expected ==");
    refuses("opcode == GET GET", 14, "expected &&, || or the end");
    refuses("opcode == GET &&", 16, "expected a field");
    refuses("opcode == GET & level > 2", 14, "expected &&");
    refuses("opcode == GET | level > 2", 14, "expected ||");
    refuses("(opcode == GET", 0, "not closed");
    refuses("opcode == GET)", 13, "closes nothing");
    refuses("!", 1, "expected a field");
    refuses("&& error", 0, "expected a field");
    refuses("lane == 2", 8, "native, duck or network");
    refuses("level ~ 2", 6, "expected ==, !=, in, <");
    refuses("level > high", 8, "a whole number");
    refuses("level > 1.5", 8, "a whole number");
    refuses("level > 2ms", 8, "a whole number");
    refuses("latency > 5", 10, "a duration with its unit");
    refuses("latency > 5 KiB", 10, "a duration with its unit");
    refuses("latency > 5xs", 10, "no unit; expected ns, us, ms, s");
    refuses("size > 5ms", 7, "a size");
    refuses("object > counter", 9, "a name or a number");
    refuses("method < add", 7, "expected ==, !=, ~, in");
    refuses("method == \"add", 10, "\" is missing at the end");
    refuses("method == /add/", 10, "goes with ~");
    refuses("method ~ /a(/", 9, "the pattern is wrong at its character");
    refuses("method ~ /add", 9, "/ is missing");
    refuses("opcode in GET", 10, "expected {");
    refuses("opcode in {", 11, "GET, SET, EXECUTE");
    refuses("opcode in {GET", 14, "expected , or }");
    refuses("opcode in {GET SET}", 15, "expected , or }");
    refuses("opcode in {GET, 5ms}", 16, "GET, SET, EXECUTE");
    refuses("value > gift", 8, "a number");
    refuses("level > 1.2.3", 8, "not a number");
    refuses("error $", 6, "means nothing here");
}

void TestFilterLanguage::aMistakeIsRefusedWhereItStands()
{
    QFETCH(int, position);
    QFETCH(QString, says);
    const FilterParse parsed = parseFilter(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY(parsed.error);
    QVERIFY2(parsed.error->message.contains(says), qPrintable(parsed.error->message));
    QCOMPARE(static_cast<int>(parsed.error->position), position);
}

void TestFilterLanguage::noFilterIsNoMistake()
{
    for (const QString &text : {QString(), u"   "_s}) {
        const FilterParse parsed = parseFilter(text);
        QVERIFY(parsed.isValid());
        QVERIFY(parsed.isEmpty);
    }
}

void TestFilterLanguage::deepNestingIsRefusedAndDoesNotCrash()
{
    for (const QChar opening : {u'(', u'!'}) {
        const FilterParse parsed = parseFilter(QString(100'000, opening) + u"error"_s);
        QVERIFY(parsed.error);
        QVERIFY2(parsed.error->message.contains(u"nested too deeply"_s), qPrintable(parsed.error->message));
    }
}

void TestFilterLanguage::anyTextCanBeRead()
{
    const QStringList words = {
        u"opcode"_s, u"=="_s,    u"EXECUTE"_s, u"&&"_s, u"("_s,   u")"_s,  u"!"_s,
        u"in"_s,     u"{"_s,     u"}"_s,       u","_s,  u"5ms"_s, u"\""_s, u"/"_s,
        u"~"_s,      u"value"_s, u"\\"_s,      u"ö"_s,  u"1e9"_s, u"-"_s,  u"99999999999999999999"_s};
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        QString text;
        for (auto left = random() % 9; left > 0; --left)
            text += words.at(static_cast<qsizetype>(random() % static_cast<unsigned>(words.size()))) + u' ';
        const FilterParse parsed = parseFilter(text);
        if (parsed.error) {
            QVERIFY(parsed.error->position <= text.size());
            QVERIFY(parsed.error->position + parsed.error->length <= text.size());
        } else if (!parsed.isEmpty) {
            QVERIFY(FilterPredicate::compile(parsed.expression));
        }
        std::ignore = completeFilter(text, static_cast<qsizetype>(random() % static_cast<unsigned>(text.size() + 2)),
                                     {});
    }
}

void TestFilterLanguage::anyBytesCanBeFiltered()
{
    FrameStore store;
    std::mt19937 random(11);
    const QByteArray whole = frames::execute(1, "deposit", {50, std::string("gift"), std::vector<int>{1, 2, 3}});
    for (int i = 0; i < 5000; ++i) {
        QByteArray bytes = whole;
        for (int change = 0; change < 4; ++change)
            bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
        bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size() + 1)));
        frames::Event event(static_cast<ProxyOpCode>(random() % 6 - 3), bytes, random() % 5);
        event->flags = static_cast<std::uint8_t>(random());
        event->lane = static_cast<Lane>(random() % 4);
        event->object = random();
        event.appendTo(store);
    }
    const FrameSnapshot snapshot = store.snapshot();
    FrameNames names;
    const auto parsed = parseFilter(
        u"value ~ x || value > 3 || error ~ /a/ || member == b || type == c || latency > 1s || "
        "object ~ d || process ~ e || value == f || lane ~ g || opcode ~ h"_s);
    QVERIFY(parsed.isValid());
    const auto predicate = FilterPredicate::compile(parsed.expression);
    FilterEvaluator evaluator(*predicate, snapshot, names);
    Row count = 0;
    for (Row row = 0; row < snapshot.endRow(); ++row)
        count += evaluator.matches(row) ? 1 : 0;
    QVERIFY(count <= snapshot.size());
}

void TestFilterLanguage::cutFramesMatchByWhatWasKept()
{
    FrameStore store;
    frames::Event event = frames::request(1, "echo", {std::string("begin") + std::string(1000, 'x') + "end"});
    event.cutTo(256);
    event.appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    FrameNames names;
    const auto matches = [&](const QString &filter) {
        const auto predicate = FilterPredicate::compile(parseFilter(filter).expression);
        return FilterEvaluator(*predicate, snapshot, names).matches(0);
    };
    QVERIFY(matches(u"method == echo"_s));
    QVERIFY(matches(u"value ~ beginx"_s));
    QVERIFY(!matches(u"value ~ end"_s));
}

void TestFilterLanguage::namesOfUnknownObjectsAreMissedAndNoted()
{
    FrameStore store;
    frames::Event event = frames::request(1);
    event->object = 77;
    event.appendTo(store);
    const FrameSnapshot snapshot = store.snapshot();
    const FrameNames names;
    const auto predicate = FilterPredicate::compile(parseFilter(u"type == Node || process == teller"_s).expression);
    QVERIFY(predicate->dependsOnNames());
    FilterEvaluator evaluator(*predicate, snapshot, names);
    QVERIFY(!evaluator.matches(0));
    const UnknownNames unknown = evaluator.takeUnknownNames();
    QCOMPARE(unknown.objects, std::vector<std::uint64_t>{77});
    QCOMPARE(unknown.processes, std::vector<std::int32_t>{4711});
}

QTEST_GUILESS_MAIN(TestFilterLanguage)
#include "test_filter_language.moc"
