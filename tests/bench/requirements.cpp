// SPDX-License-Identifier: BSD-3-Clause
#include "requirements.h"

#include <cmath>
#include <utility>

namespace decoy::bench {

namespace {

const Conditions pinned{.pinning = Pinning::Same};
const Conditions besideBusy{.busyProcesses = 2};

/// Rows under construction, and the figures that they are made of.
class List {
public:
    explicit List(const std::vector<Result> &results) : m_medians(results) {}

    [[nodiscard]] double p50(const Peer &peer, const std::string &name, const Conditions &conditions = {}) const
    {
        return m_medians.of(&Measurement::p50, labelOf(peer, conditions), name);
    }
    template <class Outcome>
    [[nodiscard]] double of(double Outcome::*figure, const Peer &peer, const std::string &name) const
    {
        return m_medians.of(figure, peer.label, name);
    }

    void atMost(std::string what, double measured, double bound, double baseline = notMeasured)
    {
        add({std::move(what), bound, measured, baseline});
    }
    void atLeast(std::string what, double measured, double bound, double baseline = notMeasured)
    {
        add({std::move(what), bound, measured, baseline, true});
    }
    /// At most `factor` times what the peer takes for the like.
    void atMostTimes(std::string what, double factor, const Peer &peer, const std::string &name,
                     const Conditions &conditions = {})
    {
        const double baseline = p50(peer, name, conditions);
        atMost(std::move(what), p50(decoyPeer, name, conditions), factor * baseline, baseline);
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

void addOneCaller(List &list)
{
    const double floor = list.p50(floorPeer, "int");
    list.atMost("int call, back to back, p50, µs", list.p50(decoyPeer, "int"), floor + 0.4, floor);
    const double floor4K = list.p50(floorPeer, "4K");
    list.atMost("4 KiB echo, p50, µs", list.p50(decoyPeer, "4K"), floor4K + 1, floor4K);
    list.atMostTimes("1 MiB echo, p50, µs", 1.3, floorPeer, "1M");
    const double tail = list.of(&Measurement::p999, floorPeer, "int");
    list.atMost("int call, p99.9, µs", list.of(&Measurement::p999, decoyPeer, "int"), 3 * tail, tail);
    list.atMostTimes("int call after 1 ms of silence, p50, µs", 1.3, futexPeer, "int1ms");
    list.atMostTimes("int call, both ends on one core, p50, µs", 1.3, futexPeer, "int", pinned);
    list.atMostTimes("int call beside two busy processes, p50, µs", 1.5, futexPeer, "int", besideBusy);
    const double oneObject = list.p50(decoyPeer, "objects1");
    list.atMost("10,000 live objects, p50, µs", list.p50(decoyPeer, "objects10000"), 1.1 * oneObject, oneObject);
    const double untapped = list.p50(decoyPeer, "tapoff");
    list.atMost("tap on, p50, µs", list.p50(decoyPeer, "tapon"), untapped + 0.2, untapped);
    const double invoked = list.p50(qtPeer, "qobject") + list.p50(decoyPeer, "int");
    list.atMost("QObject in its own thread, p50, µs", list.p50(decoyPeer, "qobject"), 1.2 * invoked, invoked);
}

void addCrowds(List &list)
{
    const double one = list.of(&Measurement::callsPerSecond, decoyPeer, "clients1");
    list.atLeast("8 clients together, calls/s", list.of(&Measurement::callsPerSecond, decoyPeer, "clients8"), 0.7 * one,
                 one);
    const double fastest = list.of(&Measurement::fastest, decoyPeer, "clients8");
    list.atLeast("slowest of 8 clients, calls/s", list.of(&Measurement::slowest, decoyPeer, "clients8"), 0.3 * fastest,
                 fastest);
}

void addIdle(List &list)
{
    constexpr double most = 0.0005;
    list.atMost("idle, CPU s", list.of(&IdleMeasurement::cpuSeconds, decoyPeer, "idle"), most);
    list.atMost("idle, 100 clients, CPU s", list.of(&IdleMeasurement::cpuSeconds, hundredClients, "idle100"), most);
}

} // namespace

std::vector<Requirement> requirements(const std::vector<Result> &results)
{
    List list(results);
    addOneCaller(list);
    addCrowds(list);
    addIdle(list);
    return std::move(list).take();
}

} // namespace decoy::bench
