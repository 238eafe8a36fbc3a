// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace decoy {

/// The way a frame travelled.
enum class Lane : std::uint8_t { Native = 0, Duck = 1, Network = 2 };

/// What a frame is part of, and so which numbers FrameEvent::callId is one of: each kind is counted for itself.
enum class Conversation : std::uint8_t {
    Call = 0,         ///< a request with its PENDING and result; the client counts them
    Subscription = 1, ///< EVENTs, and at last the record with which the server ends it; the client counts them
    Callback = 2,     ///< a call to what the client has lent: the server asks and counts, and the client answers
};

/// One frame that a server saw, without its bytes. A fixed record: it is copied as it is into rings and captures.
struct FrameEvent {
    enum Flag : std::uint8_t {
        FromServer = 1,   ///< it travels to the client: an answer to a call, an EVENT, or the request of a callback
        Failed = 2,       ///< a result with an error
        OneWay = 4,       ///< a request that wants no answer (a release)
        Snapped = 8,      ///< `captured` is less than the payload: the snap length cut it
        ProxyResult = 16, ///< a result that handed out an object
        Held = 32,        ///< a request that waits at a Hold before it reaches its object
        Edited = 64,      ///< a request as it goes on from a Hold, not as its client sent it
        Lost = 128        ///< an EVENT that found no room in its subscriber's ring, or in any frame: it was not sent
    };

    std::int64_t time = 0; ///< CLOCK_MONOTONIC, ns
    std::uint64_t sequence =
        0; ///< position in this tap's stream, dropped events counted: gaps show where events were lost
    std::uint64_t callId =
        0; ///< unique within the connection and `conversation`; request, PENDING and result share it,
           ///< and so do all EVENTs of a subscription
    std::uint64_t object =
        0; ///< the object that was asked, or that tells of an event; of a callback: its number at the client, which is none of the server's
    std::int64_t latency = 0;     ///< results: ns since the server took, or made, the request; requests: 0
    std::uint32_t connection = 0; ///< the server's number for the client's channel
    std::int32_t process = 0;     ///< the client's process id
    std::uint32_t size = 0;       ///< bytes of the frame, prefix included
    std::uint32_t captured = 0;   ///< bytes kept, prefix included
    std::int8_t opcode = 0;       ///< ProxyOpCode, or whatever a bad client sent
    Lane lane = Lane::Native;
    std::uint8_t chainLevel = 0; ///< of the object that was asked
    std::uint8_t flags = 0;
    Conversation conversation = Conversation::Call;

    [[nodiscard]] bool isFromServer() const noexcept { return flags & FromServer; }
    [[nodiscard]] bool isFailed() const noexcept { return flags & Failed; }
    [[nodiscard]] bool isLost() const noexcept { return flags & Lost; }
    /// Whether it is a frame of a call; otherwise `callId` is no call's.
    [[nodiscard]] bool isOfCall() const noexcept { return conversation == Conversation::Call; }
    /// Whether it is a frame of a call that the server makes to the client, over the reverse channel.
    [[nodiscard]] bool isOfCallback() const noexcept { return conversation == Conversation::Callback; }
    /// A PENDING or a result, from whoever was asked; otherwise a request, or an EVENT or the end of a subscription.
    [[nodiscard]] bool isAnswer() const noexcept
    {
        return isOfCallback() ? !isFromServer() : isOfCall() && isFromServer();
    }
    /// Whether it asks for something, in either direction.
    [[nodiscard]] bool isRequest() const noexcept { return isOfCallback() ? isFromServer() : !isFromServer(); }
};
static_assert(sizeof(FrameEvent) == 64);

struct TapOptions {
    /// Bytes of the ring between the server and the watcher. When the watcher is slower than the traffic for longer than
    /// the ring lasts, calls are dropped and counted; the server never waits.
    std::size_t ringSize = 8 * 1024 * 1024;
    /// Bytes kept of each frame, prefix included. 0 keeps none.
    std::uint32_t snapLength = 256;
};

/// A subscription to a server's frame events, in the same process. Ends when destroyed.
///
/// The server's threads write, one thread reads. Events of one call come in order; drops are counted exactly:
/// emitted() == received + dropped() once everything was drained.
///
/// A watcher that falls behind sees fewer calls, but whole ones: from when its ring is nearly full until half of it is empty
/// again, new calls are dropped with all their frames, while those that have begun are seen to their end. (If very many end
/// meanwhile, their results may find no room.) Dropping costs the server next to nothing.
///
/// Callbacks are seen as the server makes them: a request before its client can know of it, an answer when the server reads it. What a
/// client answers without having been asked, or says more than once, is seen by the rule for EVENTs, which follows.
///
/// EVENTs are seen when they stand in the subscriber's ring, and before it can know of them. They come without a request, and may come
/// in any number, so they take half of the ring at most: from then until a quarter is left of what is in it they are dropped, and calls go on being seen.
class Tap {
public:
    /// One event and the bytes kept of its frame, prefix first; valid only during the visit.
    using Visitor = std::function<void(const FrameEvent &, std::span<const std::byte>)>;

    virtual ~Tap() = default;

    /// Visits what has arrived, at most `most` events; returns how many. Never waits.
    virtual std::size_t drain(const Visitor &visitor, std::size_t most = SIZE_MAX) = 0;

    /// Sleeps until there is something to drain, or wake() is called, or the time is over. Costs no CPU meanwhile.
    /// True if there is something.
    virtual bool waitFor(std::chrono::nanoseconds time) = 0;
    /// Ends a waitFor() in another thread.
    virtual void wake() = 0;

    /// Events since the tap was opened, the dropped ones included.
    [[nodiscard]] virtual std::uint64_t emitted() const noexcept = 0;
    /// Events lost because the ring was full.
    [[nodiscard]] virtual std::uint64_t dropped() const noexcept = 0;
};

} // namespace decoy
