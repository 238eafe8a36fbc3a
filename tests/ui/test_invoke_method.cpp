// SPDX-License-Identifier: GPL-3.0-or-later
// Which method the Invoke panel calls: what was typed for one waits until the person comes back, and one that is not listed can be typed.
#include "invoke_steps.h"
#include "own_settings.h"

#include "dialogs/argument_drafts.h"
#include "dialogs/argument_form.h"
#include "dialogs/parameter_editor.h"
#include "dialogs/result_view.h"
#include "session/call_history.h"

#include <decoy/dynamic_object.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int manyMethods = 600; // more than are listed

/// Publishes an object of many methods; each answers its own number and what it was given.
void publishMany(DemoMonitor &monitor)
{
    auto many = std::make_shared<DynamicObject>("Many");
    for (int number = 0; number < manyMethods; ++number) {
        many->setFunction("m" + std::to_string(1000 + number), [number](const std::vector<Value> &arguments) {
            return Value(number + (arguments.empty() ? 0 : arguments.front().as<int>()));
        });
    }
    monitor.server.publish("many", many);
}

ParameterEditor &first(const InvokePanel &panel) { return *panel.form()->editors().front(); }

/// Whether one of the texts that the person sees says so.
bool says(const InvokePanel &panel, const QString &text)
{
    return std::ranges::any_of(panel.findChildren<QLabel *>(),
                               [&](const QLabel *label) { return label->isVisible() && label->text().contains(text); });
}

void typeMethod(const InvokePanel &panel, const QString &name)
{
    QLineEdit *edit = panel.isNarrow() ? panel.methodChoice()->lineEdit() : panel.methodName();
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, name);
    QTest::keyClick(edit, Qt::Key_Return);
}

} // namespace

