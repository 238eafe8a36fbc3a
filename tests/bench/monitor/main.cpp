// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood_client.h"
#include "monitor_under_test.h"

#include <CLI/CLI.hpp>

#include <QApplication>
#include <QStandardPaths>

#include <cstdio>
#include <map>

using namespace decoy;

namespace {

void run(const bench::MonitorOptions &options)
{
    for (const std::string &name : options.cases) {
        if (name == "flood")
            runFloodCase(options);
        else if (name == "held")
            runHeldCase(options);
        else
            runThroughputCase(options);
    }
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App application("Puts the monitor's window under load, and prints one JSON object a phase.", "monitor-bench");
    bench::MonitorOptions options;
    std::string client;
    const std::map<std::string, bench::Source> sources{{"calls", bench::Source::Calls},
                                                       {"generated", bench::Source::Generated}};
    application.add_option("cases", options.cases, "flood, held, throughput; all where none is named")
        ->check(CLI::IsMember({"flood", "held", "throughput"}));
    application.add_option("--seconds", options.seconds, "How long a flood, and all rounds of the throughput, take")
        ->check(CLI::Range(1.0, 3600.0 * 24));
    application.add_option("--rate", options.rate, "Frames a second of a flood")->check(CLI::Range(0.0, 1e8));
    application
        .add_option("--source", options.source, "calls: of a client; generated: by a thread, into the tap's ring")
        ->transform(CLI::CheckedTransformer(sources, CLI::ignore_case));
    application.add_option("--tabs", options.tabs, "Which tabs a flood shows, one after the other")->delimiter(',');
    application.add_option("--frames", options.frames, "How many frames are held")
        ->check(CLI::Range(1000, 100'000'000));
    application.add_option("--memory", options.memoryMiB, "MiB of memory for frames")->check(CLI::Range(64, 65536));
    application.add_option("--folder", options.folder, "Where frames beyond it go");
    application.add_option("--rounds", options.rounds, "Rounds of the throughput")->check(CLI::Range(1, 100));
    application.add_option("--client", client)->group(""); // what this program starts itself as
    CLI11_PARSE(application, argc, argv);
    try {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        if (!client.empty())
            return bench::runFloodClient(client, options.rate);
        QApplication qt(argc, argv);
        QApplication::setApplicationName(QStringLiteral("monitor-bench"));
        QStandardPaths::setTestModeEnabled(true); // nothing of the person's own is read or changed
        if (options.folder.empty())
            options.folder = QStandardPaths::writableLocation(QStandardPaths::CacheLocation).toStdString();
        run(options);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "monitor-bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
