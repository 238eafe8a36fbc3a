// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/copy_bytes.h>

#include <msgpack.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace decoy {

/// Memory of somebody else, lent to a PackBuffer. Destroying it gives the memory back, if it was not used up meanwhile.
class PackSpace {
public:
    virtual ~PackSpace() = default;
    [[nodiscard]] virtual std::span<char> bytes() noexcept = 0;
};

/// Lends memory for contents that are too large to be copied once more on their way. Thread-safe.
class PackLender {
public:
    explicit PackLender(std::size_t largestUnlent) noexcept : m_largestUnlent(largestUnlent) {}
    PackLender(const PackLender &) = delete;
    PackLender &operator=(const PackLender &) = delete;

    /// Nothing if there is none to spare.
    [[nodiscard]] virtual std::unique_ptr<PackSpace> lend() noexcept = 0;
    /// Contents up to this size had better stay in the buffer's own memory.
    [[nodiscard]] std::size_t largestUnlent() const noexcept { return m_largestUnlent; }

protected:
    ~PackLender() = default;

private:
    const std::size_t m_largestUnlent;
};

/// A byte sink for msgpack-c's packer with a hard limit, made to be reused: clear() keeps the memory.
///
/// What does not fit is counted, not stored and not thrown, so that the one who asked can be told both sizes.
/// Not thread-safe.
class PackBuffer {
public:
    /// `limit` is the largest number of bytes kept.
    explicit PackBuffer(std::size_t limit = 64 * 1024) : m_limit(limit) {}
    PackBuffer(const PackBuffer &) = delete;
    PackBuffer &operator=(const PackBuffer &) = delete;

    /// msgpack-c's sink interface: appends `size` bytes. Mostly a constant few, of which nothing but a move is left where it is inlined.
    [[gnu::always_inline]] inline void write(const char *data, std::size_t size)
    {
        if (size == 0 || size > mostInline || m_size + size > m_capacity) [[unlikely]]
            return writeMuch(data, size); // also nothing: null is no place to copy from
        if (size == 1) // half of what msgpack-c writes, and not worth a call where it does not say so
            m_place[m_size] = *data;
        else
            std::memcpy(m_place + m_size, data, size);
        m_size += size;
    }

    void setLimit(std::size_t limit) { m_limit = limit; }
    [[nodiscard]] std::size_t limit() const noexcept { return m_limit; }
    /// Empties the buffer. What is large is from here on packed into memory of `lender`, if it has any; null: never. The
    /// lender must live until another one is set or the buffer is destroyed.
    void setLender(PackLender *lender) noexcept
    {
        m_lender = lender;
        clear();
    }

    /// The lender may go: what was borrowed of it goes back, and the contents with that.
    void forgetLender() noexcept
    {
        m_lender = nullptr;
        if (m_space) [[unlikely]]
            clear();
    }

    /// Bytes written so far, those that did not fit included.
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool overflowed() const noexcept { return m_size > m_limit; }

    /// What was written; only meaningful while not overflowed().
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept
    {
        return {reinterpret_cast<const std::byte *>(m_place), std::min(m_size, m_capacity)};
    }
    /// The same bytes, to fill in a prefix afterwards.
    [[nodiscard]] std::span<std::byte> writableBytes() noexcept
    {
        return {reinterpret_cast<std::byte *>(m_place), std::min(m_size, m_capacity)};
    }

    void clear() noexcept
    {
        m_space.reset();
        m_size = 0;
        useOwn();
    }
    /// Forgets everything after the first `size` bytes.
    void truncate(std::size_t size) noexcept { m_size = std::min(m_size, size); }

private:
    static constexpr std::size_t mostInline = 64; ///< bytes that are appended without a call

    void writeMuch(const char *data, std::size_t size)
    {
        const std::size_t end = m_size + size;
        if (end > m_capacity)
            grow(end);
        if (end <= m_capacity)
            detail::copyBytes(m_place + m_size, data, size);
        m_size = end;
    }
    void useOwn() noexcept
    {
        m_place = m_storage.data();
        m_capacity = m_storage.size();
        if (m_lender)
            m_capacity = std::min(m_capacity, m_lender->largestUnlent());
    }

    /// Makes room for what ends at `end`, unless that is beyond the limit.
    void grow(std::size_t end)
    {
        if (end > m_limit || (m_lender && end > m_lender->largestUnlent() && borrow()))
            return;
        if (end > m_storage.size())
            m_storage.resize(
                std::min(m_limit, std::max<std::size_t>(end, std::max<std::size_t>(256, m_storage.size() * 2))));
        m_place = m_storage.data();
        m_capacity = m_storage.size();
        if (m_lender && end <= m_lender->largestUnlent())
            m_capacity = std::min(m_capacity, m_lender->largestUnlent());
    }

    bool borrow()
    {
        if (m_space)
            return false;
        auto space = m_lender->lend();
        if (!space || space->bytes().size() < m_limit)
            return false;
        detail::copyBytes(space->bytes().data(), m_place, m_size);
        m_space = std::move(space);
        m_place = m_space->bytes().data();
        m_capacity = m_limit;
        return true;
    }

    std::vector<char> m_storage;
    std::unique_ptr<PackSpace> m_space;
    PackLender *m_lender = nullptr;
    char *m_place = nullptr; // in one of the two
    std::size_t m_capacity = 0;
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
