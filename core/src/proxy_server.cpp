// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/proxy_server.h>

#include "dispatcher.h"
#include "hold_hub.h"
#include "lane/duck/mailboxes.h"
#include "lane/lane_server.h"
#include "lane/rendezvous.h"
#include "memory/mailbox_names.h"
#include "object/class_registry.h"
#include "wire/result.h"

#include <mutex>
#include <sched.h>
#include <unistd.h>
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
    if (options.mailboxLease < options.mailboxLease.zero() || options.mailboxLease > std::chrono::hours(24 * 365))
        throw ArgumentError("mailboxLease must be between 0 and a year");
    return options;
}

ServerOptions optionsFor(std::uint32_t bufsize)
{
    ServerOptions options;
    options.limits.bufsize = bufsize;
    return options;
}

/// For calls that run in the user's own loop: nobody else is there to take over from them, or to say that they are pending.
class UnwatchedCalls final : public CallWatch {
public:
    void callBegins(const IncomingCall &) noexcept override {}
    void callEnds() noexcept override {}
    void callDeferred(const IncomingCall &, std::weak_ptr<void>) override {}
};

} // namespace

class ProxyServer::Private {
public:
    Private(std::string name_, ServerOptions options_)
        : name(std::move(name_)), options(std::move(options_)),
          served(std::make_shared<const ServedObjects>(options.limits, options.maxChainLevel, options.maxThreads)),
          mailboxes(std::make_shared<lane::duck::Mailboxes>(served, options.mailboxLease))
    {}

    /// The lane while it serves; null otherwise. Claiming the name may fail, so the caller learns of it here.
    std::shared_ptr<lane::LaneServer> beginServing(bool here)
    {
        const std::lock_guard lock(mutex);
        if (lanes)
            throw AlreadyRunning("the server \"" + name + "\" runs already");
        lanes = std::make_shared<lane::LaneServer>(lane::Rendezvous::claim(name), served, mailboxes, options);
        servesHere.store(here);
        current.store(lanes.get(), std::memory_order_release);
        return lanes;
    }
    std::shared_ptr<lane::LaneServer> endServing()
    {
        const std::lock_guard lock(mutex);
        current.store(nullptr);
        while (stoppers.load() != 0)
            sched_yield(); // another thread, perhaps in a signal handler, is just using it
        return std::exchange(lanes, nullptr);
    }
    /// Asks whoever serves to stop, without locks. False if nobody serves, or who serves ends by himself.
    bool requestStop() noexcept
    {
        isStopWanted.store(true);
        stoppers.fetch_add(1);
        lane::LaneServer *const serving_ = current.load();
        if (serving_)
            serving_->requestStop();
        const bool mustWait = serving_ && !servesHere && !serving_->isServedByThisThread();
        stoppers.fetch_sub(1);
        return mustWait;
    }
    [[nodiscard]] std::shared_ptr<lane::LaneServer> serving() const
    {
        const std::lock_guard lock(mutex);
        return lanes;
    }

    Proxy openMailbox(std::shared_ptr<object::Entry> root, DuckMailbox options_)
    {
        const std::uint64_t id = root->id;
        const auto channel = mailboxes->open(std::move(root), std::move(options_));
        if (const auto server = serving())
            server->mailboxAdded();
        const auto &segment = channel->segment();
        try {
            return openProxy({id, segment.name(), static_cast<std::uint32_t>(segment.bytes().size()),
                              options.maxChainLevel, getpid()});
        } catch (...) {
            closeMailbox(segment.name());
            throw;
        }
    }
    bool closeMailbox(std::string_view segment)
    {
        const auto channel = mailboxes->remove(segment);
        if (!channel)
            return false;
        channel->close({ErrorKind::ProxyObjectNotFound, {}, "this mailbox was closed", {}});
        if (!mailboxes->hasRoot(*channel->root()))
            served->table->withdraw(channel->root());
        return true;
    }
    /// Everybody who uses objects right now, on whatever lane.
    [[nodiscard]] std::vector<std::shared_ptr<object::Caller>> callers() const
    {
        std::vector<std::shared_ptr<object::Caller>> callers;
        if (const auto server = serving()) {
            for (const auto &channel : server->channels())
                callers.emplace_back(channel, &channel->caller());
        }
        for (const auto &channel : mailboxes->all())
            callers.emplace_back(channel, &channel->caller());
        return callers;
    }

    const std::string name;
    const ServerOptions options;
    const std::shared_ptr<const ServedObjects> served;
    const std::shared_ptr<lane::duck::Mailboxes> mailboxes;
    std::atomic<lane::LaneServer *> current{nullptr}; // for a signal handler, which may take no lock
    std::atomic<bool> servesHere{false};
    std::atomic<bool> isStopWanted{false}; // since runHere() began
    std::atomic<int> stoppers{0};          // threads that are using `current`

private:
    mutable std::mutex mutex;
    std::shared_ptr<lane::LaneServer> lanes;
};

