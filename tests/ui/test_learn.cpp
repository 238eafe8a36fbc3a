// SPDX-License-Identifier: GPL-3.0-or-later
// The guided tour: every lesson walked on the real demo server with real processes, and the bytes of a mailbox as they are.
#include "learn/cost_bars.h"
#include "learn/learn_panel.h"
#include "learn/lesson_list.h"
#include "learn/lesson_mailbox.h"
#include "learn/lesson_player.h"
#include "learn/lesson_step_view.h"
#include "learn/mailbox_cells.h"
#include "learn/mailbox_history.h"
#include "learn/mailbox_meaning.h"
#include "learn/mailbox_view.h"
#include "monitor_fixture.h"
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
#include <QRandomGenerator>
#include <QSet>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

enum LessonIndex { Anatomy, Mailbox, Chain, Death, Cost };

/// A call of the Duck lane takes three seconds, a measurement seven.
constexpr int patience = 30'000;

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

std::vector<std::byte> bytesOf(const char *hex)
{
    const QByteArray raw = QByteArray::fromHex(hex);
    const auto span = std::as_bytes(std::span(raw.constData(), static_cast<std::size_t>(raw.size())));
    std::vector<std::byte> bytes(LessonMailbox::size);
    std::ranges::copy(span, bytes.begin());
    return bytes;
}

MailboxHistory historyOf(const std::vector<std::vector<std::byte>> &images)
{
    MailboxHistory history;
    for (const auto &image : images)
        history.add(image, MailboxWriter::Server, std::chrono::steady_clock::now());
    return history;
}

LessonPlayer &player(const DemoMonitor &monitor) { return monitor.window->lessons(); }

/// Does what the step asks for, as the buttons of the panel do.
void doStep(LessonPlayer &lessons)
{
    if (lessons.currentStep().question)
        lessons.giveAnswer(lessons.currentStep().question->right);
    else
        lessons.perform();
}

QStringList briefsOf(const std::vector<ByteMeaning> &meanings, int end)
{
    QStringList briefs;
    for (int byte = 0; byte < end; ++byte)
        briefs += meanings[static_cast<std::size_t>(byte)].brief;
    return briefs;
}

} // namespace

/// Starts a lesson once its objects are known.
#define START(monitor, index) \
    QTRY_VERIFY(player(monitor).missingObjects(index).isEmpty()); \
    QVERIFY((monitor).window->showLearn(index)); \
    QCOMPARE(player(monitor).lesson(), int(index))

