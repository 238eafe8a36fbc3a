// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <cstddef>
#include <fcntl.h>
#include <vector>

namespace decoy::test {

/// A descriptor of its own for the same memory, as a peer gets one.
inline FileDescriptor duplicate(int descriptor) { return FileDescriptor(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

/// Bytes that differ with the place and the seed.
inline std::vector<std::byte> pattern(std::size_t size, unsigned seed)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(seed + i * 7);
    return bytes;
}

} // namespace decoy::test
