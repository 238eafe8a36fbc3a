// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/proxy_server.h>

#include "dispatcher.h"
#include "lane/native_server.h"
#include "lane/rendezvous.h"
#include "object/class_registry.h"

#include <mutex>
#include <sched.h>
#include <unordered_map>

namespace decoy {

namespace {

const ServerOptions &checked(const ServerOptions &options)
{
    constexpr std::uint32_t smallestBufsize = 64;
    constexpr std::uint32_t largestBufsize = 1u << 30;
    if (options.limits.bufsize < smallestBufsize || options.limits.bufsize > largestBufsize)
        throw ArgumentError("bufsize must be between 64 bytes and 1 GiB, not "
                            + std::to_string(options.limits.bufsize));
    if (options.maxChainLevel < 0 || options.maxChainLevel > 255)
        throw ArgumentError("maxChainLevel must be between 0 and 255, not " + std::to_string(options.maxChainLevel));
    if (options.maxConnections < 1)
        throw ArgumentError("maxConnections must be at least 1");
    return options;
}

} // namespace

class ProxyServer::Private {
public:
    Private(std::string name_, ServerOptions options_)
        : name(std::move(name_)), options(std::move(options_)),
          served(std::make_shared<const ServedObjects>(options.limits, options.maxChainLevel))
    {}

    /// The lane while it serves; null otherwise. Claiming the name may fail, so the caller learns of it here.
    std::shared_ptr<lane::NativeServer> beginServing(bool here)
    {
        const std::lock_guard lock(mutex);
        if (native)
            throw AlreadyRunning("the server \"" + name + "\" runs already");
        native = std::make_shared<lane::NativeServer>(name, served, options);
        servesHere.store(here);
        current.store(native.get(), std::memory_order_release);
        return native;
    }
    std::shared_ptr<lane::NativeServer> endServing()
    {
        const std::lock_guard lock(mutex);
        current.store(nullptr);
        while (stoppers.load() != 0)
            sched_yield(); // another thread, perhaps in a signal handler, is just using it
        return std::exchange(native, nullptr);
    }
    /// Asks whoever serves to stop, without locks. False if nobody serves, or who serves ends by himself.
    bool requestStop() noexcept
    {
        isStopWanted.store(true);
        stoppers.fetch_add(1);
        lane::NativeServer *const serving_ = current.load();
        if (serving_)
            serving_->requestStop();
        const bool mustWait = serving_ && !servesHere && !serving_->isServedByThisThread();
        stoppers.fetch_sub(1);
        return mustWait;
    }
    [[nodiscard]] std::shared_ptr<lane::NativeServer> serving() const
    {
        const std::lock_guard lock(mutex);
        return native;
    }

    const std::string name;
    const ServerOptions options;
    const std::shared_ptr<const ServedObjects> served;
    std::atomic<lane::NativeServer *> current{nullptr}; // for a signal handler, which may take no lock
    std::atomic<bool> servesHere{false};
    std::atomic<bool> isStopWanted{false}; // since runHere() began
    std::atomic<int> stoppers{0};          // threads that are using `current`

private:
    mutable std::mutex mutex;
    std::shared_ptr<lane::NativeServer> native;
};

ProxyServer::ProxyServer(std::string name, ServerOptions options)
{
    lane::checkServerName(name);
    checked(options);
    d = std::make_unique<Private>(std::move(name), std::move(options));
}

ProxyServer::~ProxyServer() { stop(); }

void ProxyServer::bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info)
{
    d->served->classes->bind(type, std::move(info));
}

std::shared_ptr<Target> ProxyServer::wrap(std::type_index type, std::shared_ptr<void> object) const
{
    if (!object)
        throw ArgumentError("there is no object to publish");
    return d->served->classes->wrap(type, std::move(object));
}

std::uint64_t ProxyServer::publishTarget(std::string name, std::shared_ptr<Target> target)
{
    if (name.empty() || name.size() > d->options.limits.nameLength)
        throw ArgumentError("an object's name has 1 to " + std::to_string(d->options.limits.nameLength) + " bytes");
    if (!target)
        throw ArgumentError("there is no object to publish as \"" + name + "\"");
    return d->served->table->publish(std::move(name), std::move(target))->id;
}

bool ProxyServer::withdraw(std::string_view name) { return d->served->table->withdraw(name); }

void ProxyServer::run()
{
    const auto native = d->beginServing(false);
    try {
        native->start();
    } catch (...) {
        d->endServing();
        throw;
    }
}

void ProxyServer::runHere()
{
    d->isStopWanted = false;
    const auto native = d->beginServing(true);
    if (d->isStopWanted) // it came before there was anything to stop
        native->requestStop();
    try {
        native->serveHere();
    } catch (...) {
        d->endServing();
        throw;
    }
    d->endServing();
}

void ProxyServer::stop()
{
    if (!d->requestStop())
        return; // under a signal handler, or in a call of the server, nothing can be waited for
    if (const auto native = d->endServing())
        native->join();
}

bool ProxyServer::running() const noexcept { return d->current.load(std::memory_order_acquire) != nullptr; }

const std::string &ProxyServer::name() const noexcept { return d->name; }
const ServerOptions &ProxyServer::options() const noexcept { return d->options; }

std::unique_ptr<Tap> ProxyServer::tap(const TapOptions &options)
{
    return trace::TapHub::open(d->served->taps, options);
}

std::vector<ObjectInfo> ProxyServer::objects() const
{
    std::vector<ObjectInfo> objects = d->served->table->snapshot();
    const auto native = d->serving();
    if (!native)
        return objects;
    std::unordered_map<std::uint64_t, ObjectInfo *> byId;
    for (ObjectInfo &object : objects)
        byId.emplace(object.id, &object);
    for (const auto &channel : native->channels())
        channel->caller().addTo(byId);
    return objects;
}

std::vector<ConnectionInfo> ProxyServer::connections() const
{
    std::vector<ConnectionInfo> connections;
    if (const auto native = d->serving()) {
        for (const auto &channel : native->channels())
            connections.push_back(channel->caller().info());
    }
    return connections;
}

} // namespace decoy
