// SPDX-License-Identifier: GPL-3.0-or-later
// Calls by hand without a window: remembered across restarts, repeated, cancelled truthfully.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "models/call_history_model.h"
#include "models/command_model.h"
#include "models/saved_call_model.h"
#include "session/call_history.h"
#include "session/call_series.h"
#include "session/manual_calls.h"
#include "session/saved_calls.h"

#include <decoy/connection.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

CallRecord record(const std::string &method = "deposit")
{
    CallRequest request;
    request.object = {u"demo"_s, 3};
    request.name = "account";
    request.member = method;
    request.positional = {Value(50)};
    request.keywords = {{"memo", Value(std::string("gift \" ☃"))}, {"$bytes", Value(1)}};
    return recordOf(request, u"account"_s);
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

using Tester = QAbstractItemModelTester;
constexpr auto reportAsTest = Tester::FailureReportingMode::QtTest;

} // namespace

class TestCalls : public QObject {
    Q_OBJECT

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theHistorySurvivesARestart()
    {
        {
            CallHistory history(path(u"h.json"_s));
            CallRecord first = record();
            first.number = history.add(first);
            first.state = CallState::Succeeded;
            first.outcome = u"150"_s;
            first.duration = 12345;
            history.update(first);
            history.add(record("withdraw"));
        }
        CallHistory history(path(u"h.json"_s));
        QCOMPARE(history.count(), 2);
        QCOMPARE(history.at(0).member, u"withdraw"_s);
        QCOMPARE(history.at(0).state, CallState::Unknown); // it ran when the monitor ended
        QCOMPARE(history.at(1).outcome, u"150"_s);
        QCOMPARE(history.at(1).duration, 12345);
        const std::optional<CallRequest> again = requestOf(history.at(1));
        QVERIFY(again);
        QCOMPARE(again->positional.at(0).as<int>(), 50);
        QCOMPARE(again->keywords.at(0).second.as<std::string>(), std::string("gift \" ☃"));
        QCOMPARE(again->keywords.at(1).first, std::string("$bytes"));
    }

    void twoMonitorsAtOnceKeepEachOthersCalls()
    {
        {
            CallHistory one(path(u"h.json"_s));
            CallHistory other(path(u"h.json"_s));
            one.add(record("deposit"));
            QVERIFY(one.save());
            other.add(record("withdraw"));
            QVERIFY(other.save());
            one.add(record("history"));
            QVERIFY(one.save());
            one.remove(1); // the deposit
            QVERIFY(one.save());
            QVERIFY(other.save());
        }
        const CallHistory history(path(u"h.json"_s));
        QStringList members;
        for (int row = 0; row < history.count(); ++row)
            members.append(history.at(row).member);
        members.sort();
        QCOMPARE(members, (QStringList{u"history"_s, u"withdraw"_s}));

        SavedCalls one(path(u"s.json"_s));
        SavedCalls other(path(u"s.json"_s));
        QCOMPARE(one.save(u"a"_s, record()), QString());
        QCOMPARE(other.save(u"b"_s, record()), QString());
        QCOMPARE(SavedCalls(path(u"s.json"_s)).count(), 2);
    }

    void aCallThatOneMonitorUpdatesIsThereOnceForBoth()
    {
        {
            CallHistory one(path(u"h.json"_s));
            CallRecord deposit = record("deposit");
            deposit.number = one.add(deposit);
            QVERIFY(one.save()); // while it runs
            CallHistory other(path(u"h.json"_s));
            QCOMPARE(other.at(0).state, CallState::Unknown);
            deposit.state = CallState::Succeeded;
            one.update(deposit);
            QVERIFY(one.save());
            other.add(record("withdraw"));
            QVERIFY(other.save()); // which knows an older state of the deposit
        }
        const CallHistory history(path(u"h.json"_s));
        QCOMPARE(history.count(), 2);
        QCOMPARE(history.at(1).member, u"deposit"_s);
        QCOMPARE(history.at(1).state, CallState::Succeeded);
    }

