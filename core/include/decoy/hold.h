// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/error.h>
#include <decoy/frame.h>
#include <decoy/tap.h>
#include <decoy/value.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace decoy {

/// Which requests wait, and for how long.
struct HoldOptions {
    /// Says of a request whether it waits. `bytes` is the whole frame, prefix first. Called on server threads for every request: must be
    /// quick, and thread-safe. Empty: all of them wait. What it throws counts as no.
    std::function<bool(const FrameEvent &request, std::span<const std::byte> bytes)> matches;

    /// How long one request waits at most; then it is forwarded as it is, so that no client hangs because somebody went for lunch.
    /// Raise it together with the clients' deadlines.
    std::chrono::milliseconds timeout = std::chrono::seconds(30);

    /// Called on a server thread, or on the one that releases, whenever held() has changed. Must be quick and not call the Hold.
    std::function<void()> changed;
};

/// A request that waits before its object; a copy.
struct HeldRequest {
    std::uint64_t id = 0;         ///< for the methods of Hold
    FrameEvent event;             ///< the request's; event.time is when it began to wait
    std::vector<std::byte> bytes; ///< the whole frame, prefix first
    std::int64_t forwardedAt = 0; ///< when it goes on by itself; CLOCK_MONOTONIC, ns
};

/// Breakpoints on a server's requests: those that match wait before the dispatcher, until they are forwarded, edited, answered in the
/// object's place, or dropped. Made by ProxyServer::hold().
///
/// Nothing else waits: other clients, other objects and requests that do not match go on. Releases of references are never held. A
/// request of a client that holds too much memory already is forwarded at once (see Limits). Its client sees RESPONSE_PENDING.
/// Whatever waits is forwarded when its time is over and when the Hold is destroyed; when its client or the server goes, it goes too.
/// Thread-safe. Each method that takes an id returns false if that request waits no longer.
class Hold {
public:
    virtual ~Hold() = default;

    /// What waits, the oldest first.
    [[nodiscard]] virtual std::vector<HeldRequest> held() const = 0;

    /// Lets it go on as it is; it runs on a server thread.
    virtual bool forward(std::uint64_t id) = 0;
    /// The same with other contents: `request` takes its place. Throws DataTooBigError, DataEncodeError, ArgumentError if it is no request.
    virtual bool forward(std::uint64_t id, const Frame &request) = 0;
    /// Lets all go on. Returns how many there were.
    virtual std::size_t forwardAll() = 0;
    /// Lets it go on after so much more time.
    virtual bool delay(std::uint64_t id, std::chrono::milliseconds time) = 0;
    /// Answers in the object's place, which never sees it. What cannot be sent fails the call: with DataTooBigError its client sees
    /// why. Throws DataEncodeError for a value that no client of that lane could read; the call has failed with it then.
    virtual bool answer(std::uint64_t id, const Value &value) = 0;
    virtual bool fail(std::uint64_t id, const Failure &failure) = 0;
    /// Never answers it: its client waits until its deadline.
    virtual bool drop(std::uint64_t id) = 0;
};

} // namespace decoy
