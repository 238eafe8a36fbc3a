// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <vector>

namespace decoy::demo {

namespace {

struct Reading {
    Proxy object;
    std::string objectName;
    std::string member;
    bool isMethod;

    [[nodiscard]] std::string take() const
    {
        const Value value = isMethod ? object.callWith(member, {}) : object.get(member);
        return objectName + "." + member + (isMethod ? "() = " : " = ") + value.toString();
    }
};

/// Whatever the server has to read: every attribute, and the size of what has one.
std::vector<Reading> readingsOf(const Connection &server)
{
    std::vector<Reading> readings;
    for (const PublishedObject &published : server.objects()) {
        const Proxy object = server[published.name];
        const Description description = object.describe();
        for (const AttributeDescription &attribute : description.attributes)
            readings.push_back({object, published.name, attribute.name, false});
        if (description.method("__len__"))
            readings.push_back({object, published.name, "__len__", true});
    }
    return readings;
}

void play(ScenarioRun &run)
{
    const std::vector<Reading> readings = readingsOf(run.server());
    if (readings.empty())
        throw ProxyError("the server " + run.server().serverName() + " has nothing to read");
    while (run.nextRound())
        run.log(readings[(run.round() - 1) % readings.size()].take());
}

} // namespace

constinit const Scenario reader{"reader", "Reads every attribute of every object in turn.", 10, play};

} // namespace decoy::demo
