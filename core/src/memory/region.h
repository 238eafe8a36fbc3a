// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace decoy::memory {

/// The first page of a region, written by the region's owner only. Positions count bytes since the beginning and never
/// wrap. Each group has a cache line of its own, so that the two sides disturb each other as little as possible.
struct RegionHeader {
    /// End of what the owner has written into this region's ring.
    alignas(64) std::atomic<std::uint64_t> produced;
    /// End of what the owner has taken from the OTHER region's ring.
    alignas(64) std::atomic<std::uint64_t> consumed;
    /// The owner sleeps: ring its doorbell after writing to it.
    alignas(64) std::atomic<std::uint32_t> sleeping;
    /// The owner waits for room: ring its doorbell after taking from this ring.
    std::atomic<std::uint32_t> wantsSpace;
    /// Where the owner last waited: the number of the core, plus 1. A hint for how to wait, nothing else.
    std::atomic<std::uint32_t> core;
    /// Random, and never changed: what the stamps of this region's records are made of.
    alignas(64) std::uint64_t key;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "positions must be plain memory in both processes");

/// One direction of a channel: a page of header and a ring of bytes in one memfd. The side that creates it writes it; the
/// other side can only map it for reading.
///
/// The ring is mapped twice, one copy behind the other, so that a record is always contiguous and nobody needs to know
/// about wrapping. Owns the mapping; movable.
class Region {
public:
    static constexpr std::size_t headerSize = 4096;

    Region() noexcept = default;
    Region(Region &&other) noexcept { *this = std::move(other); }
    Region &operator=(Region &&other) noexcept;
    ~Region();

    /// A new region with a ring of `ringSize` bytes (a power of two, whole pages), sealed. Throws ProxyError.
    [[nodiscard]] static Region create(std::size_t ringSize);
    /// The region of a peer. Throws ProxyError unless it is sealed and has the agreed size.
    [[nodiscard]] static Region open(FileDescriptor descriptor, std::size_t ringSize);

    [[nodiscard]] RegionHeader &header() const noexcept { return *reinterpret_cast<RegionHeader *>(m_address); }
    /// The byte at a position; `ringSize()` bytes from there on are contiguous.
    [[nodiscard]] std::byte *at(std::uint64_t position) const noexcept
    {
        return m_address + headerSize + (position & (m_ringSize - 1));
    }
    [[nodiscard]] std::size_t ringSize() const noexcept { return m_ringSize; }
    /// To pass it to the peer; closeDescriptor() once that is done, the mapping stays.
    [[nodiscard]] int descriptor() const noexcept { return m_descriptor.get(); }
    void closeDescriptor() noexcept { m_descriptor.reset(); }

private:
    void map(std::size_t ringSize, int protection);

    std::byte *m_address = nullptr;
    std::size_t m_ringSize = 0;
    FileDescriptor m_descriptor;
};

/// Whether a peer may ask for a ring of this size: a power of two between 64 KiB and 64 MiB.
[[nodiscard]] bool isValidRingSize(std::uint64_t size) noexcept;

/// The ring for frames of `bufsize` bytes: room for four of the largest, up to 64 KiB each. Larger frames travel beside the
/// ring: a small one stays in the caches, and an idle client holds little memory.
[[nodiscard]] std::uint32_t ringSizeFor(std::uint32_t bufsize) noexcept;

} // namespace decoy::memory
