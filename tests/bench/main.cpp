// SPDX-License-Identifier: BSD-3-Clause
#include "cases.h"
#include "measurement.h"
#include "server_process.h"

#include <decoy/connection.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <map>

using namespace decoy;

namespace {

struct Options {
    std::vector<std::string> cases;
    double seconds = 0;
    double idleSeconds = 3;
    bench::Pinning pinning = bench::Pinning::None;
    bool json = false;
    bool list = false;
};

void listCases()
{
    for (const bench::Case &one : bench::cases())
        std::printf("%-8s %s\n", one.name.c_str(), one.description.c_str());
    std::printf("%-8s %s\n", "idle", "CPU of both processes while nothing is asked");
}

bool isWanted(const Options &options, const std::string &name)
{
    return options.cases.empty() || std::ranges::find(options.cases, name) != options.cases.end();
}

void runCase(const bench::Case &one, const Options &options, const Proxy &echo, pid_t server)
{
    bench::Plan plan = one.plan;
    if (options.seconds > 0)
        plan.seconds = std::chrono::duration<double>(options.seconds);
    const auto result = bench::measure(one.name, plan, server, [&](int round) { return one.call(echo, round); });
    options.json ? printJson(result) : print(result);
}

void run(const Options &options)
{
    const bench::ServerProcess server(options.pinning);
    bench::pin(options.pinning, false);
    const Connection connection = connect(server.name());
    const Proxy echo = connection["echo"];
    for (const bench::Case &one : bench::cases()) {
        if (isWanted(options, one.name))
            runCase(one, options, echo, server.id());
    }
    if (isWanted(options, "idle")) {
        const auto idle = bench::measureIdle(std::chrono::duration<double>(options.idleSeconds), server.id());
        options.json ? printJson(idle) : print(idle);
    }
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App application("Times calls through a proxy between two real processes, and prints one line a case.",
                         "decoy-bench");
    Options options;
    const std::map<std::string, bench::Pinning> pinnings{
        {"none", bench::Pinning::None}, {"split", bench::Pinning::Split}, {"same", bench::Pinning::Same}};
    application.add_option("cases", options.cases, "Only these cases; all where none is named");
    application.add_option("--seconds", options.seconds, "At most this long for each case");
    application.add_option("--idle-seconds", options.idleSeconds, "How long to watch both processes idle");
    application
        .add_option("--pin", options.pinning, "none: the kernel decides; split: a core each; same: both on one core")
        ->transform(CLI::CheckedTransformer(pinnings, CLI::ignore_case));
    application.add_flag("--json", options.json, "One JSON object a line");
    application.add_flag("--list", options.list, "List the cases and leave");
    CLI11_PARSE(application, argc, argv);
    for (const std::string &name : options.cases) {
        if (name != "idle" && std::ranges::find(bench::cases(), name, &bench::Case::name) == bench::cases().end()) {
            std::fprintf(stderr, "decoy-bench: there is no case \"%s\"; --list shows all\n", name.c_str());
            return 2;
        }
    }
    try {
        options.list ? listCases() : run(options);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "decoy-bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
