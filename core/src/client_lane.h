// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wire/result.h"

#include <decoy/limits.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace decoy::detail {

/// What a client must know about the server at the other end of a lane.
struct ServerFacts {
    std::string name;
    std::int32_t process = 0;
    int maxChainLevel = defaultMaxChainLevel;
    Limits limits;
    wire::Dialect dialect = wire::Dialect::Native;
};

/// The user's code that something from the server has made due: what follows a call, or listens to an event.
class DueWork {
public:
    virtual ~DueWork() = default;
    virtual void run() noexcept = 0;
};

/// The client's end of a lane: moves request frames to a server and brings the results back. Thread-safe.
class ClientLane {
public:
    virtual ~ClientLane() = default;
    [[nodiscard]] virtual const ServerFacts &server() const noexcept = 0;

    /// Sends a request frame and waits for its result, which is copied into `result`, prefix included.
    /// Throws PeerDied, CallTimeout, DataTooBigError.
    virtual void exchange(std::span<const std::byte> request, std::chrono::milliseconds timeout,
                          std::vector<std::byte> &result) = 0;
    /// Sends a request that wants no answer. Does not wait; if the server is gone there is nothing left to do.
    virtual void post(std::span<const std::byte> request) noexcept = 0;

    /// Reads what has come and runs the work that is due, in this thread, and waits for both for at most `timeout`. False if
    /// there was none. Throws PeerDied once the server is gone and nothing is due any more.
    virtual bool process(std::chrono::milliseconds timeout);
    /// Readable when process() has something to do. The lane's own.
    [[nodiscard]] virtual int descriptor();

    [[nodiscard]] virtual bool isAlive() const noexcept = 0;
    virtual void close() noexcept = 0;
};

/// Gives back one reference to `object`.
void postRelease(ClientLane &lane, std::uint64_t object) noexcept;

} // namespace decoy::detail
