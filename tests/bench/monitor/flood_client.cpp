// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood_client.h"

#include <decoy/connection.h>

#include <QCoreApplication>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace decoy::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

void waitForEndOfInput(std::atomic<bool> &ended)
{
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {}
    ended = true;
}

} // namespace

int runFloodClient(const std::string &server, double callsPerSecond)
{
    const Connection connection = connect(server);
    const Proxy counter = connection["counter"];
    std::atomic<bool> ended = false;
    std::thread waiting(waitForEndOfInput, std::ref(ended));
    std::puts("ready");
    std::fflush(stdout);
    const Clock::time_point start = Clock::now();
    std::uint64_t calls = 0;
    for (auto due = start; !ended; due += 1ms) {
        if (callsPerSecond > 0)
            std::this_thread::sleep_until(due);
        const double owed = std::chrono::duration<double>(due - start + 1ms).count() * callsPerSecond;
        for (; !ended && (callsPerSecond <= 0 || static_cast<double>(calls) < owed); ++calls)
            (void)counter.get<std::int64_t>("a");
    }
    waiting.join();
    std::printf("%llu\n", static_cast<unsigned long long>(calls));
    return 0;
}

FloodClient::FloodClient(const std::string &server, double callsPerSecond)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--client"), QString::fromStdString(server), QStringLiteral("--rate"),
                     QString::number(callsPerSecond)});
    if (!m_process.waitForReadyRead() || m_process.readLine() != "ready\n")
        throw std::runtime_error("the client process did not start");
}

FloodClient::~FloodClient()
{
    m_process.closeWriteChannel();
    m_process.waitForFinished();
}

std::uint64_t FloodClient::finish()
{
    m_process.closeWriteChannel();
    m_process.waitForFinished();
    return m_process.readAll().trimmed().toULongLong();
}

} // namespace decoy::bench
