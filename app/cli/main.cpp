// SPDX-License-Identifier: BSD-3-Clause
#include "commands.h"

#include <csignal>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace decoy::cli {

namespace {

constexpr const char *statusHelp =
    "Exit status: 0 all is well, 1 remote or protocol error, 2 wrong usage, 3 no such server or it died, "
    "4 timed out.\nErrors are one line on standard error: decoy: KIND: message";

void addCommands(CLI::App &app, Action &action)
{
    app.require_subcommand(1);
    app.set_version_flag("--version", "decoy " DECOY_VERSION);
    app.footer(statusHelp);
    addHost(app, action);
    addLs(app, action);
    addDescribe(app, action);
    addGet(app, action);
    addSet(app, action);
    addCall(app, action);
    addWatch(app, action);
    addWorker(app, action);
    addDemo(app, action);
}

ExitStatus reportUsage(const CLI::App &app, const CLI::ParseError &error)
{
    const auto chosen = app.get_subcommands();
    const std::string help = "decoy " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
    const auto unknown = app.remaining();
    const std::string what = chosen.empty() && !unknown.empty() ? "there is no command " + unknown.front()
                                                                : error.what();
    reportError("UsageError", what + " (see " + help + ")");
    return ExitStatus::Usage;
}

ExitStatus run(int argc, char **argv)
{
    CLI::App app("Decoy: use live objects of other processes over shared memory.", "decoy");
    Action action;
    Output output;
    try {
        addCommands(app, action);
        app.parse(argc, argv);
        return action(output);
    } catch (const CLI::CallForHelp &) {
        output.line(app.help());
    } catch (const CLI::CallForVersion &error) {
        output.line(error.what());
    } catch (const CLI::ParseError &error) {
        return reportUsage(app, error);
    }
    return ExitStatus::Success;
}

/// A shell may start us without them. Then our first socket would take the place of standard output, and get our text.
void openStandardDescriptors()
{
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0)
            (void)::open("/dev/null", O_RDWR); // takes the lowest free number, which is this one
    }
}

} // namespace

} // namespace decoy::cli

int main(int argc, char **argv)
{
    using namespace decoy::cli;
    openStandardDescriptors();
    std::signal(SIGPIPE, SIG_IGN); // Output reports it instead
    try {
        return static_cast<int>(run(argc, argv));
    } catch (...) {
        return static_cast<int>(reportCurrentException());
    }
}
