// SPDX-License-Identifier: BSD-3-Clause
#include "options.h"
#include "report.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

using namespace decoy;

namespace {

void list(const bench::Cases &cases)
{
    for (const bench::Case &one : cases)
        std::printf("%-6s %-13s %s\n", one.peer.key.c_str(), one.name.c_str(), one.description.c_str());
}

/// In rounds, so that what slows the machine for a while slows all cases alike.
std::vector<bench::Result> measure(const std::vector<bench::Trial> &round, const bench::Options &options)
{
    std::vector<bench::Result> results;
    for (int i = 0; i < options.rounds; ++i) {
        for (const bench::Trial &trial : round) {
            results.push_back(run(trial));
            options.asJson ? printJson(results.back()) : printLine(results.back());
        }
    }
    return results;
}

bool hasWrongAnswers(const bench::Result &result)
{
    const auto *measured = std::get_if<bench::Measurement>(&result.outcome);
    return measured && measured->wrong != 0;
}

} // namespace

int main(int argc, char **argv)
{
    const bench::Options options = bench::parseOptions(argc, argv);
    const bench::Cases cases = bench::allCases();
    try {
        const auto round = planRound(options, cases);
        if (options.listOnly) {
            list(cases);
            return 0;
        }
        const auto results = measure(round, options);
        if (!options.asJson)
            printTables(results);
        if (std::ranges::any_of(results, hasWrongAnswers))
            throw std::runtime_error("some answers were wrong: see the column \"errors\"");
    } catch (const std::invalid_argument &error) {
        std::fprintf(stderr, "decoy-bench: %s\n", error.what());
        return 2;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "decoy-bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
