// SPDX-License-Identifier: BSD-3-Clause
#include "requirements.h"

#include <algorithm>
#include <cmath>

namespace decoy::bench {

namespace {

const Conditions pinned{.pinning = Pinning::Same};
const Conditions besideBusy{.busyProcesses = 2};

/// Figures of all rounds of one case. What was not measured is not a number, and so is what is made of it.
class Medians {
public:
    explicit Medians(const std::vector<Result> &results) : m_results(results) {}

    template <class Outcome>
    [[nodiscard]] double of(double Outcome::*figure, const std::string &label, const std::string &name) const
    {
        std::vector<double> values;
        for (const Result &result : m_results) {
            const auto *outcome = std::get_if<Outcome>(&result.outcome);
            if (outcome && result.peer == label && result.name == name)
                values.push_back(outcome->*figure);
        }
        if (values.empty())
            return notMeasured;
        std::ranges::sort(values);
        const std::size_t middle = values.size() / 2;
        return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    [[nodiscard]] double p50(const Peer &peer, const std::string &name, const Conditions &conditions = {}) const
    {
        return of(&Measurement::p50, labelOf(peer, conditions), name);
    }
    [[nodiscard]] double ours(double Measurement::*figure, const std::string &name) const
    {
        return of(figure, decoyPeer.label, name);
    }

private:
    const std::vector<Result> &m_results;
};

} // namespace

std::vector<Requirement> requirements(const std::vector<Result> &results)
{
    const Medians all(results);
    const double intCall = all.p50(decoyPeer, "int");
    std::vector<Requirement> list;
    const auto atMost = [&list](std::string what, double baseline, double bound, double measured) {
        list.push_back({std::move(what), bound, measured, baseline});
    };
    const auto timesPeer = [&](std::string what, double factor, const Peer &peer, const std::string &name,
                               const Conditions &conditions = {}) {
        const double baseline = all.p50(peer, name, conditions);
        atMost(std::move(what), baseline, factor * baseline, all.p50(decoyPeer, name, conditions));
    };

    const double floor = all.p50(floorPeer, "int");
    atMost("int call, back to back, p50, µs", floor, floor + 0.4, intCall);
    const double floor4K = all.p50(floorPeer, "4K");
    atMost("4 KiB echo, p50, µs", floor4K, floor4K + 1, all.p50(decoyPeer, "4K"));
    timesPeer("1 MiB echo, p50, µs", 1.3, floorPeer, "1M");
    const double floorTail = all.of(&Measurement::p999, floorPeer.label, "int");
    atMost("int call, p99.9, µs", floorTail, 3 * floorTail, all.ours(&Measurement::p999, "int"));
    timesPeer("int call after 1 ms of silence, p50, µs", 1.3, futexPeer, "int1ms");
    timesPeer("int call, both ends on one core, p50, µs", 1.3, futexPeer, "int", pinned);
    timesPeer("int call beside two busy processes, p50, µs", 1.5, futexPeer, "int", besideBusy);

    const double oneClient = all.ours(&Measurement::callsPerSecond, "clients1");
    list.push_back({"8 clients together, calls/s", 0.7 * oneClient, all.ours(&Measurement::callsPerSecond, "clients8"),
                    oneClient, true});
    const double fastest = all.ours(&Measurement::fastest, "clients8");
    list.push_back(
        {"slowest of 8 clients, calls/s", 0.3 * fastest, all.ours(&Measurement::slowest, "clients8"), fastest, true});
    const double oneObject = all.p50(decoyPeer, "objects1");
    atMost("10,000 live objects, p50, µs", oneObject, 1.1 * oneObject, all.p50(decoyPeer, "objects10000"));
    const double untapped = all.p50(decoyPeer, "tapoff");
    atMost("tap on, p50, µs", untapped, untapped + 0.2, all.p50(decoyPeer, "tapon"));
    const double invoked = all.p50(qtPeer, "qobject") + intCall;
    atMost("QObject in its own thread, p50, µs", invoked, 1.2 * invoked, all.p50(decoyPeer, "qobject"));
    atMost("idle, CPU s", notMeasured, 0.0005, all.of(&IdleMeasurement::cpuSeconds, decoyPeer.label, "idle"));
    atMost("idle, 100 clients, CPU s", notMeasured, 0.0005,
           all.of(&IdleMeasurement::cpuSeconds, decoyPeer.label + " 100 clients", "idle100"));

    std::erase_if(list, [](const Requirement &one) { return std::isnan(one.bound) || std::isnan(one.measured); });
    return list;
}

} // namespace decoy::bench
