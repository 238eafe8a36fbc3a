// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/handshake.h"
#include "lane/rendezvous.h"
#include "lane/socket.h"
#include "memory/ring.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace decoy::test {

/// A server of one client that speaks the handshake and the ring by hand, so that it can break every rule.
class RawServer {
public:
    explicit RawServer(std::string_view name);

    /// Takes one client; connect in another thread meanwhile.
    void greet(std::uint32_t features = 0);
    /// Waits for the other end of a reverse channel, on which the client greets.
    [[nodiscard]] FileDescriptor receiveReverse();
    /// Waits for the next request that wants an answer, and returns its call id.
    [[nodiscard]] std::uint64_t receiveCall();
    /// Answers with None.
    void answer(std::uint64_t callId);
    void send(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame);

private:
    lane::Rendezvous m_rendezvous;
    FileDescriptor m_socket;
    FileDescriptor m_doorbell;
    memory::Region m_own;
    memory::Region m_peer;
    std::optional<memory::RingWriter> m_writer;
    std::optional<memory::RingReader> m_reader;
};

} // namespace decoy::test
