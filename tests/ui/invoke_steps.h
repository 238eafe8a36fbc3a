// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor_fixture.h"

#include "dialogs/argument_form.h"
#include "dialogs/invoke_dialog.h"
#include "dialogs/invoke_panel.h"
#include "dialogs/parameter_editor.h"

#include <QDoubleSpinBox>
#include <QListWidget>
#include <QPushButton>
#include <QTest>

/// Whether the dialog shows the form of this method.
inline bool hasMethod(const decoy::ui::InvokePanel &dialog, const QString &name)
{
    const QListWidgetItem *item = dialog.methods()->currentItem();
    return item && item->text() == name;
}

/// Opens Invoke in a window of its own for one method and waits until its form is there; null if it does not come.
inline decoy::ui::InvokePanel *openInvoke(const DemoMonitor &monitor, const QString &object, const QString &method)
{
    if (!QTest::qWaitFor([&] { return monitor.knows(object); }))
        return nullptr;
    QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()");
    decoy::ui::InvokePanel *dialog = monitor.window->invokeInWindow(monitor.published(object), method)->panel();
    return QTest::qWaitFor([&] { return hasMethod(*dialog, method); }) ? dialog : nullptr;
}

/// Shows one method in the dock and waits until its form is there; null if it does not come.
inline decoy::ui::InvokePanel *showInvoke(const DemoMonitor &monitor, const QString &object, const QString &method)
{
    if (!QTest::qWaitFor([&] { return monitor.knows(object); }))
        return nullptr;
    decoy::ui::InvokePanel *panel = monitor.window->invoke(monitor.published(object), method);
    return QTest::qWaitFor([&] { return hasMethod(*panel, method); }) ? panel : nullptr;
}

/// Sends `lab.sleep(30)`, which nobody waits for so long.
inline void sendSleep(const decoy::ui::InvokePanel &lab)
{
    lab.form()->editors().front()->setText(QStringLiteral("30"));
    lab.timeout()->setValue(60);
    lab.sendButton()->click();
}