/// Walks a lesson that was started up to a step, counted from 0.
#define WALK_TO(lessons, wanted) \
    while ((lessons).step() < (wanted)) { \
        doStep(lessons); \
        QTRY_VERIFY2_WITH_TIMEOUT((lessons).isDone(), qPrintable((lessons).currentStep().title + (lessons).problem()), \
                                  patience); \
        (lessons).next(); \
    }

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

    void theMailboxViewShowsTheBytesOfTheSegment()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Mailbox);
        WALK_TO(lessons, 2);
        const QString segment =
            lessons.scene()->observation(LessonGoal::MailboxOpen).section(u',', 0, 0).section(u'/', -1);
        const SharedMemory memory = SharedMemory::openNamed(segment.toStdString());
        const auto shown = [&monitor]() -> const std::vector<std::byte> & {
            return monitor.window->mailbox()->cells()->image().bytes;
        };
        const auto standsInMemory = [&memory](const auto &bytes) { return std::ranges::equal(memory.bytes(), bytes); };
        QVERIFY(standsInMemory(shown()));
        QCOMPARE(hexText(std::span(shown()).first(17)), u"00 00 00 00 92 02 94 06 a5 73 6c 65 65 70 91 03 80"_s);
        WALK_TO(lessons, 4);
        QVERIFY(standsInMemory(shown())); // the call takes three seconds
        QCOMPARE(hexText(std::span(shown()).first(8)), u"00 00 00 0d 92 fe 94 06"_s);
        WALK_TO(lessons, 5);
        QVERIFY(standsInMemory(shown()));
        QCOMPARE(hexText(std::span(shown()).first(11)), u"00 00 00 06 92 ff 93 06 c0 c0 c1"_s);
        // And all of it can be gone back through.
        QCOMPARE(monitor.window->mailbox()->shown(), 4);
    }

    void writersAreTold()
    {
        MailboxHistory history;
        const auto now = std::chrono::steady_clock::now();
        QVERIFY(history.add(bytesOf(""), MailboxWriter::Nobody, now));
        QVERIFY(!history.add(bytesOf(""), MailboxWriter::Server, now)); // nothing new
        QVERIFY(history.add(bytesOf("00 00 00 00 92 02 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Client, now));
        QCOMPARE(history.latest().writers[3], MailboxWriter::Nobody);
        QCOMPARE(history.latest().writers[4], MailboxWriter::Client);
        QVERIFY(history.add(bytesOf("00 00 00 0d 92 02 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Client, now));
        QCOMPARE(history.latest().writers[0], MailboxWriter::Client); // the whole length, zeros included
        QVERIFY(!history.latest().changed[0]);
        QVERIFY(history.latest().changed[3]);
        QVERIFY(history.add(bytesOf("00 00 00 0d 92 fe 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Server, now));
        QCOMPARE(history.latest().writers[5], MailboxWriter::Server);
        QCOMPARE(history.latest().writers[6], MailboxWriter::Client);
        QCOMPARE(describeImage(history.latest()), u"The server took the request: PENDING"_s);
    }

    void everyByteIsExplained()
    {
        const auto request = mailboxMeaning(bytesOf("00 00 00 0d 92 02 94 06 a5 73 6c 65 65 70 91 03 80"));
        QCOMPARE(briefsOf(request, 18).mid(3),
                 (QStringList{u"length 13"_s, u"[2]"_s, u"EXECUTE"_s, u"[4]"_s, u"object 6"_s, u"str 5"_s, u"‘s’"_s,
                              u"‘l’"_s, u"‘e’"_s, u"‘e’"_s, u"‘p’"_s, u"args 1"_s, u"3"_s, u"named 0"_s, QString()}));
        const auto pending = mailboxMeaning(bytesOf("00 00 00 0d 92 fe 94 06 a5 73 6c 65 65 70 91 03 80"));
        QCOMPARE(pending[5].brief, u"PENDING"_s);
        QCOMPARE(pending[7].brief, u"object 6"_s);
        const auto result = mailboxMeaning(bytesOf("00 00 00 06 92 ff 93 06 c0 c0 c1 c1"));
        QCOMPARE(
            briefsOf(result, 12).mid(5),
            (QStringList{u"RESULT"_s, u"[3]"_s, u"object 6"_s, u"nil"_s, u"no error"_s, u"covered"_s, u"covered"_s}));
        for (const ByteMeaning &meaning : result)
            QVERIFY(!meaning.explanation.isEmpty());
    }

    void hostileContentIsShownAndNotBelieved_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("a huge length") << QByteArray("ff ff ff ff 92 02 94 06");
        QTest::newRow("a length beyond the memory") << QByteArray("00 00 00 3d 92 02 94 06");
        QTest::newRow("an array without end") << QByteArray("00 00 00 3c 92 02 dd ff ff ff ff");
        QTest::newRow("a string without end") << QByteArray("00 00 00 3c 92 02 94 01 db ff ff ff ff");
        QTest::newRow("nested too deeply") << QByteArray("00 00 00 3c 92 02 ") + QByteArray("91").repeated(58);
        QTest::newRow("an opcode that nobody knows") << QByteArray("00 00 00 03 92 7f 90");
        QTest::newRow("a length of two") << QByteArray("00 00 00 02 92 02");
        QTest::newRow("only c1") << QByteArray("c1").repeated(64);
        for (int seed = 1; seed <= 200; ++seed) {
            QRandomGenerator random(static_cast<quint32>(seed));
            QByteArray bytes(64, '\0');
            random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), 16);
            if (seed % 2 == 0)
                bytes.replace(0, 5, QByteArray::fromHex("0000003c92")); // so that it is looked into
            QTest::addRow("random %d", seed) << bytes.toHex();
        }
    }
    void hostileContentIsShownAndNotBelieved()
    {
        QFETCH(QByteArray, hex);
        const std::vector<std::byte> bytes = bytesOf(hex.constData());
        QCOMPARE(mailboxMeaning(bytes).size(), bytes.size());
        MailboxView view;
        view.resize(600, 500);
        view.showHistory(historyOf({bytesOf(""), bytes}));
        QCOMPARE(view.cells()->image().bytes, bytes);
        QVERIFY(!view.title().isEmpty());
        QVERIFY(!view.grab().isNull());
        for (int byte = 0; byte < static_cast<int>(bytes.size()); ++byte)
            view.cells()->setCurrentByte(byte);
    }

    void mailboxesOfAnySizeAreExplained()
    {
        for (std::size_t size = 0; size < 20; ++size)
            QCOMPARE(mailboxMeaning(std::vector<std::byte>(size, std::byte{0x92})).size(), size);
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

    void theMailboxIsReadWithTheKeyboard()
    {
        MailboxView view;
        view.resize(600, 500);
        view.show();
        view.showHistory(historyOf({bytesOf(""), bytesOf("00 00 00 03 92 fe 90")}));
        MailboxCells &cells = *view.cells();
        QTest::keyClick(&cells, Qt::Key_Home);
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(&cells, Qt::Key_Right);
        QCOMPARE(cells.currentByte(), 5);
        QVERIFY(cells.accessibleDescription().contains(u"opcode"_s));
        QTest::keyClick(&cells, Qt::Key_End);
        QCOMPARE(cells.currentByte(), 63);
        QTest::keyClick(&cells, Qt::Key_Right);
        QCOMPARE(cells.currentByte(), 63);
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestLearn)
#include "test_learn.moc"
