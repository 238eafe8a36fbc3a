// SPDX-License-Identifier: BSD-3-Clause
#include "served_process.h"

#include <QTest>

#include <csignal>
#include <stdexcept>

namespace decoy::test {

ServedProcess::ServedProcess(const QStringList &options, QString name)
    : m_name(std::move(name)), m_process(DECOY_TEST_PEER, QStringList{"serve", m_name} + options)
{
    if (m_process.readLine() != "ready")
        throw std::runtime_error("the server did not start: " + m_process.waitForEnd().errors.toStdString());
}

ServedProcess::~ServedProcess()
{
    if (m_isKilled)
        return;
    m_process.send(SIGTERM);
    try {
        const Outcome outcome = m_process.waitForEnd();
        if (outcome.status != 0)
            QTest::qFail(("the server ended with " + QByteArray::number(outcome.status) + ": " + outcome.errors).constData(),
                         __FILE__, __LINE__);
    } catch (const std::exception &error) {
        QTest::qFail(error.what(), __FILE__, __LINE__);
    }
}

void ServedProcess::send(int signal)
{
    m_process.send(signal);
    if (signal != SIGKILL)
        return;
    m_isKilled = true;
    (void)m_process.waitForEnd();
}

} // namespace decoy::test
