// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"

#include <decoy/connection.h>
#include <decoy/error.h>

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>
#include <utility>

namespace decoy::test {

/// Patience with another process, in milliseconds; no assertion on speed.
inline constexpr int patience = 60'000;

/// A server in a process of its own, with the objects of served_objects.h. Ended in good order when this object goes, unless it
/// is dead already; a server that does not end well (a sanitizer's report among others) fails the test.
class ServedProcess {
public:
    explicit ServedProcess(const QStringList &options = {}, QString name = "served");
    ~ServedProcess();
    ServedProcess(const ServedProcess &) = delete;
    ServedProcess &operator=(const ServedProcess &) = delete;

    [[nodiscard]] Connection connect() const { return decoy::connect(m_name.toStdString()); }
    [[nodiscard]] int id() const { return m_process.id(); }
    /// Sends a signal. SIGKILL: returns when the process is gone; SIGSTOP: when it stands still.
    void send(int signal);
    [[nodiscard]] Process &process() { return m_process; }

private:
    QString m_name;
    Process m_process;
    bool m_isKilled = false;
};

/// A client in a process of its own: `decoy-test-peer SCENARIO served`.
class ClientProcess : public Process {
public:
    explicit ClientProcess(const QString &scenario) : Process(DECOY_TEST_PEER, {scenario, "served"}) {}
};

/// Stops a process and returns when all its threads stand still.
void standStill(const Process &process);

/// The kind of the error that `action` ended with, "none" if it did not fail; its text goes to `message`.
template <class Action>
QByteArray errorOf(Action action, std::string *message = nullptr)
{
    try {
        action();
    } catch (const ProxyError &error) {
        if (message)
            *message = error.what();
        const std::string_view name = errorKindName(error.kind());
        return QByteArray(name.data(), static_cast<qsizetype>(name.size()));
    }
    return "none";
}

} // namespace decoy::test

/// Waits for a fact.
#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, decoy::test::patience)
#define EVENTUALLY_EQUAL(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, decoy::test::patience)
