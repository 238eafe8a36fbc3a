// SPDX-License-Identifier: BSD-3-Clause
#include "bench_case.h"

#include <algorithm>

namespace decoy::bench {

Cases allCases()
{
    Cases all;
    for (const auto &some : {floorCases, callCases, asyncCases, iterationCases, qtCases, crowdCases, idleCases})
        std::ranges::move(some(), std::back_inserter(all));
    const Cases unsorted = all;
    std::ranges::stable_sort(all, {}, [&unsorted](const Case &one) {
        return std::ranges::find(unsorted, one.name, &Case::name) - unsorted.begin();
    });
    return all;
}

} // namespace decoy::bench
