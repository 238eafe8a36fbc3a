// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/handshake.h"
#include "lane/socket.h"
#include "memory/ring.h"

#include <decoy/frame.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace decoy::test {

/// A frame with its prefix.
[[nodiscard]] std::vector<std::byte> frameBytes(const Frame &frame);
/// `payload` with a prefix that says its length.
[[nodiscard]] std::vector<std::byte> withPrefix(std::span<const std::byte> payload);

/// A client that speaks the handshake and the ring by hand, so that it can break every rule.
class RawClient {
public:
    /// Connects and takes the greeting; answers nothing yet.
    explicit RawClient(std::string_view server);
    /// The same on a socket that is connected already: a reverse channel, which is rung over the socket.
    explicit RawClient(FileDescriptor connected);
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    /// Answers the greeting as a good client does.
    void answer();
    /// Answers with anything.
    bool answerWith(std::span<const std::byte> hello, std::span<const int> descriptors) const;

    /// One request; false if the ring has no room.
    bool send(std::uint64_t callId, std::span<const std::byte> frame, std::uint32_t flags = 0);
    /// The EXECUTE of a method.
    bool call(std::uint64_t callId, std::uint64_t object, std::string_view method,
              const std::vector<Value> &arguments = {}, std::uint32_t flags = 0);
    void ring() const;

    struct Answer {
        std::uint64_t callId = 0;
        std::vector<std::byte> frame;
        [[nodiscard]] int opcode() const;
        /// The error's kind, or the kind of the frame's own defect.
        [[nodiscard]] std::optional<Failure> failure() const;
        /// The frame's payload as a value.
        [[nodiscard]] Frame parsed() const;
    };
    /// The next frame. Nothing if the server hung up.
    [[nodiscard]] std::optional<Answer> receive();
    /// The next one that is no RESPONSE_PENDING.
    [[nodiscard]] std::optional<Answer> receiveResult();
    /// Waits until the server hangs up.
    [[nodiscard]] bool isHungUpOn() const;

    lane::ServerHello hello;
    lane::Message greeting;
    FileDescriptor socket;
    FileDescriptor doorbell;
    memory::Region own;
    memory::Region peer;
    std::optional<memory::RingWriter> writer;
    std::optional<memory::RingReader> reader;
};

} // namespace decoy::test
