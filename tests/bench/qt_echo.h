// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QThread>

namespace decoy::bench {

class QtEcho : public QObject {
    Q_OBJECT

public:
    Q_INVOKABLE int add(int x) { return x + 100; }
};

/// A QObject whose thread runs its event loop. One in a process: it brings the application that Qt asks for.
class QtEchoThread {
public:
    QtEchoThread()
    {
        m_object.moveToThread(&m_thread);
        m_thread.start();
    }
    ~QtEchoThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    QtEchoThread(const QtEchoThread &) = delete;
    QtEchoThread &operator=(const QtEchoThread &) = delete;

    [[nodiscard]] QtEcho &object() noexcept { return m_object; }

private:
    char m_name[12] = "decoy-bench";
    char *m_arguments[2] = {m_name, nullptr};
    int m_argumentCount = 1;
    QCoreApplication m_application{m_argumentCount, m_arguments};
    QThread m_thread;
    QtEcho m_object;
};

} // namespace decoy::bench
