// SPDX-License-Identifier: BSD-3-Clause
#include "../arguments.h"
#include "../commands.h"
#include "../demo_host.h"
#include "../traffic_table.h"
#include "../worker_process.h"

#include <QTimer>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include <unistd.h>

namespace decoy::cli {

namespace {

struct DemoOptions {
    std::optional<double> seconds;
    std::optional<Conversation> only;
};

/// Prints what a tap sees, on a thread of its own, until it is destroyed.
class TrafficPrinter {
public:
    /// `only` frames of this kind, if it says so.
    TrafficPrinter(Tap &tap, TrafficTable table, std::optional<Conversation> only)
        : m_tap(tap), m_table(std::move(table)), m_only(only),
          m_thread([this](const std::stop_token &stop) { print(stop); })
    {}
    ~TrafficPrinter() { finish(); }
    TrafficPrinter(const TrafficPrinter &) = delete;
    TrafficPrinter &operator=(const TrafficPrinter &) = delete;

    /// Prints what is left and ends. Throws what went wrong while printing.
    void finishOrThrow()
    {
        finish();
        if (m_failure)
            std::rethrow_exception(m_failure);
    }
    [[nodiscard]] std::uint64_t printed() const noexcept { return m_printed; }

private:
    void print(const std::stop_token &stop)
    {
        try {
            m_table.printHeader();
            while (!stop.stop_requested()) {
                m_tap.waitFor(std::chrono::hours(1));
                drain();
            }
            drain();
        } catch (const std::exception &) {
            m_failure = std::current_exception();
            DemoHost::quit();
        }
    }
    void drain()
    {
        m_tap.drain([this](const FrameEvent &event, std::span<const std::byte> bytes) {
            const bool isWanted = m_only.value_or(event.conversation) == event.conversation;
            m_table.print(event, bytes, isWanted);
            m_printed += isWanted ? 1 : 0;
        });
    }
    void finish()
    {
        m_thread.request_stop();
        m_tap.wake();
        if (m_thread.joinable())
            m_thread.join();
    }

    Tap &m_tap;
    TrafficTable m_table;
    const std::optional<Conversation> m_only;
    std::uint64_t m_printed = 0;
    std::exception_ptr m_failure;
    std::jthread m_thread;
};

std::unordered_map<std::int32_t, std::string> namesOf(const std::deque<WorkerProcess> &workers)
{
    std::unordered_map<std::int32_t, std::string> names;
    for (const WorkerProcess &worker : workers)
        names.emplace(worker.process(), worker.scenario());
    return names;
}

std::int64_t now() { return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }

ExitStatus demo(const DemoOptions &options, Output &output)
{
    const auto duration = options.seconds ? secondsArgument(*options.seconds, "--seconds")
                                          : std::chrono::milliseconds(0);
    const std::string name = "demo-" + std::to_string(::getpid());
    DemoHost host(name, {});
    if (options.seconds)
        QTimer::singleShot(duration, QCoreApplication::instance(), &QCoreApplication::quit);
    const std::unique_ptr<Tap> tap = host.server().tap({.snapLength = 4096});
    const std::int64_t start = now();
    std::deque<WorkerProcess> workers;
    for (const char *scenario : {"reader", "teller", "climber", "listener", "lender", "duck", "slow", "faulty"})
        workers.emplace_back(scenario, name);

    output.line("Server " + name + "; join in from another terminal: decoy call " + name + " counter add 5");
    TrafficPrinter printer(*tap, TrafficTable(output, TrafficText(host.server().objects()), namesOf(workers), start),
                           options.only);
    host.exec();
    workers.clear();
    printer.finishOrThrow();
    output.line(std::to_string(printer.printed()) + " frames printed, " + std::to_string(tap->dropped()) + " dropped");
    return ExitStatus::Success;
}

} // namespace

void addDemo(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("demo", "Watch worker processes use the demo objects, frame by frame");
    const auto options = onCommand(command, action, demo);
    command.add_option("--seconds", options->seconds, "How long; until SIGINT or SIGTERM unless told otherwise")
        ->type_name("N");
    const std::map<std::string, Conversation> kinds{
        {"calls", Conversation::Call}, {"callbacks", Conversation::Callback}, {"events", Conversation::Subscription}};
    command.add_option("--only", options->only, "Print the frames of one kind: calls, callbacks or events")
        ->transform(CLI::CheckedTransformer(kinds))
        ->type_name("KIND");
    command.footer(
        "Serves the demo objects here, starts workers of several scenarios, and prints every frame.\n"
        "A call goes -> to the server and its answer <- back to the client. What a client has lent is called the other\n"
        "way: <= to the client, and => back.\n"
        "Examples:\n  decoy demo --seconds 10\n  decoy demo --only callbacks");
}

} // namespace decoy::cli