    void callsOfAMonitorThatHasEndedStayHoweverOftenAnotherWrites()
    {
        {
            CallHistory one(path(u"h.json"_s));
            {
                CallHistory other(path(u"h.json"_s));
                other.add(record("withdraw"));
            }
            for (const char *member : {"deposit", "history", "balance"}) {
                one.add(record(member));
                QVERIFY(one.save());
            }
        }
        QCOMPARE(CallHistory(path(u"h.json"_s)).count(), 4);
    }

    void callsOfAVersionThatGaveThemNoIdStay()
    {
        QJsonArray entries = {toJsonObject(record("deposit")), toJsonObject(record("withdraw"))};
        const QJsonObject whole = {{u"format"_s, u"decoy-call-history"_s}, {u"version"_s, 1}, {u"entries"_s, entries}};
        QVERIFY(writeFile(path(u"h.json"_s), QJsonDocument(whole).toJson()));
        {
            CallHistory one(path(u"h.json"_s));
            CallHistory other(path(u"h.json"_s));
            one.add(record("history"));
            other.add(record("balance"));
        }
        QCOMPARE(CallHistory(path(u"h.json"_s)).count(), 4);
    }

    void aCallThatOneMonitorRemovesIsNotBroughtBackByAnother()
    {
        {
            CallHistory one(path(u"h.json"_s));
            one.add(record("deposit"));
            QVERIFY(one.save());
            CallHistory other(path(u"h.json"_s));
            one.remove(0);
            QVERIFY(one.save());
            other.add(record("withdraw"));
        }
        const CallHistory history(path(u"h.json"_s));
        QCOMPARE(history.count(), 1);
        QCOMPARE(history.at(0).member, u"withdraw"_s);
    }

