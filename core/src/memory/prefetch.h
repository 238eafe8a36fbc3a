// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace decoy::memory {

inline constexpr std::size_t cacheLine = 64;

/// Has the cache fetch the line at `place` for this core alone, so that writing there does not wait for the core that has read it last.
/// A hint: any address will do.
inline void prefetchForWriting(const void *place) noexcept
{
#if defined(__x86_64__)
    // The compiler's own gives this instruction only where it was told of the processor; those without it do nothing.
    asm volatile("prefetchw %0" ::"m"(*static_cast<const char *>(place)));
#else
    __builtin_prefetch(place, 1);
#endif
}

} // namespace decoy::memory
