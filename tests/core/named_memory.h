// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <unistd.h>

namespace decoy::test {

/// Named memory of this process, at most one at a time, and a second mapping of it as another process has it.
class Memory {
public:
    explicit Memory(std::size_t size)
        : own(SharedMemory::createNamed("decoy-test-" + std::to_string(getpid()), size)),
          other(SharedMemory::openNamed(own.name()))
    {}
    /// Puts bytes there as a peer does that is not done yet.
    void write(std::size_t offset, const std::vector<std::byte> &data) const
    {
        std::ranges::copy(data, own.writableBytes().begin() + static_cast<std::ptrdiff_t>(offset));
    }
    SharedMemory own;
    SharedMemory other;
};

} // namespace decoy::test
