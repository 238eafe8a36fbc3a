// SPDX-License-Identifier: BSD-3-Clause
#include "options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <stdexcept>

namespace decoy::bench {

namespace {

bool names(const std::vector<std::string> &wanted, const std::string &name)
{
    return std::ranges::find(wanted, name) != wanted.end();
}

/// A list of peers narrows the cases, a list of cases the peers.
class Choice {
public:
    Choice(const std::vector<std::string> &wanted, const Cases &cases)
    {
        for (const std::string &name : wanted) {
            const bool isCase = std::ranges::find(cases, name, &Case::name) != cases.end();
            const bool isPeer = std::ranges::any_of(cases, [&name](const Case &one) { return one.peer.key == name; });
            if (!isCase && !isPeer)
                throw std::invalid_argument("there is no case or peer \"" + name + "\"; --list shows all");
            (isCase ? m_cases : m_peers).push_back(name);
        }
    }
    [[nodiscard]] bool has(const Case &one) const
    {
        return (m_cases.empty() || names(m_cases, one.name)) && (m_peers.empty() || names(m_peers, one.peer.key));
    }

private:
    std::vector<std::string> m_cases;
    std::vector<std::string> m_peers;
};

} // namespace

Options parseOptions(int argc, char **argv)
{
    CLI::App application(
        "Times calls through a proxy between real processes, beside what raw shared memory can do in the same "
        "minutes. Prints one line a case and round, then what was reached of what is wanted.",
        "decoy-bench");
    Options options;
    const std::map<std::string, Pinning> pinnings{
        {"none", Pinning::None}, {"split", Pinning::Split}, {"same", Pinning::Same}};
    double seconds = 0;
    double idleSeconds = options.conditions.idleTime.count();
    application.add_option("names", options.names, "Only these cases, and only these peers: decoy, floor, futex, qt");
    CLI::Option *rounds = application
                              .add_option("--rounds", options.rounds,
                                          "How often each case is run, in turn with all others")
                              ->capture_default_str()
                              ->check(CLI::PositiveNumber);
    application.add_option("--seconds", seconds, "At most this long for each case")->check(CLI::PositiveNumber);
    CLI::Option *idle = application.add_option("--idle-seconds", idleSeconds, "How long to watch idle processes")
                            ->capture_default_str()
                            ->check(CLI::PositiveNumber);
    application
        .add_option("--pin", options.conditions.pinning,
                    "none: the kernel decides; split: a core each; same: both on one core")
        ->transform(CLI::CheckedTransformer(pinnings, CLI::ignore_case))
        ->option_text("none|split|same");
    application.add_option("--busy", options.conditions.busyProcesses, "So many processes that compete for the cores")
        ->check(CLI::Range(0, 64));
    application.add_flag("--complete", options.isComplete,
                         "Also int calls with both ends on one core, and beside two busy processes");
    CLI::Option *quick = application.add_flag("--quick", options.conditions.isQuick,
                                              "One short round, few of everything: does it work?");
    application.add_flag("--json", options.asJson, "One JSON object a line");
    application.add_flag("--list", options.listOnly, "List the cases and leave");
    try {
        application.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::exit(application.exit(error));
    }
    if (seconds > 0)
        options.conditions.seconds = Seconds(seconds);
    if (*quick && !*rounds)
        options.rounds = 1;
    options.conditions.idleTime = Seconds(*quick && !*idle ? 0.1 : idleSeconds);
    return options;
}

std::vector<Trial> planRound(const Options &options, const Cases &cases)
{
    const Choice choice(options.names, cases);
    std::vector<Trial> trials;
    for (const Case &one : cases) {
        if (choice.has(one))
            trials.push_back({&one, options.conditions});
    }
    if (!options.isComplete)
        return trials;
    for (const auto change : {+[](Conditions &conditions) { conditions.pinning = Pinning::Same; },
                              +[](Conditions &conditions) { conditions.busyProcesses = 2; }}) {
        for (const Case &one : cases) {
            if (one.name != "int" || !choice.has(one))
                continue;
            Trial trial{&one, options.conditions};
            change(trial.conditions);
            trials.push_back(trial);
        }
    }
    return trials;
}

} // namespace decoy::bench
