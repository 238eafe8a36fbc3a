// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/isolated_server.h>

#include "isolation/supervisor.h"
#include "lane/rendezvous.h"

#include <decoy/error.h>

#include <algorithm>

namespace decoy {

namespace {

IsolatedOptions checked(IsolatedOptions options)
{
    using std::chrono::milliseconds;
    const auto isTime = [](milliseconds time) {
        return time >= milliseconds::zero() && time <= std::chrono::hours(24);
    };
    if (options.maxRestarts < 0)
        throw ArgumentError("maxRestarts must not be negative");
    if (!isTime(options.restartWindow) || !isTime(options.firstPause) || !isTime(options.longestPause)
        || !isTime(options.startTimeout) || !isTime(options.stopTimeout))
        throw ArgumentError("the times of an isolated server must be between 0 and 24 hours");
    return options;
}

} // namespace

std::string_view isolatedStateName(IsolatedState state) noexcept
{
    switch (state) {
    case IsolatedState::Stopped: return "Stopped";
    case IsolatedState::Starting: return "Starting";
    case IsolatedState::Serving: return "Serving";
    case IsolatedState::Pausing: return "Pausing";
    case IsolatedState::Stopping: return "Stopping";
    case IsolatedState::GivenUp: return "GivenUp";
    }
    return "Stopped";
}

class IsolatedServer::Private : public isolation::Supervisor {
public:
    using Supervisor::Supervisor;
};

IsolatedServer::IsolatedServer(std::string name, IsolatedOptions options)
{
    lane::checkServerName(name);
    d = std::make_unique<Private>(std::move(name), checked(std::move(options)));
}

IsolatedServer::~IsolatedServer() = default;

void IsolatedServer::start()
{
    if (isIsolatedChild()) // each process would start the next one
        throw ProxyError("this process was started to serve: its main() must call serveIsolated() first");
    d->start();
}

void IsolatedServer::stop() { d->stop(); }

Connection IsolatedServer::connect(std::chrono::milliseconds timeout) const
{
    lane::Deadline deadline(timeout);
    for (std::uint64_t seen = 0;;) {
        seen = d->awaitServing(seen, deadline);
        ConnectOptions options;
        if (const auto end = deadline.time())
            options.timeout = std::max(
                std::chrono::ceil<std::chrono::milliseconds>(*end - lane::Deadline::Clock::now()),
                std::chrono::milliseconds::zero());
        try {
            return decoy::connect(d->name(), options);
        } catch (const PeerDied &) {
        } catch (const ServerNotFound &) {} // it has just ended: there may be a next one
    }
}

IsolatedStatus IsolatedServer::status() const { return d->status(); }
const std::string &IsolatedServer::name() const noexcept { return d->name(); }

} // namespace decoy