class TestInvokeMethod : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void whatWasTypedIsThereAgainWhenOneComesBack()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(panel);
        first(*panel).setText(u"fifty"_s); // wrong, and still what was typed
        panel->form()->editors().at(1)->setText(u"gift"_s);
        QVERIFY(showInvoke(monitor, u"account"_s, u"withdraw"_s));
        QCOMPARE(first(*panel).text(), QString());
        QVERIFY(showInvoke(monitor, u"counter"_s, u"add"_s));
        first(*panel).setText(u"7"_s);
        QVERIFY(showInvoke(monitor, u"account"_s, u"deposit"_s));
        QCOMPARE(first(*panel).text(), u"fifty"_s);
        QCOMPARE(panel->form()->editors().at(1)->text(), u"gift"_s);
        QVERIFY(showInvoke(monitor, u"counter"_s, u"add"_s));
        QCOMPARE(first(*panel).text(), u"7"_s);
    }

    void argumentsAsJsonComeBackToo()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(panel);
        panel->form()->setRaw(true);
        panel->form()->rawText()->setPlainText(u"[50,"_s);
        QVERIFY(showInvoke(monitor, u"counter"_s, u"add"_s));
        panel->form()->setRaw(false);
        QVERIFY(showInvoke(monitor, u"account"_s, u"deposit"_s));
        QVERIFY(panel->form()->isRaw());
        QCOMPARE(panel->form()->rawText()->toPlainText(), u"[50,"_s);
    }

    void whatWasTypedIsNoPartOfACallThatIsLoaded()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"account"_s, u"deposit"_s);
        QVERIFY(panel);
        panel->form()->editors().at(1)->setText(u"gift"_s);
        panel->load(recordOf(monitor.request(u"account"_s, "deposit", {Value(50)}), u"account"_s));
        QTRY_VERIFY(!panel->form()->editors().empty() && first(*panel).text() == u"50"_s);
        QVERIFY(!panel->form()->editors().at(1)->isUsed());
    }

    void ofManyOrLongDraftsTheOldestAreForgotten()
    {
        ArgumentDrafts drafts;
        for (std::size_t number = 0; number <= ArgumentDrafts::most; ++number)
            drafts.keep("Many", "m" + std::to_string(number), {{{"x", u"5"_s}}, {}});
        QCOMPARE(drafts.count(), ArgumentDrafts::most);
        QVERIFY(!drafts.find("Many", "m0"));
        QCOMPARE(drafts.find("Many", "m1")->fields.front().text, u"5"_s);
        drafts.keep("Many", "m1", {}); // taken away again
        QVERIFY(!drafts.find("Many", "m1"));

        const QString half(ArgumentDrafts::mostCharacters / 2 + 1, u'x');
        drafts.keep("Many", "a", {{}, half});
        drafts.keep("Many", "b", {{}, half});
        QVERIFY(!drafts.find("Many", "a"));
        QCOMPARE(drafts.find("Many", "b")->json, half);
    }

    void aMethodThatIsNotListedIsCalledByItsName_data()
    {
        QTest::addColumn<bool>("inWindow");
        QTest::newRow("dock") << false;
        QTest::newRow("window") << true;
    }

    void aMethodThatIsNotListedIsCalledByItsName()
    {
        QFETCH(bool, inWindow);
        DemoMonitor monitor;
        publishMany(monitor);
        InvokePanel *panel = inWindow ? openInvoke(monitor, u"many"_s, u"m1000"_s)
                                      : showInvoke(monitor, u"many"_s, u"m1000"_s);
        QVERIFY(panel);
        QCOMPARE(panel->isNarrow(), !inWindow);
        QVERIFY(panel->methods()->findItems(u"m1599"_s, Qt::MatchExactly).isEmpty());
        QVERIFY(says(*panel, u" more, not listed: type the name"_s));
        typeMethod(*panel, u"m1599"_s);
        QVERIFY(says(*panel, u"m1599(…)"_s) && says(*panel, u"many does not list this method here"_s));
        QVERIFY(panel->form()->isRaw());
        panel->form()->rawText()->setPlainText(u"[1]"_s);
        panel->sendButton()->click();
        QTRY_COMPARE(panel->result()->jsonText(), u"600"_s);
        typeMethod(*panel, u"m1001"_s); // is listed
        QVERIFY(hasMethod(*panel, u"m1001"_s) && !panel->form()->isRaw());
        QVERIFY(!says(*panel, u"does not list"_s));
        typeMethod(*panel, u"m1599"_s);
        QCOMPARE(panel->form()->rawText()->toPlainText(), u"[1]"_s);
    }

    void aNameThatTheObjectDoesNotHaveIsRefusedByIt()
    {
        DemoMonitor monitor;
        InvokePanel *panel = showInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(panel);
        typeMethod(*panel, u"subtract"_s);
        QVERIFY(says(*panel, u"counter does not list this method: "_s));
        panel->sendButton()->click();
        QTRY_COMPARE(monitor.session->callHistory().at(0).state, CallState::Failed);
        QVERIFY2(panel->result()->statusText().contains(u"subtract"_s), qPrintable(panel->result()->statusText()));
    }

    void ctrlEnterSendsTheMethodThatIsBeingTyped()
    {
        DemoMonitor monitor;
        publishMany(monitor);
        InvokePanel *panel = openInvoke(monitor, u"many"_s, u"m1000"_s);
        QVERIFY(panel);
        panel->methodName()->setText(u"m1002"_s);
        QTest::keyClick(panel->methodName(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(panel->result()->jsonText(), u"2"_s);
        QVERIFY(hasMethod(*panel, u"m1002"_s));
    }

    void aCallOfAMethodThatIsNotListedIsLoaded()
    {
        DemoMonitor monitor;
        publishMany(monitor);
        InvokePanel *panel = showInvoke(monitor, u"counter"_s, u"add"_s);
        QVERIFY(panel && QTest::qWaitFor([&] { return monitor.knows(u"many"_s); }));
        panel->load(recordOf(monitor.request(u"many"_s, "m1599", {Value(2)}), u"many"_s));
        QTRY_COMPARE(panel->form()->rawText()->toPlainText(), u"[2]"_s);
        panel->sendButton()->click();
        QTRY_COMPARE(panel->result()->jsonText(), u"601"_s);
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestInvokeMethod)
#include "test_invoke_method.moc"
