// SPDX-License-Identifier: BSD-3-Clause
#include "memory/region.h"

#include "memory/sealed_memory.h"
#include "memory/system_error.h"

#include <algorithm>
#include <bit>
#include <sys/mman.h>
#include <sys/random.h>
#include <utility>

namespace decoy::memory {

namespace {
constexpr std::uint32_t smallestRing = 64 * 1024;
constexpr std::uint32_t largestOwnRing = 256 * 1024;
constexpr std::uint32_t largestRing = 64 * 1024 * 1024;
} // namespace

bool isValidRingSize(std::uint64_t size) noexcept
{
    return size >= smallestRing && size <= largestRing && std::has_single_bit(size);
}

std::uint32_t ringSizeFor(std::uint32_t bufsize) noexcept
{
    return std::bit_ceil(std::clamp(std::min(bufsize, largestOwnRing) * 4, smallestRing, largestOwnRing));
}

Region &Region::operator=(Region &&other) noexcept
{
    std::swap(m_address, other.m_address);
    std::swap(m_ringSize, other.m_ringSize);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

Region::~Region()
{
    if (m_address)
        munmap(m_address, headerSize + 2 * m_ringSize);
}

Region Region::create(std::size_t ringSize)
{
    Region region;
    region.m_descriptor = createMemory(headerSize + ringSize);
    region.map(ringSize, PROT_READ | PROT_WRITE);
    sealMemory(region.m_descriptor);
    std::uint64_t &key = region.header().key;
    if (getrandom(&key, sizeof key, 0) != sizeof key)
        throwSystemError("get random bytes");
    return region;
}

Region Region::open(FileDescriptor descriptor, std::size_t ringSize)
{
    Region region;
    region.m_descriptor = std::move(descriptor);
    checkSealedMemory(region.m_descriptor, headerSize + ringSize);
    region.map(ringSize, PROT_READ);
    return region;
}

void Region::map(std::size_t ringSize, int protection)
{
    // Reserve the whole range first, so that the two mappings of the ring are neighbours for certain.
    void *reserved = mmap(nullptr, headerSize + 2 * ringSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (reserved == MAP_FAILED)
        throwSystemError("reserve addresses for shared memory");
    m_address = static_cast<std::byte *>(reserved);
    m_ringSize = ringSize;
    const auto place = [&](std::size_t offset, std::size_t size, std::size_t from) {
        if (mmap(m_address + offset, size, protection, MAP_SHARED | MAP_FIXED, m_descriptor.get(),
                 static_cast<off_t>(from))
            == MAP_FAILED)
            throwSystemError("map shared memory");
    };
    place(0, headerSize + ringSize, 0);
    place(headerSize + ringSize, ringSize, headerSize);
}

} // namespace decoy::memory
