// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QTimer>

#include <cstdio>
#include <fstream>

#include <unistd.h>

namespace decoy::bench {

namespace {

/// A line of /proc/self/status, in MB.
double statusMegabytes(std::string_view name)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name))
            return std::stod(line.substr(name.size() + 1)) * 1024 / 1e6;
    }
    return 0;
}

/// Time that all cores together were busy, whoever kept them so.
double machineSeconds()
{
    std::ifstream stat("/proc/stat");
    std::string label;
    double ticks[8] = {};
    stat >> label;
    for (double &value : ticks)
        stat >> value;
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7])
        / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

void JsonLine::addRaw(std::string_view name, std::string_view value)
{
    m_fields.append(m_fields.empty() ? "\"" : ",\"").append(name).append("\":").append(value);
}

JsonLine &JsonLine::add(std::string_view name, std::string_view text)
{
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\')
            quoted += '\\';
        quoted += character;
    }
    addRaw(name, quoted + '"');
    return *this;
}

JsonLine &JsonLine::add(std::string_view name, double number, int decimals)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, number);
    addRaw(name, text);
    return *this;
}

JsonLine &JsonLine::add(std::string_view name, std::uint64_t number)
{
    addRaw(name, std::to_string(number));
    return *this;
}

JsonLine &JsonLine::add(const Stalls &stalls)
{
    return add("stall_p50_ms", stalls.percentile(0.5))
        .add("stall_p99_ms", stalls.percentile(0.99))
        .add("stall_max_ms", stalls.max());
}

JsonLine &JsonLine::add(const ui::CaptureCounts &counts)
{
    return add("emitted", counts.emitted)
        .add("captured", counts.captured)
        .add("dropped", counts.dropped)
        .add("waiting", counts.lag());
}

JsonLine &JsonLine::addMemory()
{
    return add("rss_mb", statusMegabytes("VmRSS:"), 0)
        .add("rss_own_mb", statusMegabytes("RssAnon:"), 0)
        .add("rss_files_mb", statusMegabytes("RssFile:"), 0);
}

void JsonLine::print() const
{
    std::printf("{%s}\n", m_fields.c_str());
    std::fflush(stdout);
}

Period::Period() : m_start(std::chrono::steady_clock::now()), m_machine(machineSeconds()) {}

double Period::seconds() const
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
}

double Period::busyCores() const { return (machineSeconds() - m_machine) / seconds(); }

void runEventLoop(double seconds)
{
    QEventLoop loop;
    QTimer::singleShot(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)), Qt::PreciseTimer, &loop,
                       &QEventLoop::quit);
    loop.exec();
}

bool runEventLoopUntil(const std::function<bool()> &isSo, double seconds)
{
    const QDeadlineTimer deadline(static_cast<qint64>(seconds * 1000));
    while (!isSo()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents); // the watchdog's events end each wait
    }
    return true;
}

} // namespace decoy::bench
