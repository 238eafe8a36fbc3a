// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"

#include <cstdint>

namespace decoy::bench {

namespace {

constexpr std::int64_t items = 100'000;

/// All ints of a vector, one after the other.
bool iterate(const Proxy &numbers)
{
    std::int64_t sum = 0;
    for (const int number : numbers.range<int>())
        sum += number;
    return sum == items * (items - 1) / 2;
}

} // namespace

Cases iterationCases()
{
    const auto run = oneCaller({200, Seconds(2.5)}, {.numbers = items}, [](const Connection &connection) {
        return [numbers = connection["numbers"]](int) { return iterate(numbers); };
    });
    return {{decoyPeer, "iterate100k", "a range-for over 100,000 ints of a vector, all of it", run}};
}

} // namespace decoy::bench
