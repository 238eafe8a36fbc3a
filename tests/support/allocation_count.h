// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// Counts what a program takes from the heap: by operator new, and by malloc() and its kin in our own code and the headers that it
/// includes. Link decoy-counted-allocations.
namespace decoy::test {

[[nodiscard]] std::uint64_t allocationsOfThisThread() noexcept;
[[nodiscard]] std::uint64_t allocationsOfThisProcess() noexcept;

} // namespace decoy::test
