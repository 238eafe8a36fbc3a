// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may do in the middle of a lesson: clear the frames, stop the capture, hold requests. None of it may leave the
// lesson waiting for ever, and none of what the person had chosen is lost.
#include "lesson_steps.h"
#include "own_settings.h"

#include "learn/learn_panel.h"
#include "learn/lesson_step_view.h"
#include "session/record_settings.h"
#include "session/traffic_hold.h"
#include "trace/traffic_collector.h"

#include <QSettings>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestLearnDisturbed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void clearedFramesBringALessonAboutThemBackToItsBeginning()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Anatomy);
        WALK_TO(lessons, 2);
        monitor.session->clearFrames();
        QTRY_COMPARE(lessons.step(), 0);
        QVERIFY(!lessons.isDone() && !lessons.isBusy());
        QVERIFY2(lessons.problem().contains(u"cleared"_s), qPrintable(lessons.problem()));
        QVERIFY(monitor.window->learn()->stepView()->status().contains(lessons.problem()));
        WALK_TO(lessons, 2);
        QCOMPARE(lessons.problem(), QString());
    }

    void framesThatAreClearedWhileAnActionIsUnderWayLeaveItToBeDoneAgain_data()
    {
        QTest::addColumn<int>("lesson");
        QTest::addColumn<int>("step");
        QTest::newRow("a call") << int(Anatomy) << 0;
        QTest::newRow("a refusal") << int(Chain) << 3;
        QTest::newRow("a worker") << int(Death) << 0;
    }
    void framesThatAreClearedWhileAnActionIsUnderWayLeaveItToBeDoneAgain()
    {
        QFETCH(int, lesson);
        QFETCH(int, step);
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, lesson);
        WALK_TO(lessons, step);
        lessons.perform();
        QVERIFY(lessons.isBusy());
        monitor.session->clearFrames();
        QTRY_VERIFY_WITH_TIMEOUT(!lessons.isBusy(), patience);
        WALK_TO(lessons, step + 1);
    }

    void aStoppedCaptureIsStartedAgainByTheNextAction()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Anatomy);
        monitor.session->stopCapture();
        WALK_TO(lessons, 1);
        QVERIFY(monitor.session->collector().isCapturing());
    }

    void aWorkerThatIsHeldIsSaidToBeAndTheLessonGoesOnAfterwards()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Death);
        QVERIFY(monitor.window->hold({})); // every request waits
        lessons.perform();
        QTRY_VERIFY_WITH_TIMEOUT(!lessons.problem().isEmpty(), patience);
        QVERIFY2(lessons.problem().contains(u"held"_s), qPrintable(lessons.problem()));
        QVERIFY(!lessons.isBusy());
        monitor.session->hold().setMode(HoldMode::Off);
        QTRY_VERIFY_WITH_TIMEOUT(lessons.isDone(), patience);
        QCOMPARE(lessons.problem(), QString());
    }

    void whatThePersonLeavesOutIsRecordedForTheLessonOnly()
    {
        DemoMonitor monitor;
        RecordSettings &record = monitor.session->record();
        record.setRecords(RecordRules::Gets, false);
        START(monitor, Anatomy);
        QVERIFY(record.recordsEverything());
        QCOMPARE(QSettings().value(u"record/skippedKinds"_s).toStringList(),
                 QStringList{u"gets"_s}); // what is saved stays
        START(monitor, Chain);
        player(monitor).leave();
        QVERIFY(!record.records(RecordRules::Gets));
        QVERIFY(record.records(RecordRules::Sets));
    }

    void whatIsChosenInTheMiddleOfALessonStays()
    {
        DemoMonitor monitor;
        RecordSettings &record = monitor.session->record();
        record.setRecords(RecordRules::Gets, false);
        START(monitor, Anatomy);
        record.setRecords(RecordRules::Sets, false);
        player(monitor).leave();
        QVERIFY(record.records(RecordRules::Gets));
        QVERIFY(!record.records(RecordRules::Sets));
        START(monitor, Anatomy);
        record.recordEverything();
        player(monitor).leave();
        QVERIFY(record.recordsEverything());
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestLearnDisturbed)
#include "test_learn_disturbed.moc"
