// SPDX-License-Identifier: GPL-3.0-or-later
// The guided tour: every lesson walked on the real demo server with real processes.
#include "lesson_steps.h"

#include "learn/cost_bars.h"
#include "learn/learn_panel.h"
#include "learn/lesson_list.h"
#include "learn/lesson_player.h"
#include "learn/lesson_step_view.h"
#include "learn/mailbox_view.h"
#include "own_settings.h"
#include "session/handle_store.h"
#include "session/worker_pool.h"
#include "views/frame_details_view.h"
#include "views/traffic_view.h"

#include <decoy/connection.h>

#include <QAbstractButton>
#include <QDir>
#include <QDockWidget>
#include <QPushButton>
#include <QRadioButton>
#include <QSet>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Mailboxes of all servers on this machine.
QSet<QString> mailboxNames()
{
    const QStringList names = QDir(u"/dev/shm"_s).entryList({u"decoy-*"_s}, QDir::Files | QDir::System);
    return {names.begin(), names.end()};
}

/// Of the servers that lessons have started.
QStringList filesOfLessonServers()
{
    const QByteArray configured = qgetenv("XDG_RUNTIME_DIR");
    const QString folder = configured.isEmpty() ? u"/tmp/decoy-%1"_s.arg(::getuid())
                                                : QString::fromLocal8Bit(configured) + u"/decoy"_s;
    return QDir(folder).entryList({u"lesson-%1-*"_s.arg(::getpid())}, QDir::Files | QDir::System);
}

bool hasLessonServer()
{
    const std::string prefix = "lesson-" + std::to_string(::getpid()) + "-";
    return std::ranges::any_of(liveServers(), [&prefix](const std::string &name) { return name.starts_with(prefix); });
}

} // namespace

/// All mailboxes that came since then go; those of other tests, which run at the same time, go too.
#define MAILBOXES_VANISH(before) \
    { \
        const QSet<QString> newMailboxes = mailboxNames() - (before); \
        QTRY_VERIFY_WITH_TIMEOUT(!mailboxNames().intersects(newMailboxes), patience); \
    }

