// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace decoy::detail {

/// Bytes that are copied at a time, unless there are very many.
///
/// From about 4 KiB on glibc copies with `rep movsb`, which some processors (AMD's Zen among them) do twenty times slower where the
/// destination lies 1 to 63 bytes behind the source, modulo a page: 64 KiB then take 22 us instead of 1.3. Shorter
/// copies use vector registers, and are as fast wherever the bytes lie. From about 384 KiB on it writes past the caches,
/// wherever the bytes lie: a MiB into memory that another core reads takes half as long then.
inline constexpr std::size_t copyStep = 2048;
inline constexpr std::size_t leastAtOnce = 512 * 1024;

/// memcpy that is fast wherever the bytes lie.
inline void copyBytes(void *to, const void *from, std::size_t size) noexcept
{
    auto *destination = static_cast<char *>(to);
    const auto *source = static_cast<const char *>(from);
    for (; size > copyStep && size < leastAtOnce; size -= copyStep) {
        std::memcpy(destination, source, copyStep);
        destination += copyStep;
        source += copyStep;
    }
    if (size != 0) // null is no place to copy from, not even nothing
        std::memcpy(destination, source, size);
}

/// `to.assign(from)`, as fast as copyBytes(), and without filling with zeros first.
template <class Byte>
void assignBytes(std::vector<Byte> &to, std::span<const Byte> from)
{
    static_assert(sizeof(Byte) == 1);
    if (from.size() <= copyStep)
        return to.assign(from.begin(), from.end());
    to.clear();
    to.reserve(from.size());
    for (; from.size() > copyStep && from.size() < leastAtOnce; from = from.subspan(copyStep))
        to.insert(to.end(), from.begin(), from.begin() + copyStep);
    to.insert(to.end(), from.begin(), from.end());
}

} // namespace decoy::detail
