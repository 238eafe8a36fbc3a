// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wire/result.h"

#include <decoy/async_state.h>
#include <decoy/limits.h>
#include <decoy/proxy.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <typeindex>
#include <vector>

namespace decoy {
class Target;
}

namespace decoy::detail {

/// What a client must know about the server at the other end of a lane.
struct ServerFacts {
    std::string name;
    std::int32_t process = 0;
    int maxChainLevel = defaultMaxChainLevel;
    Limits limits;
    wire::Dialect dialect = wire::Dialect::Native;
    bool takesLent = false; ///< it calls what requests lend to it
};

class Lending;
struct ClassInfo;

/// A packed request frame.
struct OutgoingRequest {
    std::span<const std::byte> frame;
    Lending *lending = nullptr; ///< what it gives the server; told when the server has it
};

/// A call whose answer somebody comes back for. The lane, under its own lock, is the only one that makes it ready.
class AsyncCall : public AsyncState {
public:
    /// The result frame, prefix included; a large one may be moved out. Quick, and nothing of the user's.
    virtual void answered(std::vector<std::byte> &frame) = 0;
    virtual void failed(ErrorKind kind, const std::string &reason) = 0;
    void becomeReady() noexcept { m_isReady.store(true, std::memory_order_release); }

    // The lane's.
    std::uint64_t id = 0;
    TimePoint expiry = TimePoint::max(); ///< when nobody waits any longer
    std::shared_ptr<DueWork> next;
    std::weak_ptr<DueWork> due; ///< the same, once it is due
};

/// How an asynchronous call is sent.
struct StartOptions {
    std::chrono::milliseconds timeout{};
    AsyncSending sending{};
    /// The request is made on the result of this call, whose id stands in the place of the object's.
    const AsyncCall *onResultOf = nullptr;
};

/// What takes the events of one subscription. The thread that reads calls it: quick, and nothing of the user's. True if the user's code
/// has become due with it, which run() then does.
class EventReceiver : public DueWork {
public:
    /// A copy of a record's frame, unchecked. The last one is a result that says why the subscription ended.
    virtual bool add(std::span<const std::byte> frame, bool isLast) noexcept = 0;
    /// The connection has ended.
    virtual bool end(const Failure &why) noexcept = 0;
};

/// Sees the frames that a lane carries. Both are called under locks of the lane's or by the thread that reads: quick, and nothing of the
/// user's. May be called by several threads at once.
class LaneWitness {
public:
    virtual ~LaneWitness() = default;
    /// A request that stands in the lane, and of which the peer cannot know yet.
    virtual void requestWritten(std::uint64_t callId, bool oneWay, std::span<const std::byte> frame) noexcept = 0;
    /// What has come, unchecked, before whoever waits for it learns of it.
    virtual void answerRead(std::uint64_t callId, std::span<const std::byte> frame) noexcept = 0;
};

/// The client's end of a lane: moves request frames to a server and brings the results back. Thread-safe.
class ClientLane {
public:
    virtual ~ClientLane() = default;
    [[nodiscard]] virtual const ServerFacts &server() const noexcept = 0;

    /// Lends memory in which a large request is built where it has to go; null if requests are copied. Lives as long as this.
    [[nodiscard]] virtual PackLender *lender() noexcept { return nullptr; }
    /// Sends a request frame and waits for its result, which is copied into `result`, prefix included.
    /// Throws PeerDied, CallTimeout, DataTooBigError.
    virtual void exchange(const OutgoingRequest &request, std::chrono::milliseconds timeout,
                          std::vector<std::byte> &result) = 0;
    /// Sends a request that wants no answer. Does not wait; if the server is gone there is nothing left to do.
    virtual void post(std::span<const std::byte> request) noexcept = 0;

    /// Sends a request and comes back; waits only where too many calls are under way. False if it was to be made on the result of a
    /// call that has arrived already: it has to be made on that. Throws PeerDied, CallTimeout, DataTooBigError.
    virtual bool start(const std::shared_ptr<AsyncCall> &call, const OutgoingRequest &request,
                       const StartOptions &options);
    /// Sends what has not been published.
    virtual void publish() noexcept {}
    /// Waits until a started call is ready; then what follows it is not due in process() any more: whoever waits here runs it. False
    /// if the time is over.
    virtual bool await(AsyncCall &call, TimePoint deadline);
    virtual void follow(AsyncCall &call, std::shared_ptr<DueWork> next);
    /// Nobody wants the answer any more; nothing follows it.
    virtual void abandon(AsyncCall &call) noexcept;

    /// Reads what has come and runs the work that is due, in this thread, and waits for both for at most `timeout`. False if
    /// there was none. Throws PeerDied once the server is gone and nothing is due any more.
    virtual bool process(std::chrono::milliseconds timeout);
    /// Readable when process() has something to do. The lane's own.
    [[nodiscard]] virtual int descriptor();

    /// Brings it what comes for the subscription of this number, which is new, until stopListening() or the end of the connection.
    /// Throws PeerDied.
    [[nodiscard]] virtual std::uint64_t listen(std::shared_ptr<EventReceiver> receiver);
    virtual void stopListening(std::uint64_t /*subscription*/) noexcept {}
    /// Has this run by process().
    virtual void schedule(std::shared_ptr<DueWork> work);

    /// Gives the server one reference to an object of this process and returns the object's number; the request that says so must go over this
    /// lane. Throws DataEncodeError where no server can take any, PeerDied, ProxyError for what the system refuses.
    [[nodiscard]] virtual std::uint64_t lend(std::shared_ptr<Target> target);
    /// That request was not sent.
    virtual void takeBack(std::uint64_t /*object*/) noexcept {}
    /// For objects that are lent, as at a server. Throw as lend(), and ProxyError for a class that was not bound.
    virtual void bindClass(std::type_index type, std::shared_ptr<const ClassInfo> info);
    [[nodiscard]] virtual std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object);

    [[nodiscard]] virtual bool isAlive() const noexcept = 0;
    virtual void close() noexcept = 0;
};

/// Gives back one reference to `object`.
void postRelease(ClientLane &lane, std::uint64_t object) noexcept;
/// Nobody wants this result frame any more: what it hands out must not stay at the server for ever.
void discardResult(ClientLane &lane, std::span<const std::byte> frame) noexcept;

} // namespace decoy::detail
