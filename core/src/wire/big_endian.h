// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace decoy::wire {

/// The same number with its bytes in the other order where this machine is no big-endian one.
template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number swapToBigEndian(Number number) noexcept
{
    if constexpr (std::endian::native == std::endian::big || sizeof(Number) == 1)
        return number;
    else if constexpr (sizeof(Number) == 2)
        return __builtin_bswap16(number);
    else if constexpr (sizeof(Number) == 4)
        return __builtin_bswap32(number);
    else
        return __builtin_bswap64(number);
}

/// The number whose bytes stand at `from`, the highest first, as msgpack and the prefix of a frame have them.
template <std::unsigned_integral Number>
[[nodiscard]] Number loadBigEndian(const std::byte *from) noexcept
{
    Number number;
    std::memcpy(&number, from, sizeof number);
    return swapToBigEndian(number);
}

/// Writes it there.
template <std::unsigned_integral Number>
void storeBigEndian(std::byte *to, Number number) noexcept
{
    number = swapToBigEndian(number);
    std::memcpy(to, &number, sizeof number);
}

} // namespace decoy::wire
