// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace decoy::test;

namespace {

/// A line of the benchmark that others read: its kind, then columns.
struct Line {
    explicit Line(const QByteArray &text) : columns(QString::fromUtf8(text).split('\t')) {}
    [[nodiscard]] QString kind() const { return columns.first(); }
    /// Whether all columns from this one on are numbers, so many of them.
    [[nodiscard]] bool hasNumbers(qsizetype from, qsizetype count) const
    {
        return columns.size() == from + count
            && std::all_of(columns.begin() + from, columns.end(), [](const QString &column) {
                   bool isNumber = false;
                   (void)column.toDouble(&isNumber);
                   return isNumber;
               });
    }
    QStringList columns;
};

Outcome bench(const QStringList &arguments) { return run(DECOY_BENCH, arguments); }

/// The rows of --list: key of the peer, name of the case.
QList<std::pair<QString, QString>> listedCases()
{
    QList<std::pair<QString, QString>> cases;
    const Outcome list = bench({"--list"});
    for (const QByteArray &line : list.output.split('\n')) {
        const QStringList words = QString::fromUtf8(line).simplified().split(' ');
        if (words.size() > 2)
            cases.append({words[0], words[1]});
    }
    return cases;
}

} // namespace

/// That the benchmark measures what it says. How fast anything was is no question for a test.
class TestBench : public QObject {
    Q_OBJECT

private slots:
    void everyCaseRunsAndPrintsOneLineWithAllColumns();
    void jsonLinesSayTheSame();
    void whatIsNamedRunsAndNothingElse();
    void everyRoundPrintsItsOwnLines();
    void conditionsAreToldInThePeersName();
    void aNameThatNothingHasIsAnError();
    void nothingIsLeftBehind();

private:
    RuntimeDirectory m_runtime;
};

void TestBench::everyCaseRunsAndPrintsOneLineWithAllColumns()
{
    const Outcome outcome = bench({"--quick"});
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.status, 0);
    qsizetype results = 0;
    QSet<QString> names;
    for (const QByteArray &text : outcome.output.split('\n')) {
        const Line line(text);
        if (line.kind() == "RESULT") {
            QVERIFY2(line.hasNumbers(3, 9), text);
            QVERIFY2(line.columns[3].toInt() > 0, text);
            QCOMPARE(line.columns[10], "0"); // no answer was wrong
            names.insert(line.columns[2]);
        } else if (line.kind() == "IDLE") {
            QVERIFY2(line.hasNumbers(2, 2), text);
        } else if (line.kind() == "CALLERS") {
            QVERIFY2(line.hasNumbers(3, 2), text);
            continue;
        } else {
            continue; // the table
        }
        ++results;
    }
    const auto cases = listedCases();
    QVERIFY(!cases.isEmpty());
    QCOMPARE(results, cases.size());
    for (const auto &[peer, name] : cases)
        QVERIFY2(names.contains(name) || name.startsWith("idle"), qPrintable(name));
    QVERIFY(outcome.output.contains("| int call, back to back, p50, µs |"));
    QVERIFY(outcome.output.contains("| idle, CPU s of server and 100 clients |"));
}

void TestBench::jsonLinesSayTheSame()
{
    const Outcome outcome = bench({"--quick", "--json", "int", "clients8", "idle"});
    QCOMPARE(outcome.status, 0);
    QStringList said;
    for (const QByteArray &line : outcome.output.trimmed().split('\n')) {
        QJsonParseError error;
        const QJsonObject object = QJsonDocument::fromJson(line, &error).object();
        QVERIFY2(error.error == QJsonParseError::NoError, line);
        said.append(object["peer"].toString() + ": " + object["case"].toString());
        const bool isIdle = object["case"] == "idle";
        for (const char *key : {"p50_us", "p99_us", "p999_us", "calls_per_s", "cpu_us_per_call"})
            QVERIFY2(object[key].isDouble() != isIdle, line);
        QCOMPARE(object["slowest_calls_per_s"].isDouble(), object["case"] == "clients8");
        QVERIFY2(object["cpu_s"].isDouble(), line);
    }
    QCOMPARE(
        said,
        QStringList({"floor: int", "futex: int", "Decoy native: int", "Decoy native: clients8", "Decoy native: idle"}));
}

void TestBench::whatIsNamedRunsAndNothingElse()
{
    const QByteArray output = bench({"--quick", "int", "4K", "floor"}).output;
    QCOMPARE(output.count("RESULT\t"), 2);
    QVERIFY(output.contains("RESULT\tfloor\tint\t"));
    QVERIFY(output.contains("RESULT\tfloor\t4K\t"));
}

void TestBench::everyRoundPrintsItsOwnLines()
{
    const QByteArray output = bench({"--quick", "--rounds", "2", "int", "decoy"}).output;
    QCOMPARE(output.count("RESULT\tDecoy native\tint\t"), 2);
}

void TestBench::conditionsAreToldInThePeersName()
{
    const QByteArray pinned = bench({"--quick", "--pin", "same", "--busy", "1", "int", "futex"}).output;
    QVERIFY(pinned.contains("RESULT\tfutex pin=same busy=1\tint\t"));
    const QByteArray complete = bench({"--quick", "--complete", "int", "futex"}).output;
    for (const char *peer : {"futex", "futex pin=same", "futex busy=2"})
        QVERIFY2(complete.contains("RESULT\t" + QByteArray(peer) + "\tint\t"), peer);
}

void TestBench::aNameThatNothingHasIsAnError()
{
    const Outcome outcome = bench({"swimming"});
    QCOMPARE(outcome.status, 2);
    QVERIFY(outcome.errors.contains("there is no case or peer \"swimming\""));
}

void TestBench::nothingIsLeftBehind()
{
    QCOMPARE(bench({"--quick", "int", "qobject", "tapon", "clients8", "idle"}).status, 0);
    QCOMPARE(m_runtime.entries(), QStringList());
}

QTEST_GUILESS_MAIN(TestBench)
#include "test_bench.moc"