ProxyServer::ProxyServer(std::string name, ServerOptions options)
{
    lane::checkServerName(name);
    checked(options);
    d = std::make_unique<Private>(std::move(name), std::move(options));
}

ProxyServer::ProxyServer(std::uint32_t bufsize)
    : ProxyServer("unnamed-" + std::to_string(getpid()) + "-" + memory::randomDigits(), optionsFor(bufsize))
{}

ProxyServer::~ProxyServer() { stop(); }

void ProxyServer::bindClass(std::type_index type, std::shared_ptr<const detail::ClassInfo> info)
{
    d->served->classes->bind(type, std::move(info));
}

bool ProxyServer::isBound(std::type_index type) const { return d->served->classes->isBound(type); }

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

Proxy ProxyServer::openMailbox(std::shared_ptr<Target> target, DuckMailbox mailbox)
{
    if (!target)
        throw ArgumentError("there is no object to make a proxy for");
    return d->openMailbox(d->served->table->retainRoot(std::move(target)), std::move(mailbox));
}

Proxy ProxyServer::createProxyFor(std::uint64_t id, DuckMailbox mailbox)
{
    return d->openMailbox(d->served->table->retain(id), std::move(mailbox));
}

bool ProxyServer::closeMailbox(std::string_view segment) { return d->closeMailbox(segment); }

void ProxyServer::handleFrame(const SharedMemory &memory, const Frame &frame)
{
    if (static_cast<int>(frame.opcode()) >= 0)
        handleRequestFrame(memory, frame);
}

void ProxyServer::handleRequestFrame(const SharedMemory &memory, const Frame &frame)
{
    if (static_cast<int>(frame.opcode()) < 0)
        throw ArgumentError(std::string(opcodeName(static_cast<int>(frame.opcode()))) + " is no request");
    const auto channel = d->mailboxes->find(memory.name());
    if (!channel)
        throw ArgumentError("there is no mailbox in the shared memory \"" + memory.name() + "\"");
    PackBuffer request(memory.size());
    wire::beginFrame(request);
    const std::vector<std::byte> payload = frame.pack();
    request.write(reinterpret_cast<const char *>(payload.data()), payload.size());
    wire::endFrame(request, "the request", memory.size());

    lane::ReceivedRequest received;
    if (!channel->receive(request.bytes(), received))
        return; // its client waits for something else by now
    UnwatchedCalls unwatched;
    Workspace workspace(unwatched);
    const std::shared_ptr<object::Caller> caller(channel, &channel->caller());
    Dispatcher(d->served).handle({caller, received.callId, false, received.frame}, workspace);
    channel->sendHeldRelease(); // nobody comes back for it
}

bool ProxyServer::withdraw(std::string_view name) { return d->served->table->withdraw(name); }

void ProxyServer::run()
{
    const auto lanes = d->beginServing(false);
    try {
        lanes->start();
    } catch (...) {
        d->endServing();
        throw;
    }
}

void ProxyServer::runHere()
{
    d->isStopWanted = false;
    const auto lanes = d->beginServing(true);
    if (d->isStopWanted) // it came before there was anything to stop
        lanes->requestStop();
    try {
        lanes->serveHere();
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
    if (const auto lanes = d->endServing())
        lanes->join();
}

bool ProxyServer::running() const noexcept { return d->current.load(std::memory_order_acquire) != nullptr; }

const std::string &ProxyServer::name() const noexcept { return d->name; }
const ServerOptions &ProxyServer::options() const noexcept { return d->options; }

std::unique_ptr<Tap> ProxyServer::tap(const TapOptions &options)
{
    return trace::TapHub::open(d->served->taps, options);
}

std::unique_ptr<Hold> ProxyServer::hold(HoldOptions options)
{
    return d->served->holds->open(d->served, std::move(options));
}

std::vector<ObjectInfo> ProxyServer::objects() const
{
    std::vector<ObjectInfo> objects = d->served->table->snapshot();
    std::unordered_map<std::uint64_t, ObjectInfo *> byId;
    for (ObjectInfo &object : objects)
        byId.emplace(object.id, &object);
    for (const auto &caller : d->callers())
        caller->addTo(byId);
    return objects;
}

std::vector<HeldObjects> ProxyServer::heldObjects() const { return d->served->table->heldObjects(); }
std::vector<SubscriptionInfo> ProxyServer::subscriptions() const { return d->served->table->subscriptions(); }

std::vector<ConnectionInfo> ProxyServer::connections() const
{
    std::vector<ConnectionInfo> connections;
    for (const auto &caller : d->callers())
        connections.push_back(caller->info());
    return connections;
}

} // namespace decoy
