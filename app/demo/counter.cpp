// SPDX-License-Identifier: BSD-3-Clause
#include "counter.h"

#include <stdexcept>
#include <string>

namespace decoy::demo {

std::int64_t Counter::add(std::int64_t x)
{
    std::int64_t sum = 0;
    // Clients choose both numbers, and signed overflow is undefined.
    if (__builtin_add_overflow(a, x, &sum))
        throw std::overflow_error("adding " + std::to_string(x) + " to " + std::to_string(a) + " leaves 64 bits");
    return a = sum;
}

} // namespace decoy::demo
