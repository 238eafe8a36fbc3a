// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wire_bytes.h"

#include "memory/mailbox.h"
#include "trace/clock.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace decoy::test {

using Bytes = std::vector<std::byte>;

/// A frame with its prefix, from the bytes of its payload.
inline Bytes framed(const Bytes &payload)
{
    Bytes frame(4 + payload.size());
    for (std::size_t i = 0; i < 4; ++i)
        frame[i] = static_cast<std::byte>(payload.size() >> 8 * (3 - i));
    std::ranges::copy(payload, frame.begin() + 4);
    return frame;
}
inline Bytes framed(const char *payload) { return framed(bytes(payload)); }

/// EXECUTE of `echo` on object 1 with one string of this length.
inline Bytes echoRequest(std::size_t length, char fill = 'q')
{
    Bytes payload = bytes("92 02 94 01 a4 6563686f 91 da");
    payload.push_back(static_cast<std::byte>(length >> 8));
    payload.push_back(static_cast<std::byte>(length));
    payload.insert(payload.end(), length, static_cast<std::byte>(fill));
    payload.push_back(std::byte{0x80});
    return framed(payload);
}
/// The EXECUTION_RESULT of object 1 with one string of this length.
inline Bytes stringResult(std::size_t length, char fill = 'r')
{
    Bytes payload = bytes("92 ff 93 01 da");
    payload.push_back(static_cast<std::byte>(length >> 8));
    payload.push_back(static_cast<std::byte>(length));
    payload.insert(payload.end(), length, static_cast<std::byte>(fill));
    payload.push_back(std::byte{0xc0});
    return framed(payload);
}

/// Memory as a mailbox has it, filled with zeros as the system gives it, and what a peer does to it that knows no rules but its own.
class PlainMemory {
public:
    explicit PlainMemory(std::size_t size = 256)
        : m_size(size), m_bytes(static_cast<std::byte *>(::operator new(size, std::align_val_t{4096})))
    {
        std::ranges::fill(all(), std::byte{0});
    }
    [[nodiscard]] std::span<std::byte> all() const noexcept { return {m_bytes.get(), m_size}; }
    /// Writes the frame from its first byte on, but gets only so far.
    void write(const Bytes &frame, std::size_t count) const { std::copy_n(frame.begin(), count, m_bytes.get()); }
    void write(const Bytes &frame) const { write(frame, frame.size()); }
    [[nodiscard]] Bytes bytes(std::size_t count) const { return {m_bytes.get(), m_bytes.get() + count}; }
    [[nodiscard]] std::byte &operator[](std::size_t offset) const { return m_bytes.get()[offset]; }

private:
    struct Free {
        void operator()(std::byte *memory) const noexcept { ::operator delete(memory, std::align_val_t{4096}); }
    };
    std::size_t m_size;
    std::unique_ptr<std::byte, Free> m_bytes;
};

constexpr memory::Mailbox::Nanoseconds millisecond = 1'000'000;
constexpr memory::Mailbox::Nanoseconds second = 1000 * millisecond;

/// A moment that the tests move by themselves. So far ahead of the real clock that how long a look takes makes no difference.
struct Time {
    memory::Mailbox::Nanoseconds now = trace::now() + 3600 * second;
    memory::Mailbox::Nanoseconds after(memory::Mailbox::Nanoseconds time) { return now += time; }
};

} // namespace decoy::test
