// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

/// The messages on a channel's socket, in the machine's own byte order: both ends are on one machine. Three are exchanged
/// before any frame (docs/wire-format.md draws them):
///   1. server -> client: ServerHello, with the server's region and the request doorbell
///   2. client -> server: ClientHello, with the client's region
///   3. from here on frames travel in the regions; the socket carries Notices and reports the death of either end.
/// On a reverse channel the parts are changed: the process of the client is the server.
namespace decoy::lane {

inline constexpr std::uint32_t helloMagic = 0x59434544; // "DECY"
inline constexpr std::uint16_t protocolVersion = 2;

/// Bits of what a peer can do beyond its version.
enum Feature : std::uint32_t {
    TakesLent = 1, ///< the server calls objects that its clients lend, over a reverse channel
};

enum class HelloStatus : std::uint16_t { Welcome = 0, Denied = 1, Full = 2 };

struct ServerHello {
    std::uint32_t magic = helloMagic;
    std::uint16_t version = protocolVersion;
    HelloStatus status = HelloStatus::Welcome;
    std::uint32_t features = 0; ///< of Feature
    std::uint32_t connection = 0;
    std::int32_t process = 0;
    std::uint32_t ringSize = 0; ///< of both regions
    std::uint32_t maxChainLevel = 0;
    Limits limits;
};

struct ClientHello {
    std::uint32_t magic = helloMagic;
    std::uint16_t version = protocolVersion;
    std::uint16_t reserved = 0;
    std::uint32_t features = 0;
};

/// After the greeting.
struct Notice {
    enum class Kind : std::uint32_t {
        Doorbell = 1, ///< look at the ring: to the client, and on a reverse channel, which has no eventfd, to both
        Annex = 2,    ///< memory for large frames comes with this, see annexes.h
        Reverse = 3,  ///< client -> server: the other end of a socket on which the client greets as a server does
    };
    Kind kind = Kind::Doorbell;
    std::uint32_t annex = 0; ///< Annex: its number
    std::uint64_t reserved = 0;
};

/// A message as the struct that it must be; false if its size is another one.
template <class T>
[[nodiscard]] bool readMessage(std::span<const std::byte> bytes, T &value) noexcept
{
    static_assert(std::is_trivially_copyable_v<T>);
    if (bytes.size() != sizeof value)
        return false;
    std::memcpy(&value, bytes.data(), sizeof value);
    return true;
}

} // namespace decoy::lane
