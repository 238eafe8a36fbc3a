// SPDX-License-Identifier: BSD-3-Clause
#include "scenarios.h"

#include <algorithm>
#include <array>

namespace decoy::demo {

std::span<const Scenario *const> scenarios() noexcept
{
    static constexpr std::array table{&reader, &teller,  &climber, &listener, &lender, &duck,
                                      &slow,   &sleeper, &faulty,  &hoarder,  &flood,  &crasher};
    return table;
}

const Scenario *findScenario(std::string_view name) noexcept
{
    const auto found = std::ranges::find(scenarios(), name, &Scenario::name);
    return found == scenarios().end() ? nullptr : *found;
}

} // namespace decoy::demo
