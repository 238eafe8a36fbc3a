// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/caller.h"
#include "object/object_table.h"
#include "trace/tap_hub.h"
#include "wire/request.h"

#include <decoy/pack_buffer.h>
#include <decoy/target.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

namespace decoy {

namespace object {
class ClassRegistry;
}
class HoldHub;
class LentObjects;
struct HeldCall;
class ReadyCalls;
struct ReadyCall;

/// What all calls on one server share. Outlives the server while deferred answers are still open.
struct ServedObjects {
    /// `maxThreads` as in ServerOptions.
    ServedObjects(const Limits &limits_, int maxChainLevel_, int maxThreads);

    const Limits limits;
    const int maxChainLevel;
    const std::shared_ptr<object::ObjectTable> table;
    const std::shared_ptr<object::ClassRegistry> classes;
    const std::shared_ptr<trace::TapHub> taps;
    const std::shared_ptr<HoldHub> holds;
    const std::shared_ptr<ReadyCalls> ready;
    const std::shared_ptr<object::WaitingThreads> waitingThreads;
    /// The server's own root object, id 0, where every client of the native lane begins.
    const std::shared_ptr<object::Entry> directory;

    /// A number for a new client, of any lane.
    [[nodiscard]] std::uint32_t takeConnectionNumber() const noexcept
    {
        return m_nextConnection.fetch_add(1, std::memory_order_relaxed);
    }

private:
    mutable std::atomic<std::uint32_t> m_nextConnection{1};
};

/// One request that a lane has received, copied out of shared memory.
struct IncomingCall {
    IncomingCall(const std::shared_ptr<object::Caller> &caller_, std::uint64_t callId_, bool oneWay_,
                 std::span<const std::byte> frame_, trace::CallTrace trace_ = {}) noexcept
        : caller(caller_), callId(callId_), oneWay(oneWay_), frame(frame_), trace(trace_)
    {}

    const std::shared_ptr<object::Caller> &caller; ///< outlives this
    std::uint64_t callId;
    bool oneWay;                                      ///< no answer is wanted
    std::span<const std::byte> frame;                 ///< prefix and payload; valid until handle() returns
    trace::CallTrace trace;                           ///< the dispatcher's: what the taps made of it
    bool isReferable = false;                         ///< later requests may be made on its result
    bool isOnResult = false;                          ///< it is made on the result of a Referable one
    bool lends = false;                               ///< some of its arguments stay at the client
    std::uint64_t within = 0;                         ///< the client makes it within this call to it; 0: within none
    std::shared_ptr<detail::ClientLane> reverse = {}; ///< the lane for calls to what it lends; null if there is none
    std::shared_ptr<const LentObjects> lent = {};     ///< the dispatcher's: the stand-ins for that; null: for nothing
};

/// A call that is under way, without its frame.
struct OpenCall {
    std::shared_ptr<object::Caller> caller;
    std::uint64_t callId = 0;
    trace::CallTrace trace = {};
};

/// Sees calls begin and end, so that a client whose call takes long can be told, and others need not wait behind it.
class CallWatch {
public:
    virtual ~CallWatch() = default;
    /// `call` outlives its callEnds().
    virtual void callBegins(const IncomingCall &call) noexcept = 0;
    virtual void callEnds() noexcept = 0;
    /// The target answers later; `stillOpen` expires when it has.
    virtual void callDeferred(const IncomingCall &call, std::weak_ptr<void> stillOpen) = 0;
};

/// What one server thread reuses from call to call.
struct Workspace {
    explicit Workspace(CallWatch &watch_) : watch(watch_) {}
    CallWatch &watch;
    wire::ObjectArena arena;
    PackBuffer result;
};

/// The only code that touches targets: takes a request frame and sees to it that exactly one result frame goes to its
/// caller, now or later. Every lane uses the same one. Thread-safe.
class Dispatcher {
public:
    explicit Dispatcher(std::shared_ptr<const ServedObjects> served) : m_served(std::move(served)) {}

    /// Goes on with a request that has waited at a Hold; as handle() otherwise.
    void resume(const HeldCall &call, Workspace &workspace) const;

    /// Goes on with a request that has waited for the result of another one.
    void resume(ReadyCall call, Workspace &workspace) const;

    /// Answers one request; never throws for anything that a client or a target does. Runs the target in this thread,
    /// unless another thread is working on the same serialised object: then that one will.
    void handle(IncomingCall &&call, Workspace &workspace) const;

    /// Tells the caller that its request is being worked on.
    void sendPending(const OpenCall &call) const;

private:
    [[nodiscard]] bool takeLent(IncomingCall &call, Workspace &workspace) const;
    void failUnread(IncomingCall &call, Workspace &workspace) const;
    void handleDependent(IncomingCall &call, bool tooMany, Workspace &workspace) const;
    void dispatch(IncomingCall &call, const wire::RequestView &request,
                  std::shared_ptr<object::HeldReference> reference, Workspace &workspace) const;
    [[nodiscard]] bool observe(IncomingCall &call, const wire::RequestView &request,
                               const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const;
    void serve(const IncomingCall &call, const wire::RequestView &request,
               const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const;
    void cancel(const IncomingCall &call, const wire::RequestView &request, Workspace &workspace) const;
    [[nodiscard]] bool takeBack(const std::shared_ptr<object::Caller> &caller, std::uint64_t callId,
                                Workspace &workspace) const;
    template <class Work>
    void answerFailures(IncomingCall &call, Workspace &workspace, Work work) const;
    void runInOrder(const IncomingCall &call, const wire::RequestView &request,
                    const std::shared_ptr<object::HeldReference> &reference, Workspace &workspace) const;
    void leaveStrand(object::Strand &strand, Workspace &workspace) const;
    void runQueued(const object::QueuedCall &queued, Workspace &workspace) const;
    void run(const IncomingCall &call, const wire::RequestView &request,
             const std::shared_ptr<object::HeldReference> &reference, const object::AwaitedCalls::Inside *inside,
             Workspace &workspace) const;
    void fail(const IncomingCall &call, std::uint64_t object, const Failure &failure, Workspace &workspace) const;

    std::shared_ptr<const ServedObjects> m_served;
};

} // namespace decoy
