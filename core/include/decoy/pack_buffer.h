// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/copy_bytes.h>

#include <msgpack.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace decoy {

/// A byte sink for msgpack-c's packer with a hard limit, made to be reused: clear() keeps the memory.
///
/// What does not fit is counted, not stored and not thrown, so that the one who asked can be told both sizes.
/// Not thread-safe.
class PackBuffer {
public:
    /// `limit` is the largest number of bytes kept.
    explicit PackBuffer(std::size_t limit = 64 * 1024) : m_limit(limit) {}

    /// msgpack-c's sink interface: appends `size` bytes.
    void write(const char *data, std::size_t size)
    {
        const std::size_t end = m_size + size;
        if (end <= m_storage.size()) [[likely]]
            detail::copyBytes(m_storage.data() + m_size, data, size);
        else
            grow(data, size, end);
        m_size = end;
    }

    void setLimit(std::size_t limit) { m_limit = limit; }
    [[nodiscard]] std::size_t limit() const noexcept { return m_limit; }

    /// Bytes written so far, those that did not fit included.
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool overflowed() const noexcept { return m_size > m_limit; }

    /// What was written; only meaningful while not overflowed().
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return {reinterpret_cast<const std::byte *>(m_storage.data()), std::min(m_size, m_storage.size())};
    }
    /// The same bytes, to fill in a prefix afterwards.
    [[nodiscard]] std::span<std::byte> writableBytes() noexcept
    {
        return {reinterpret_cast<std::byte *>(m_storage.data()), std::min(m_size, m_storage.size())};
    }

    void clear() noexcept { m_size = 0; }
    /// Forgets everything after the first `size` bytes.
    void truncate(std::size_t size) noexcept { m_size = std::min(m_size, size); }

private:
    void grow(const char *data, std::size_t size, std::size_t end)
    {
        if (end > m_limit)
            return;
        m_storage.resize(
            std::min(m_limit, std::max<std::size_t>(end, std::max<std::size_t>(256, m_storage.size() * 2))));
        detail::copyBytes(m_storage.data() + m_size, data, size);
    }

    std::vector<char> m_storage;
    std::size_t m_size = 0;
    std::size_t m_limit;
};

} // namespace decoy

/// msgpack-c packs a floating-point number that is whole as an integer; a reader that tells 3.0 from 3, as Python does, would get
/// another value than was sent. Into our buffers numbers go as what they are.
namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(v1)
{
    template <>
    inline packer<decoy::PackBuffer> &packer<decoy::PackBuffer>::pack_float(float number)
    {
        char bytes[5] = {'\xca'};
        const auto bits = std::bit_cast<std::uint32_t>(number);
        for (int i = 0; i < 4; ++i)
            bytes[1 + i] = static_cast<char>(bits >> 8 * (3 - i));
        append_buffer(bytes, sizeof bytes);
        return *this;
    }
    template <>
    inline packer<decoy::PackBuffer> &packer<decoy::PackBuffer>::pack_double(double number)
    {
        char bytes[9] = {'\xcb'};
        const auto bits = std::bit_cast<std::uint64_t>(number);
        for (int i = 0; i < 8; ++i)
            bytes[1 + i] = static_cast<char>(bits >> 8 * (7 - i));
        append_buffer(bytes, sizeof bytes);
        return *this;
    }
}
} // namespace msgpack