class TestLearn : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void everyLessonCanBeWalkedToItsEnd_data()
    {
        QTest::addColumn<int>("lesson");
        const std::vector<Lesson> lessons = [] {
            DemoMonitor monitor({}, false);
            return LessonPlayer(*monitor.session).lessons();
        }();
        QCOMPARE(lessons.size(), std::size_t(5));
        for (int lesson = 0; lesson < 5; ++lesson)
            QTest::newRow(qPrintable(lessons[static_cast<std::size_t>(lesson)].id)) << lesson;
    }
    void everyLessonCanBeWalkedToItsEnd()
    {
        QFETCH(int, lesson);
        const QSet<QString> before = mailboxNames();
        {
            DemoMonitor monitor;
            LessonPlayer &lessons = player(monitor);
            START(monitor, lesson);
            QVERIFY(!lessons.isFinished(lesson));
            const int steps = lessons.stepCount();
            QVERIFY(steps >= 3 && steps <= 6);
            WALK_TO(lessons, steps - 1);
            doStep(lessons);
            QTRY_VERIFY_WITH_TIMEOUT(lessons.isDone(), patience);
            QCOMPARE(lessons.problem(), QString());
            lessons.next();
            QCOMPARE(lessons.lesson(), -1);
            QVERIFY(lessons.isFinished(lesson));
            QVERIFY(LessonPlayer(*monitor.session).isFinished(lesson)); // remembered
            QCOMPARE(monitor.session->workers().count(), 0);
            QTRY_COMPARE(monitor.server.objects().size(), std::size_t(7));
        }
        MAILBOXES_VANISH(before);
        QTRY_COMPARE(filesOfLessonServers(), QStringList());
    }

    void aStepIsNotDoneBeforeItsThingWasDone()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        for (int lesson = 0; lesson < 5; ++lesson) {
            START(monitor, lesson);
            QVERIFY2(!lessons.isDone(), qPrintable(lessons.currentStep().title));
            lessons.next();
            QCOMPARE(lessons.step(), 0);
        }
        START(monitor, Anatomy);
        WALK_TO(lessons, 1);
        // Another part of the frame, and the right part of another frame, are not what was asked for.
        monitor.window->details()->selectElement(FrameElement::Role::Opcode);
        QVERIFY(!lessons.isDone());
        const Row request = monitor.session->selection().frame();
        monitor.session->selection().selectFrame(request + 1);
        monitor.window->details()->selectElement(FrameElement::Role::Prefix);
        QVERIFY(!lessons.isDone());
        monitor.session->selection().selectFrame(request);
        monitor.window->details()->selectElement(FrameElement::Role::Prefix);
        QVERIFY(lessons.isDone());
        QCOMPARE(lessons.observation(), u"00 00 00 0b is 11."_s);
    }

    void theBytesAreThoseOfTheCallThatWasMade()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Anatomy);
        WALK_TO(lessons, 2);
        const FrameSnapshot frames = monitor.session->frames().snapshot();
        const auto bytes = frames.bytes(monitor.session->selection().frame());
        QCOMPARE(hexText(bytes), u"00 00 00 0b 92 02 94 01 a3 61 64 64 91 05 80"_s);
        QCOMPARE(decoy::connect(monitor.server.name())["counter"].get<int>("a"), 105);
    }

    void aWrongAnswerIsToldAndTheRightOneStillCounts()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Cost);
        LessonStepView &view = *monitor.window->learn()->stepView();
        const LessonQuestion question = *lessons.currentStep().question;
        QCOMPARE(question.answers.size(), std::size_t(3));
        QCOMPARE(view.answers().size(), std::size_t(3));
        const int wrong = question.right == 0 ? 1 : 0;
        view.answers()[static_cast<std::size_t>(wrong)]->click();
        QVERIFY(!lessons.isDone());
        QVERIFY(!view.nextButton()->isEnabled());
        QVERIFY(view.status().contains(question.answers[static_cast<std::size_t>(wrong)].reply));
        QVERIFY(view.status().startsWith(u'✕'));
        view.answers()[static_cast<std::size_t>(question.right)]->click();
        QVERIFY(lessons.isDone());
        QVERIFY(view.nextButton()->isEnabled());
        QVERIFY(view.status().startsWith(u'✓'));
    }

    void everyQuestionHasThreeAnswersWithReasons()
    {
        DemoMonitor monitor({}, false);
        int questions = 0;
        const LessonPlayer lessons(*monitor.session);
        for (const Lesson &lesson : lessons.lessons()) {
            for (const LessonStep &step : lesson.steps) {
                QVERIFY(!step.title.isEmpty() && !step.text.isEmpty());
                QVERIFY(step.button.isEmpty() == (step.action == LessonAction::None));
                if (!step.question)
                    continue;
                ++questions;
                QCOMPARE(step.question->answers.size(), std::size_t(3));
                QVERIFY(step.question->right >= 0 && step.question->right < 3);
                for (const LessonAnswer &answer : step.question->answers)
                    QVERIFY(!answer.text.isEmpty() && !answer.reply.isEmpty());
            }
        }
        QCOMPARE(questions, 5);
    }

    void aLessonThatIsLeftMidwayLeavesNothing_data()
    {
        QTest::addColumn<int>("lesson");
        QTest::addColumn<int>("step");
        QTest::newRow("a mailbox with a call under way") << int(Mailbox) << 4;
        QTest::newRow("a chain at its limit") << int(Chain) << 3;
        QTest::newRow("a worker in a call") << int(Death) << 1;
        QTest::newRow("a server in a call") << int(Death) << 4;
        QTest::newRow("a measurement") << int(Cost) << 1;
    }
    void aLessonThatIsLeftMidwayLeavesNothing()
    {
        QFETCH(int, lesson);
        QFETCH(int, step);
        const QSet<QString> before = mailboxNames();
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, lesson);
        WALK_TO(lessons, step);
        if (lesson == Cost) {
            QSignalSpy progress(&lessons, &LessonPlayer::progressed);
            lessons.perform();
            QTRY_VERIFY_WITH_TIMEOUT(progress.size() > 10, patience);
        } else if (lesson == Chain) {
            QCOMPARE(monitor.server.objects().size(), std::size_t(7 + 7));
        } else if (lesson == Mailbox) {
            QVERIFY(!(mailboxNames() - before).isEmpty());
        }
        monitor.window->findChild<QDockWidget *>(u"learn"_s)->close();
        QTRY_COMPARE(lessons.lesson(), -1);
        QCOMPARE(monitor.session->workers().count(), 0);
        QTRY_COMPARE(monitor.server.objects().size(), std::size_t(7));
        QTRY_VERIFY(!hasLessonServer());
        MAILBOXES_VANISH(before);
        QTRY_COMPARE(filesOfLessonServers(), QStringList());
        // And it can be started again at once.
        START(monitor, lesson);
    }

    void theWindowEndsInTheMiddleOfALesson()
    {
        const QSet<QString> before = mailboxNames();
        for (const auto &[lesson, step] : {std::pair(Mailbox, 4), std::pair(Death, 4), std::pair(Cost, 1)}) {
            DemoMonitor monitor;
            LessonPlayer &lessons = player(monitor);
            START(monitor, lesson);
            WALK_TO(lessons, step);
            if (lesson == Cost) {
                QSignalSpy progress(&lessons, &LessonPlayer::progressed);
                lessons.perform();
                QTRY_VERIFY_WITH_TIMEOUT(progress.size() > 110, patience); // its mailbox is open by now
            }
        }
        MAILBOXES_VANISH(before);
        QTRY_COMPARE(filesOfLessonServers(), QStringList());
    }

    void whatTheServerLacksIsSaid()
    {
        ProxyServer server(DemoMonitor::freshName()); // without the demo
        server.run();
        Session session(server, {});
        LessonPlayer lessons(session);
        LearnPanel panel(lessons);
        lessons.start(Anatomy);
        QCOMPARE(lessons.lesson(), -1);
        QVERIFY(!panel.list()->startButton(Anatomy)->isEnabled());
        QVERIFY(panel.list()->problem().contains(u"counter"_s));
        QVERIFY(panel.list()->problem().contains(u"decoy-monitor --demo"_s));
    }

    void theTourIsOfferedWhereNothingIsYet()
    {
        DemoMonitor monitor;
        QVERIFY(monitor.window->findChild<QDockWidget *>(u"learn"_s)->isHidden());
        QPushButton *link = nullptr;
        for (auto *button : monitor.window->traffic()->findChildren<QPushButton *>()) {
            if (button->text().contains(u"tour"_s))
                link = button;
        }
        QVERIFY(link);
        link->click();
        QVERIFY(!monitor.window->findChild<QDockWidget *>(u"learn"_s)->isHidden());
    }

    void aLessonCanBeWalkedWithTheKeyboardAlone()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        QTRY_VERIFY(lessons.missingObjects(Anatomy).isEmpty());
        monitor.window->showLearn();
        QApplication::setActiveWindow(monitor.window.get());
        QTRY_VERIFY(monitor.window->learn()->list()->startButton(Anatomy)->hasFocus());
        const auto press = [] { QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space); };
        press();
        QCOMPARE(lessons.lesson(), int(Anatomy));
        LessonStepView &view = *monitor.window->learn()->stepView();
        while (lessons.lesson() >= 0) {
            if (lessons.currentStep().question) {
                QTRY_VERIFY(view.answers().front()->hasFocus());
                QTest::keyClick(view.answers().front(), Qt::Key_Down);
                QVERIFY(!lessons.isDone()); // to go there is not to answer
                press();                    // the second is right
            } else {
                QTRY_VERIFY(view.actionButton()->hasFocus());
                press();
            }
            QTRY_VERIFY2(lessons.isDone(), qPrintable(lessons.currentStep().title));
            if (lessons.currentStep().question)
                view.nextButton()->setFocus(Qt::TabFocusReason);
            QTRY_VERIFY(view.nextButton()->hasFocus());
            press();
        }
        QVERIFY(lessons.isFinished(Anatomy));
    }

    void everyControlHasANameToBeReadAloud()
    {
        DemoMonitor monitor;
        START(monitor, Mailbox);
        WALK_TO(player(monitor), 1);
        const auto isNamed = [](const QWidget *widget) {
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            return !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        };
        for (QWidget *root :
             {static_cast<QWidget *>(monitor.window->learn()), static_cast<QWidget *>(monitor.window->mailbox())}) {
            for (const QWidget *widget : root->findChildren<QWidget *>()) {
                if (widget->isVisible() && widget->focusPolicy() & Qt::TabFocus)
                    QVERIFY2(isNamed(widget), widget->metaObject()->className());
            }
        }
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestLearn)
#include "test_learn.moc"
