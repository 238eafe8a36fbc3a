// SPDX-License-Identifier: BSD-3-Clause
#include "../arguments.h"
#include "../commands.h"
#include "../termination_signals.h"
#include "../text.h"

#include <decoy/connection.h>
#include <decoy/json.h>
#include <decoy/subscription.h>

#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <map>
#include <optional>
#include <vector>

namespace decoy::cli {

namespace {

struct WatchOptions {
    std::string server;
    std::string object;
    std::string member;
    bool json = false;
    std::optional<std::uint64_t> count;
    std::optional<double> timeout;
};

/// One event, or one new value of an attribute.
struct EventJson {
    std::string time;
    std::string event;
    std::map<std::string, Value> arguments;
    std::uint64_t lost = 0;
    MSGPACK_DEFINE_MAP(time, event, arguments, lost)
};
struct ValueJson {
    std::string time;
    std::string attribute;
    Value value;
    std::uint64_t lost = 0;
    MSGPACK_DEFINE_MAP(time, attribute, value, lost)
};

/// The local time of day with milliseconds.
std::string timeOfDay()
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    std::tm local{};
    localtime_r(&now.tv_sec, &local);
    std::array<char, 16> clock{};
    std::strftime(clock.data(), clock.size(), "%H:%M:%S.", &local);
    const std::string milliseconds = std::to_string(1000 + now.tv_nsec / 1'000'000);
    return clock.data() + milliseconds.substr(1);
}

/// Subscribes, and prints what happens until there has been enough. Handlers only take down what came; everything is printed, and may
/// fail, outside of them.
class Watch {
public:
    Watch(const WatchOptions &options, Output &output)
        : m_options(options), m_output(output),
          m_timeout(options.timeout ? secondsArgument(*options.timeout, "--timeout") : waitForever)
    {}

    void run()
    {
        const TerminationSignals signals([this] {
            m_isInterrupted = true;
            m_connection.close();
        });
        try {
            begin();
            while (!m_options.count || m_printed < *m_options.count) {
                if (!m_connection.process(m_timeout))
                    throw CallTimeout("nothing happened within " + std::to_string(m_timeout.count()) + " ms");
                printAll();
                requireActive();
            }
        } catch (const PeerDied &) {
            if (!m_isInterrupted)
                throw;
        }
    }

private:
    void begin()
    {
        const Description description = m_object.describe();
        if (m_options.member.empty()) {
            if (description.events.empty())
                throw AttributeNotFound(description.type + " has no events");
            for (const EventDescription &event : description.events)
                subscribe(event);
        } else if (const EventDescription *event = description.event(m_options.member)) {
            subscribe(*event);
        } else {
            m_subscriptions.push_back(m_object.subscribe(m_options.member, [this](const ReceivedEvent &received) {
                m_lost += received.lost(), m_hasChanged = true;
            }));
            printValue(); // what it is to begin with
        }
    }

    void subscribe(const EventDescription &event)
    {
        m_subscriptions.push_back(m_object.subscribe(event.name, [this, event](const ReceivedEvent &received) {
            EventJson taken{timeOfDay(), event.name, {}, received.lost()};
            for (std::size_t i = 0; i < received.size(); ++i) {
                const bool isNamed = i < event.parameters.size();
                taken.arguments[isNamed ? event.parameters[i].name : "arg" + std::to_string(i)] = received.argument(i);
            }
            m_taken.push_back(std::move(taken));
        }));
    }

    void requireActive() const
    {
        for (const Subscription &subscription : m_subscriptions) {
            if (!subscription.isActive() && subscription.reason())
                subscription.reason()->raise();
        }
    }

    void printAll()
    {
        for (const EventJson &event : std::exchange(m_taken, {})) {
            if (m_options.count && m_printed == *m_options.count)
                return;
            ++m_printed;
            print(event);
        }
        if (std::exchange(m_hasChanged, false)) {
            ++m_printed;
            printValue();
        }
    }

    void print(const EventJson &event)
    {
        if (m_options.json)
            return m_output.line(toJson(Value(event)));
        std::string arguments;
        for (const auto &[name, value] : event.arguments)
            arguments += (arguments.empty() ? "" : ", ") + name + " = " + toJson(value);
        m_output.line(event.time + "  " + printable(event.event + "(" + arguments + ")") + lostText(event.lost));
    }

    void printValue()
    {
        ValueJson now{timeOfDay(), m_options.member, m_object.get(m_options.member), std::exchange(m_lost, 0)};
        if (m_options.json)
            return m_output.line(toJson(Value(now)));
        m_output.line(now.time + "  " + printable(now.attribute + " = " + toJson(now.value)) + lostText(now.lost));
    }

    static std::string lostText(std::uint64_t lost)
    {
        return lost == 0 ? std::string() : "  (" + std::to_string(lost) + " lost before)";
    }

    const WatchOptions &m_options;
    Output &m_output;
    const std::chrono::milliseconds m_timeout;
    const Connection m_connection = connect(m_options.server);
    const Proxy m_object = m_connection[m_options.object];
    std::atomic<bool> m_isInterrupted{false};
    std::vector<EventJson> m_taken;
    bool m_hasChanged = false;
    std::uint64_t m_lost = 0;
    std::uint64_t m_printed = 0;
    std::vector<Subscription> m_subscriptions; // go first: their handlers use what stands above
};

ExitStatus watch(const WatchOptions &options, Output &output)
{
    Watch(options, output).run();
    return ExitStatus::Success;
}

} // namespace

void addWatch(CLI::App &app, Action &action)
{
    CLI::App &command = *app.add_subcommand("watch",
                                            "Print the events of an object, or an attribute whenever it changes");
    const auto options = onCommand(command, action, watch);
    command.add_option("SERVER", options->server, "Name of the server")->required();
    command.add_option("OBJECT", options->object, "Name of a published object")->required();
    command.add_option(
        "ATTR|EVENT", options->member,
        "An attribute, whose value is printed now and after each event that tells of a new one, or one event; without it, "
        "all events of the object");
    command.add_flag("--json", options->json, "Print a JSON object a line");
    command.add_option("--count", options->count, "End after so many events")->check(CLI::PositiveNumber);
    command.add_option("--timeout", options->timeout, "End with status 4 when nothing happens for so long, in seconds")
        ->type_name("SECONDS");
    command.footer(
        "Nothing is asked for again and again: the object's server tells of each event. One that comes faster than it can be "
        "printed is lost, and the next line says how many were.\n\n"
        "Examples:\n  decoy watch demo account\n  decoy watch demo account balance\n"
        "  decoy watch demo account changed --count 1 --json");
}

} // namespace decoy::cli