    void theHistoryIsBounded()
    {
        CallHistory history(path(u"h.json"_s));
        CallHistoryModel model(history);
        const Tester tester(&model, reportAsTest);
        for (int count = 0; count < CallHistory::most + 20; ++count)
            history.add(record("m" + std::to_string(count)));
        QCOMPARE(history.count(), CallHistory::most);
        QCOMPARE(history.at(0).member, u"m%1"_s.arg(CallHistory::most + 19));
        CallRequest huge;
        huge.object = {u"demo"_s, 1};
        huge.member = "echo";
        huge.positional = {Value(std::string(100'000, 'x'))};
        const CallRecord kept = recordOf(huge, u"lab"_s);
        QVERIFY(!kept.argumentsKept);
        QVERIFY(!requestOf(kept));
        QVERIFY(history.save());
        QVERIFY(QFileInfo(path(u"h.json"_s)).size() < VersionedFile::largestSize);
    }

    void aDamagedOrHostileFileIsPutAsideAndTheMonitorGoesOn_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("noise") << QByteArray::fromHex("ff00deadbeef");
        QTest::newRow("cut off") << QByteArray(R"({"format":"decoy-call-history","version":1,"entries":[{"when":)");
        QTest::newRow("another format") << QByteArray(R"({"format":"x","version":1,"entries":[]})");
        QTest::newRow("a later version") << QByteArray(R"({"format":"decoy-call-history","version":2,"entries":[]})");
        QTest::newRow("no list") << QByteArray(R"({"format":"decoy-call-history","version":1,"entries":7})");
        QTest::newRow("nested") << QByteArray(100'000, '[');
    }
    void aDamagedOrHostileFileIsPutAsideAndTheMonitorGoesOn()
    {
        QFETCH(QByteArray, content);
        QVERIFY(writeFile(path(u"h.json"_s), content));
        CallHistory history(path(u"h.json"_s));
        QCOMPARE(history.count(), 0);
        QCOMPARE(readFile(path(u"h.json.unreadable"_s)), content);
        history.add(record());
        QVERIFY(history.save());
        QCOMPARE(CallHistory(path(u"h.json"_s)).count(), 1);
    }

    void aTooLargeFileAndAFolderInItsPlaceAreTolerated()
    {
        QFile large(path(u"large.json"_s));
        QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(VersionedFile::largestSize + 1));
        large.close();
        QCOMPARE(CallHistory(path(u"large.json"_s)).count(), 0);
        QVERIFY(QDir(m_folder->path()).mkdir(u"folder.json"_s));
        CallHistory history(path(u"folder.json"_s));
        history.add(record());
        QVERIFY(!history.save());
    }

    void badEntriesAreSkippedAndGoodOnesStay()
    {
        const QJsonObject good = toJsonObject(record());
        QJsonArray entries = {7, u"text"_s, QJsonObject(), good};
        const auto spoil = [&](const QString &key, const QJsonValue &value) {
            QJsonObject bad = good;
            bad[key] = value;
            entries.append(bad);
        };
        spoil(u"kind"_s, u"explode"_s);
        spoil(u"state"_s, 7);
        spoil(u"when"_s, u"yesterday"_s);
        spoil(u"timeout_ms"_s, -1);
        spoil(u"repetitions"_s, 1e12);
        spoil(u"duration_ns"_s, u"long"_s);
        spoil(u"server"_s, QString());
        spoil(u"arguments"_s, u"{\"no\": \"list\"}"_s); // the row stays, but cannot be repeated
        spoil(u"keywords"_s, u"[[1]]"_s);
        spoil(u"outcome"_s, QString(100'000, u'x'));
        const QJsonObject whole = {{u"format"_s, u"decoy-call-history"_s}, {u"version"_s, 1}, {u"entries"_s, entries}};
        QVERIFY(writeFile(path(u"h.json"_s), QJsonDocument(whole).toJson()));
        const CallHistory history(path(u"h.json"_s));
        QCOMPARE(history.count(), 4);
        QVERIFY(history.at(0).argumentsKept);
        QVERIFY(!history.at(1).argumentsKept);
        QVERIFY(!history.at(2).argumentsKept);
        QCOMPARE(history.at(3).outcome.size(), longestKeptOutcome);
    }

    void onlyTheirOwnerReadsRememberedCalls()
    {
        CallHistory history(path(u"h.json"_s));
        history.add(record());
        QVERIFY(history.save());
        const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
        QCOMPARE(QFileInfo(path(u"h.json"_s)).permissions() & others, QFileDevice::Permissions());
    }

    void savedCallsAreNamedRenamedDeletedAndSurvive()
    {
        {
            SavedCalls calls(path(u"s.json"_s));
            SavedCallModel model(calls);
            const Tester tester(&model, reportAsTest);
            const QSignalSpy refused(&model, &SavedCallModel::changeRefused);
            QCOMPARE(calls.save(u"  pay \n day "_s, record()), QString());
            QCOMPARE(calls.save(u"another"_s, record("withdraw")), QString());
            QCOMPARE(calls.save(u"another"_s, record("balance")), QString()); // replaced
            QCOMPARE(calls.count(), 2);
            QCOMPARE(model.index(1).data().toString(), u"pay day"_s);
            QVERIFY(!model.setData(model.index(1), u"another"_s));
            QVERIFY(!model.setData(model.index(1), u"  "_s));
            QCOMPARE(refused.size(), 2);
            QVERIFY(model.setData(model.index(1), u"Monday"_s));
            QCOMPARE(calls.save(u"gone"_s, record()), QString());
            QCOMPARE(calls.remove(calls.rowOf(u"gone"_s)), QString());
        }
        const SavedCalls calls(path(u"s.json"_s));
        QCOMPARE(calls.count(), 2);
        QCOMPARE(calls.at(0).call.member, u"balance"_s);
        QCOMPARE(calls.at(1).name, u"Monday"_s);
    }

    void percentilesAreTimesThatWereMeasured()
    {
        SeriesTimes times(101);
        for (int value = 100; value >= 1; --value)
            times.addSuccess(std::chrono::nanoseconds(value));
        times.addFailure({ErrorKind::RemoteError, "Oops", "no", {}});
        const SeriesSummary summary = times.summary(std::chrono::seconds(1));
        QCOMPARE(summary.p50.count(), 50);
        QCOMPARE(summary.p90.count(), 90);
        QCOMPARE(summary.p99.count(), 99);
        QCOMPARE(summary.longest.count(), 100);
        QCOMPARE(summary.made, 101);
        QCOMPARE(summary.errors, 1);
        QCOMPARE(summary.firstFailure->type, std::string("Oops"));
        SeriesTimes none(5);
        QCOMPARE(none.summary({}).p99.count(), 0);
    }

    void aCallByHandIsEnteredWithItsOutcomeAndItsFrames()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        CallHistory &history = monitor.session->callHistory();
        CallHistoryModel model(history);
        const Tester tester(&model, reportAsTest);
        const quint64 number = monitor.session->manualCalls().send(monitor.request(u"counter"_s, "add", {Value(5)}),
                                                                   u"counter"_s);
        QCOMPARE(history.find(number)->state, CallState::Running);
        QTRY_COMPARE(history.find(number)->state, CallState::Succeeded);
        QCOMPARE(history.find(number)->outcome, u"105"_s);
        QVERIFY(history.find(number)->duration > 0);
        QTRY_VERIFY(history.find(number)->request != noRow);
        const FrameSnapshot frames = monitor.session->frames().snapshot();
        const Row request = history.find(number)->request;
        QCOMPARE(frames.event(request).object, monitor.published(u"counter"_s).id);
        QVERIFY(frames.partner(request) != noRow);
        QCOMPARE(model.index(0, CallHistoryModel::Call).data().toString(), u"add(5)"_s);
        history.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void ofACancelledCallItIsSaidThatItRunsAndThenThatItRan()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"lab"_s));
        ManualCalls &calls = monitor.session->manualCalls();
        CallHistory &history = monitor.session->callHistory();
        QSignalSpy finished(&calls, &ManualCalls::finished);
        const quint64 number = calls.send(monitor.request(u"lab"_s, "sleep", {Value(3.0)}), u"lab"_s);
        calls.cancel(number);
        QCOMPARE(history.find(number)->state, CallState::Cancelled);
        QTRY_VERIFY2(history.find(number)->afterwards.contains(u"still running"_s),
                     qPrintable(history.find(number)->afterwards));
        QTRY_VERIFY2_WITH_TIMEOUT(history.find(number)->afterwards.startsWith(u"It ran"_s),
                                  qPrintable(history.find(number)->afterwards), 30'000);
        QCOMPARE(history.find(number)->state, CallState::Cancelled);
        QCOMPARE(finished.size(), 0); // the late answer is nobody's result
    }

    void ofACallThatTimedOutItIsSaidWhatBecameOfIt()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"lab"_s));
        CallRequest request = monitor.request(u"lab"_s, "sleep", {Value(3.0)});
        request.timeout = std::chrono::milliseconds(50);
        const quint64 number = monitor.session->manualCalls().send(std::move(request), u"lab"_s);
        const CallHistory &history = monitor.session->callHistory();
        QTRY_COMPARE(history.find(number)->state, CallState::TimedOut);
        QTRY_VERIFY(history.find(number)->afterwards.contains(u"still running"_s));
        QTRY_VERIFY_WITH_TIMEOUT(history.find(number)->afterwards.startsWith(u"It ran"_s), 30'000);
    }

    void whereNoFramesAreCapturedACancelClaimsNothing()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"lab"_s));
        monitor.session->stopCapture();
        ManualCalls &calls = monitor.session->manualCalls();
        const quint64 number = calls.send(monitor.request(u"lab"_s, "sleep", {Value(30.0)}), u"lab"_s);
        calls.cancel(number);
        const CallHistory &history = monitor.session->callHistory();
        QVERIFY2(history.find(number)->afterwards.contains(u"not known"_s),
                 qPrintable(history.find(number)->afterwards));
    }

    void aRepeatedCallIsOneRowWithPercentiles()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        ManualCalls &calls = monitor.session->manualCalls();
        CallHistory &history = monitor.session->callHistory();
        QSignalSpy changed(&history, &CallHistory::changed);
        const quint64 number = calls.repeat(monitor.request(u"counter"_s, "add", {Value(1)}), u"counter"_s, 500);
        QTRY_COMPARE(history.find(number)->state, CallState::Succeeded);
        QVERIFY2(history.find(number)->outcome.contains(u"500 calls, 0 errors"_s),
                 qPrintable(history.find(number)->outcome));
        QVERIFY2(changed.size() < 5, "the window would be updated for every call");
        QCOMPARE(decoy::connect(monitor.server.name())["counter"].get<int>("a"), 600);
    }

    void aRepeatedCallThatFailsCountsItsErrors()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"lab"_s));
        ManualCalls &calls = monitor.session->manualCalls();
        SeriesOutcome seen;
        connect(&calls, &ManualCalls::seriesFinished, this,
                [&](quint64, const SeriesOutcome &outcome) { seen = outcome; });
        calls.repeat(monitor.request(u"lab"_s, "fail", {Value(std::string("no"))}), u"lab"_s, 20);
        QTRY_COMPARE(seen.summary.errors, 20);
        QCOMPARE(seen.summary.firstFailure->message, std::string("no"));
    }

    void aRepeatedCallStopsWhenCancelled()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"lab"_s));
        ManualCalls &calls = monitor.session->manualCalls();
        const CallHistory &history = monitor.session->callHistory();
        const quint64 number = calls.repeat(monitor.request(u"lab"_s, "sleep", {Value(0.02)}), u"lab"_s, 100'000);
        QTRY_VERIFY(calls.progress(number)->made > 1);
        calls.cancel(number);
        QTRY_COMPARE(history.find(number)->state, CallState::Cancelled);
        QVERIFY2(history.find(number)->outcome.contains(u" of 100"_s), qPrintable(history.find(number)->outcome));
    }

    void fuzzySearchPrefersBeginningsOfWords()
    {
        QVERIFY(fuzzyScore(u"sc", u"Stop capture") > fuzzyScore(u"sc", u"Discard"));
        QVERIFY(fuzzyScore(u"INV", u"Invoke") > 0);
        QCOMPARE(fuzzyScore(u"xyz", u"Stop capture"), 0);
        QCOMPARE(fuzzyScore(u"pots", u"stop"), 0);
        QVERIFY(fuzzyScore(u"", u"anything") > 0);
        QVERIFY(fuzzyScore(u"s c", u"Stop capture") > 0);
        QVERIFY(fuzzyScore(u"lf", u"Clear frames later") > 0);
    }

    void commandsAreFoundByTheirNamesFirst()
    {
        QAction stop(u"&Stop all workers"_s);
        stop.setToolTip(u"Ask every worker to end (SIGTERM)"_s);
        stop.setShortcut(u"Ctrl+T"_s);
        QAction other(u"Sigma terminal"_s);
        QAction disabled(u"Send"_s);
        disabled.setEnabled(false);
        CommandModel model;
        const Tester tester(&model, reportAsTest);
        model.setCommands({&stop, &other, &disabled});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data(CommandModel::ShortcutRole).toString(), u"Ctrl+T"_s);
        model.setQuery(u"sigterm"_s);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data().toString(), u"Sigma terminal"_s);
        model.setQuery(u"send"_s);
        QVERIFY(!model.flags(model.index(0)).testFlag(Qt::ItemIsEnabled));
        model.setQuery(u"nothing like that"_s);
        QCOMPARE(model.rowCount(), 0);
    }

private:
    OwnSettings m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestCalls)
#include "test_calls.moc"
