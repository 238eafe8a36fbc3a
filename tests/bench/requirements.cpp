// SPDX-License-Identifier: BSD-3-Clause
#include "requirements.h"

#include <cmath>
#include <cstdio>
#include <utility>

namespace decoy::bench {

namespace {

const Conditions pinned{.pinning = Pinning::Same};
const Conditions besideBusy{.busyProcesses = 2};

/// A bound that was computed, and how.
struct Bound {
    std::string rule;
    double value = notMeasured;
};

/// A figure that others are compared with.
struct Baseline {
    std::string name;
    double value = notMeasured;

    [[nodiscard]] Bound plus(double more) const { return {name + ruleText(" + %g", more), value + more}; }
    [[nodiscard]] Bound times(double factor) const { return {name + ruleText(" × %g", factor), value * factor}; }

private:
    static std::string ruleText(const char *format, double number)
    {
        char text[32];
        std::snprintf(text, sizeof text, format, number);
        return text;
    }
};

/// Figures by who reached them, and rows under construction.
class Table {
public:
    explicit Table(const std::vector<Result> &results) : m_medians(results) {}

    template <class Outcome>
    [[nodiscard]] double of(double Outcome::*figure, const Peer &peer, const std::string &name,
                            const Conditions &conditions = {}) const
    {
        return m_medians.of(figure, labelOf(peer, conditions), name);
    }
    [[nodiscard]] double p50(const Peer &peer, const std::string &name, const Conditions &conditions = {}) const
    {
        return of(&Measurement::p50, peer, name, conditions);
    }

    void atMost(std::string what, double measured, Bound bound)
    {
        add({std::move(what), std::move(bound.rule), bound.value, measured});
    }
    void atLeast(std::string what, double measured, Bound bound)
    {
        add({std::move(what), std::move(bound.rule), bound.value, measured, true});
    }

    [[nodiscard]] std::vector<Requirement> take() && { return std::move(m_rows); }

private:
    void add(Requirement row)
    {
        if (!std::isnan(row.bound) && !std::isnan(row.measured))
            m_rows.push_back(std::move(row));
    }

    Medians m_medians;
    std::vector<Requirement> m_rows;
};

void addCalls(Table &table)
{
    const auto baseline = [&table](const Peer &peer, const std::string &name, const Conditions &conditions = {}) {
        return Baseline{peer.key, table.p50(peer, name, conditions)};
    };
    const double call = table.p50(decoyPeer, "int");
    table.atMost("int call, back to back, p50, µs", call, baseline(floorPeer, "int").plus(0.4));
    table.atMost("4 KiB echo, p50, µs", table.p50(decoyPeer, "4K"), baseline(floorPeer, "4K").plus(1));
    table.atMost("1 MiB echo, p50, µs", table.p50(decoyPeer, "1M"), baseline(floorPeer, "1M").times(1.3));
    table.atMost("int call, p99.9, µs", table.of(&Measurement::p999, decoyPeer, "int"),
                 Baseline{"floor", table.of(&Measurement::p999, floorPeer, "int")}.times(3));
    table.atMost("int call after 1 ms of silence, p50, µs", table.p50(decoyPeer, "int1ms"),
                 baseline(futexPeer, "int1ms").times(1.3));
    table.atMost("10 chained calls pipelined after 1 ms of silence, p50, µs", table.p50(decoyPeer, "pipelined10"),
                 Baseline{"one call", table.p50(decoyPeer, "int1ms")}.times(1.3));
    table.atLeast("64 calls in flight, calls/s", table.of(&Measurement::callsPerSecond, decoyPeer, "async64"),
                  {{}, 5e6});
    table.atMost("int call, both ends on one core, p50, µs", table.p50(decoyPeer, "int", pinned),
                 baseline(futexPeer, "int", pinned).times(1.3));
    table.atMost("int call beside two busy processes, p50, µs", table.p50(decoyPeer, "int", besideBusy),
                 baseline(futexPeer, "int", besideBusy).times(1.5));
    table.atMost("QObject in its own thread, p50, µs", table.p50(decoyPeer, "qobject"),
                 Baseline{"(qt and an int call)", table.p50(qtPeer, "qobject") + call}.times(1.2));
}

void addServers(Table &table)
{
    table.atMost("10,000 live objects, p50, µs", table.p50(decoyPeer, "objects10000"),
                 Baseline{"one object", table.p50(decoyPeer, "objects1")}.times(1.1));
    table.atMost("tap on, p50, µs", table.p50(decoyPeer, "tapon"),
                 Baseline{"tap off", table.p50(decoyPeer, "tapoff")}.plus(0.2));
    table.atLeast("8 client processes, calls/s in all", table.of(&Measurement::callsPerSecond, decoyPeer, "clients8"),
                  Baseline{"one client", table.of(&Measurement::callsPerSecond, decoyPeer, "clients1")}.times(0.7));
    table.atLeast("slowest of 8 clients, calls/s", table.of(&Measurement::slowest, decoyPeer, "clients8"),
                  Baseline{"fastest", table.of(&Measurement::fastest, decoyPeer, "clients8")}.times(0.3));
    table.atMost("100,000 ints through a range, p50, µs", table.p50(decoyPeer, "iterate100k"), {{}, 30'000});
    table.atLeast("events to one subscriber, events/s", table.of(&Measurement::callsPerSecond, decoyPeer, "events"),
                  {{}, 500'000});
    const Bound idle{{}, 0.0005};
    table.atMost("idle, CPU s of server and client", table.of(&IdleMeasurement::cpuSeconds, decoyPeer, "idle"), idle);
    table.atMost("idle, CPU s of server and 100 clients",
                 table.of(&IdleMeasurement::cpuSeconds, hundredClients, "idle100"), idle);
}

} // namespace

std::vector<Requirement> requirements(const std::vector<Result> &results)
{
    Table table(results);
    addCalls(table);
    addServers(table);
    return std::move(table).take();
}

} // namespace decoy::bench
