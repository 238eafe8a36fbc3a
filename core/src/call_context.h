// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"

#include <decoy/target.h>

#include <optional>

namespace decoy {

/// One call on its way from the dispatcher through a target back to its caller: packs whatever the target answers into a
/// result frame, keeps the books of references and chain levels, and sends it. Lives on the stack of the call, or on the
/// heap once its answer was deferred; only then does it keep alive what it works with.
class CallContext final : public detail::ReplyContext {
public:
    /// On the stack: all three must outlive it.
    CallContext(const std::shared_ptr<const ServedObjects> &served, const IncomingCall &call, std::uint64_t object,
                const std::shared_ptr<object::HeldReference> &reference);
    /// For a request that never reached an object.
    CallContext(const std::shared_ptr<const ServedObjects> &served, const IncomingCall &call, std::uint64_t object);
    ~CallContext() override;
    CallContext(const std::shared_ptr<const ServedObjects> &, IncomingCall &&, std::uint64_t) = delete;
    CallContext(const CallContext &) = delete;
    CallContext &operator=(const CallContext &) = delete;

    void beginValue(PackBuffer &out) override;
    void endValue(PackBuffer &out) override;
    void packObject(PackBuffer &out, std::shared_ptr<Target> target) override;
    void packCallable(PackBuffer &out, std::string_view name) override;
    void packFailure(PackBuffer &out, const Failure &failure) override;
    [[nodiscard]] bool isBound(std::type_index type) const override;
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) override;
    [[nodiscard]] std::shared_ptr<detail::ReplyContext> detach() override;
    void finished(PackBuffer &out) override;
    [[nodiscard]] Proxy lent(const msgpack::object &argument) const override;
    [[nodiscard]] bool isWanted() const noexcept override { return !m_caller->isGone(); }

    /// After detach(): expires when the answer was given or given up.
    [[nodiscard]] std::weak_ptr<void> stillOpen() const noexcept { return m_stillOpen; }

private:
    /// What is kept alive once the answer was deferred.
    struct Kept {
        std::shared_ptr<const ServedObjects> served;
        std::shared_ptr<object::Caller> caller;
        std::shared_ptr<object::HeldReference> reference;
    };
    explicit CallContext(const CallContext *attached);
    void startAnswer();
    void settle() const;
    void resetLevel() noexcept;

    const std::optional<Kept> m_kept; // the three below are in there then
    const std::shared_ptr<const ServedObjects> &m_served;
    const std::shared_ptr<object::Caller> &m_caller;
    const std::shared_ptr<object::HeldReference> &m_reference;
    const LentObjects *m_lent;    // null: nothing, or the call is over
    std::shared_ptr<void> m_open; // a detached call's, until it was answered
    std::weak_ptr<void> m_stillOpen;
    std::shared_ptr<const Failure> m_failure; // for requests on this result
    const std::uint64_t m_callId;
    const std::uint64_t m_object;
    std::uint64_t m_handedOut = 0; // the object that the answer so far hands out
    const trace::CallTrace m_trace;
    const int m_level; // of the object that was asked, when it was asked
    const bool m_oneWay;
    bool m_failed = false;
    bool m_isFinished = false; // what a target answers after that never leaves
};

/// What all events have that are about a frame of this client which has just come or is about to go.
[[nodiscard]] FrameEvent frameEvent(const object::Caller &caller, std::uint64_t callId,
                                    std::span<const std::byte> frame);
/// The same, of a frame that is about an object which this client has at this chain level.
[[nodiscard]] FrameEvent objectEvent(const object::Caller &caller, std::uint64_t callId,
                                     std::span<const std::byte> frame, std::uint64_t object, int level);
/// The result of a call is known: requests that wait for it can go on.
void settleDependents(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller, std::uint64_t callId,
                      const object::PromisedResult &result);

/// The event of a request that was just taken.
[[nodiscard]] FrameEvent requestEvent(const IncomingCall &call, std::uint64_t object, int opcode, int level);
/// Tells the taps of a request, as the first frame of its call.
[[nodiscard]] trace::CallTrace traceRequest(const ServedObjects &served, const IncomingCall &call, std::uint64_t object,
                                            int opcode, int level);
/// Tells the taps of a request that goes on with other contents than its client sent.
void traceEdited(const ServedObjects &served, const IncomingCall &call, const FrameEvent &original,
                 const wire::RequestView &request);

} // namespace decoy
