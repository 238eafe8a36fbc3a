// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace decoy {

/// Bounds on everything a peer may make this process read, build or remember.
///
/// Each field names the attack it stops. A frame that breaks one is answered with an error (or costs the peer its
/// connection where it cannot be answered); it never reaches a target. All fields are checked before anything is allocated
/// for the data that they bound.
struct Limits {
    /// Bytes of one frame, the 4-byte prefix included: the reference's `bufsize`. Stops a peer from making the other side
    /// copy or build huge messages. Raise it when you pass large values; both ends must hold this much per call in flight.
    std::uint32_t bufsize = 64 * 1024;

    /// Levels of arrays and maps within one another. Stops a few kilobytes of `91 91 91 ...` from exhausting the stack.
    std::uint32_t nesting = 64;

    /// Values in one frame, containers and their members together. Stops a small frame from becoming a large tree
    /// (one byte of msgpack becomes a 24-byte object).
    std::uint32_t elements = 1024 * 1024;

    /// Bytes of an attribute, method or keyword name. Stops error messages and logs from being flooded.
    std::uint32_t nameLength = 255;

    /// Object references that one client may hold. Stops a client from filling the object table.
    std::uint32_t referencesPerClient = 1024 * 1024;

    /// Requests of one client that wait or run at the same time. Stops one client from queueing without end.
    std::uint32_t callsInFlight = 4096;

    /// Subscriptions to events that one client may hold. Stops a client from making each event cost thousands of copies.
    std::uint32_t subscriptionsPerClient = 1024;

    /// Calls back into one client that threads of this process wait for at the same time, beside or within one another: each keeps a
    /// server thread. Stops a client that never answers, or calls again from each callback, from keeping them all. All clients together leave two.
    std::uint32_t callsBack = 8;
};

/// Items of a container that travel in one answer, unless whoever iterates asks for another number.
inline constexpr std::uint32_t itemsPerBatch = 256;

/// The most that may be asked for. Stops one call from keeping a server's thread for a whole container.
inline constexpr std::uint32_t mostItemsPerBatch = 4096;

/// Proxies that may stand between a root proxy and the last one of a chain, unless a server says otherwise.
/// Source: the reference's maximum chain level.
inline constexpr int defaultMaxChainLevel = 7;

} // namespace decoy
