// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trial.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace decoy::bench {

inline constexpr double notMeasured = std::numeric_limits<double>::quiet_NaN();

/// Figures of all rounds. What was not measured is not a number, and so is what is computed from it.
class Medians {
public:
    explicit Medians(const std::vector<Result> &results) : m_results(results) {}

    template <class Outcome>
    [[nodiscard]] double of(double Outcome::*figure, const std::string &peer, const std::string &name) const
    {
        std::vector<double> values;
        for (const Result &result : m_results) {
            const auto *outcome = std::get_if<Outcome>(&result.outcome);
            if (outcome && result.peer == peer && result.name == name)
                values.push_back(outcome->*figure);
        }
        return middleOf(std::move(values));
    }

private:
    [[nodiscard]] static double middleOf(std::vector<double> values)
    {
        if (values.empty())
            return notMeasured;
        std::ranges::sort(values);
        const std::size_t middle = values.size() / 2;
        return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    const std::vector<Result> &m_results;
};

} // namespace decoy::bench
