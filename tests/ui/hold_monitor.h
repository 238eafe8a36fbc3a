// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor_fixture.h"

#include "session/traffic_hold.h"
#include "views/breakpoint_bar.h"
#include "views/held_panel.h"

#include <QProcess>
#include <QTableView>

/// A client in a process of its own that makes one call: `decoy call SERVER OBJECT METHOD ARGUMENTS`.
class Caller {
public:
    Caller(const DemoMonitor &monitor, const QStringList &words)
    {
        QStringList arguments = words;
        arguments.insert(1, QString::fromStdString(monitor.server.name()));
        m_process.start(QStringLiteral(DECOY_COMMAND), arguments);
    }
    ~Caller()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] bool isDone() const { return m_process.state() == QProcess::NotRunning; }
    [[nodiscard]] QString output() { return m_output += QString::fromUtf8(m_process.readAllStandardOutput()); }
    [[nodiscard]] QString errors() { return m_errors += QString::fromUtf8(m_process.readAllStandardError()); }
    [[nodiscard]] qint64 process() const { return m_process.processId(); }
    void kill() { m_process.kill(); }

private:
    QProcess m_process;
    QString m_output;
    QString m_errors;
};

struct HoldMonitor : DemoMonitor {
    [[nodiscard]] decoy::ui::TrafficHold &hold() const { return session->hold(); }
    [[nodiscard]] decoy::ui::HeldPanel &panel() const { return *window->held(); }
    [[nodiscard]] int rows() const { return panel().table()->model()->rowCount(); }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return panel().table()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QString status() const { return panel().breakpoint()->statusText(); }
};
