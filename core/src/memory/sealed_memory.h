// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <cstddef>

namespace decoy::memory {

/// Anonymous memory of `size` bytes that may still be mapped writable; seal it after that.
[[nodiscard]] FileDescriptor createMemory(std::size_t size);

/// From here on nobody can resize the memory or map it writable again; mappings that exist stay as they are.
void sealMemory(const FileDescriptor &descriptor);

/// Throws ProxyError unless the memory that a peer passed is sealed as sealMemory() does it and has exactly this size:
/// without the seals a peer could shrink it and every later read would be a SIGBUS.
void checkSealedMemory(const FileDescriptor &descriptor, std::size_t size);

/// The next whole number of pages.
[[nodiscard]] std::size_t roundUpToPages(std::size_t size) noexcept;

} // namespace decoy::memory
