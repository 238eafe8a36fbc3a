// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with one request that waits: edit, answer, drop, delay. The clients are real processes.
#include "hold_monitor.h"
#include "own_settings.h"

#include "dialogs/answer_dialog.h"
#include "dialogs/argument_form.h"
#include "dialogs/edit_request_dialog.h"
#include "dialogs/parameter_editor.h"

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

class TestHoldRequests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void changedArgumentsReachTheObject()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        QTRY_VERIFY(monitor.knows(u"counter"_s));
        EditRequestDialog &dialog = *monitor.panel().edit();
        QTRY_COMPARE(dialog.form()->editors().size(), std::size_t(1)); // typed, once the object has told what it takes
        QCOMPARE(dialog.form()->editors().front()->text(), u"5"_s);
        dialog.form()->editors().front()->setText(u"fifty"_s);
        QVERIFY(dialog.encodedRequest().isEmpty());
        dialog.forwardButton()->click();
        QVERIFY(!dialog.form()->editors().front()->problem().isEmpty());
        QVERIFY(!caller.isDone());
        dialog.form()->editors().front()->setText(u"50"_s);
        QVERIFY(dialog.encodedRequest().endsWith(QByteArray("\x91\x32\x80", 3)));
        dialog.forwardButton()->click();
        QTRY_VERIFY(caller.isDone());
        QCOMPARE(caller.output().trimmed(), u"150"_s);
        // One call with one more frame; its time is a person's, and says nothing about the method.
        const auto added = [&] {
            const auto all = monitor.session->statistics().snapshot();
            const auto found = std::ranges::find(all->methods, "add", &MethodStatistics::member);
            return found == all->methods.end() ? MethodStatistics() : *found;
        };
        QTRY_COMPARE(monitor.session->frames().counters().results, monitor.session->frames().counters().calls);
        QCOMPARE(added().calls, 1U);
        QCOMPARE(added().latency.count(), 0U);
        QTRY_COMPARE(monitor.rows(), 0);
    }

    void whatIsNoJsonIsRefusedWithItsPosition()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"opcode == SET"_s));
        Caller caller(monitor, {u"set"_s, u"account"_s, u"owner"_s, u"\"Eve\""_s});
        QTRY_COMPARE(monitor.rows(), 1);
        EditRequestDialog &dialog = *monitor.panel().edit();
        dialog.form()->setRaw(true);
        dialog.form()->rawText()->setPlainText(u"[\"Ada\" 5]"_s);
        dialog.forward();
        QVERIFY(dialog.isVisible());
        QCOMPARE(monitor.rows(), 1);
        QVERIFY2(dialog.form()->rawText()->accessibleDescription().contains(u"column 8"_s),
                 qPrintable(dialog.form()->rawText()->accessibleDescription()));
        dialog.form()->rawText()->setPlainText(u"[\"Ada\", 5]"_s);
        dialog.forward();
        QVERIFY2(dialog.problem().contains(u"exactly one value"_s), qPrintable(dialog.problem()));
        dialog.form()->rawText()->setPlainText(u"[\"Grace\"]"_s);
        dialog.forward();
        QTRY_VERIFY(caller.isDone());
        monitor.hold().setMode(HoldMode::Off);
        Caller reader(monitor, {u"get"_s, u"account"_s, u"owner"_s});
        QTRY_VERIFY(reader.isDone());
        QCOMPARE(reader.output().trimmed(), u"\"Grace\""_s);
    }

    void anAnswerInTheObjectsPlaceIsWhatTheClientGets()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        AnswerDialog &dialog = *monitor.panel().answer();
        dialog.value()->setPlainText(u"{\"sum\": }"_s);
        dialog.answer();
        QVERIFY2(dialog.problem().contains(u"column 9"_s), qPrintable(dialog.problem()));
        QVERIFY(!caller.isDone());
        dialog.value()->setPlainText(u"{\"sum\": 4711}"_s);
        dialog.answerButton()->click();
        QTRY_VERIFY(caller.isDone());
        QVERIFY2(caller.output().contains(u"4711"_s), qPrintable(caller.output()));
        monitor.hold().setMode(HoldMode::Off);
        Caller reader(monitor, {u"get"_s, u"counter"_s, u"a"_s});
        QTRY_VERIFY(reader.isDone());
        QCOMPARE(reader.output().trimmed(), u"100"_s); // the object has never seen it
    }

    void anErrorInTheObjectsPlaceIsWhatTheClientGets()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        AnswerDialog &dialog = *monitor.panel().answer();
        dialog.errorChoice()->setChecked(true);
        dialog.errorType()->setCurrentText(u"OutOfInk"_s);
        dialog.errorMessage()->setText(u"the pen is dry"_s);
        dialog.answerButton()->click();
        QTRY_VERIFY(caller.isDone());
        const QString errors = caller.errors();
        QVERIFY2(errors.contains(u"OutOfInk"_s) && errors.contains(u"the pen is dry"_s), qPrintable(errors));
    }

    void aDroppedRequestIsNeverAnswered()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s, u"--timeout"_s, u"1"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        monitor.panel().dropAction()->trigger();
        QTRY_COMPARE(monitor.rows(), 0);
        QTRY_VERIFY(caller.isDone());
        QVERIFY2(caller.errors().contains(u"CallTimeout"_s), qPrintable(caller.errors()));
    }

    void aDelayedRequestGoesOnByItself()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        monitor.panel().delayMenu()->actions().front()->trigger(); // in a second
        QTRY_VERIFY(caller.isDone());
        QCOMPARE(caller.output().trimmed(), u"105"_s);
    }

    void oneRequestHasOneDialogAtATime()
    {
        HoldMonitor monitor;
        QVERIFY(monitor.window->hold(u"method == add"_s));
        const Caller caller(monitor, {u"call"_s, u"counter"_s, u"add"_s, u"5"_s});
        QTRY_COMPARE(monitor.rows(), 1);
        QPointer<EditRequestDialog> edit = monitor.panel().edit();
        QVERIFY(edit);
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()");
        QCOMPARE(monitor.panel().edit(), edit.data());
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()");
        QVERIFY(!monitor.panel().answer());
        QCOMPARE(monitor.window->findChildren<QDialog *>().size(), 1);
        QVERIFY(edit->isVisible());
        edit->close();
        AnswerDialog *answer = monitor.panel().answer(); // the other one is closed
        QVERIFY(answer && answer->isVisible());
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestHoldRequests)
#include "test_hold_requests.moc"
