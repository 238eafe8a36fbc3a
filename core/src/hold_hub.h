// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/tap_hub.h"

#include <decoy/hold.h>
#include <decoy/shared_memory.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

namespace decoy {

struct IncomingCall;
class LentObjects;
struct ServedObjects;

namespace object {
class Caller;
struct HeldReference;
} // namespace object

/// A request that was taken out of its lane and waits, or is about to go on.
struct HeldCall {
    std::shared_ptr<object::Caller> caller;
    std::shared_ptr<object::HeldReference> reference; ///< the object stays, whatever its client releases meanwhile
    std::uint64_t callId = 0;
    bool oneWay = false;
    bool isEdited = false; ///< the frame is not what the client has sent
    std::vector<std::byte> frame;
    FrameEvent event;
    trace::CallTrace trace;
    std::int64_t forwardedAt = 0;
    std::size_t countedBytes = 0; ///< of the frame as it came
    std::uint64_t within = 0;     ///< as IncomingCall has them
    std::shared_ptr<const LentObjects> lent;
    std::shared_ptr<void> open; ///< while it waits: whoever says that it is pending holds it too

    /// It waits no longer: from here on nobody says that it is pending.
    void close() noexcept;
};

/// The requests of one server that wait at a Hold. Nobody holding costs one relaxed load a request.
///
/// What is to go on is run by a server thread: the timer wakes one. Thread-safe.
class HoldHub : public std::enable_shared_from_this<HoldHub> {
public:
    HoldHub();

    /// One Hold at a time: throws AlreadyRunning if there is one.
    [[nodiscard]] std::unique_ptr<Hold> open(std::shared_ptr<const ServedObjects> served, HoldOptions options);

    [[nodiscard]] bool isActive() const noexcept { return m_active.load(std::memory_order_relaxed); }
    /// Whether a request is to wait.
    [[nodiscard]] bool wants(const IncomingCall &call, const FrameEvent &event) const;
    /// Copies a request, which is not to be worked on now. Null if it cannot wait; otherwise it expires when it goes on.
    [[nodiscard]] std::weak_ptr<void> take(const IncomingCall &call,
                                           const std::shared_ptr<object::HeldReference> &reference,
                                           const FrameEvent &event);

    /// Takes a request that waits out, for its client, which wants it back.
    [[nodiscard]] std::optional<HeldCall> takeBack(const object::Caller &caller, std::uint64_t callId);

    /// Becomes readable when something is to go on.
    [[nodiscard]] const FileDescriptor &timer() const noexcept { return m_timer; }
    /// Takes out the first that is to go on now.
    [[nodiscard]] std::optional<HeldCall> takeDue();
    /// Forgets everything: the server's clients are gone.
    void clear();
    /// Forgets what clients held that are gone.
    void clearGone();

private:
    class Session;
    template <class Predicate>
    void forget(Predicate isForgotten);
    [[nodiscard]] std::vector<HeldRequest> list() const;
    [[nodiscard]] std::optional<HeldCall> remove(std::uint64_t id);
    bool reschedule(std::uint64_t id, std::int64_t time, const Frame *replacement);
    void close();
    std::size_t forwardAll();
    void setTimer() noexcept;
    void announce() const;

    const FileDescriptor m_timer;
    std::atomic<bool> m_active{false};
    mutable std::shared_mutex m_userCode; // shared while it runs, so that none runs after close()
    mutable std::mutex m_mutex;           // everything below
    std::shared_ptr<const HoldOptions> m_options;
    std::map<std::uint64_t, HeldCall> m_held; // by id, which is the order in which they came
    std::uint64_t m_nextId = 1;
};

} // namespace decoy
