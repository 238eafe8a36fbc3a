// SPDX-License-Identifier: BSD-3-Clause
#include "../duck_client.h"
#include "../scenarios.h"

#include <decoy/duck.h>

#include <unistd.h>

namespace decoy::demo {

namespace {

// Not the first in PATH: that may be one of somebody's projects, with other packages or none.
constexpr const char *interpreter = "/usr/bin/python3";

/// The Python client's command line.
std::vector<std::string> clientProgram(const DuckAddress &address, const ScenarioRun &run)
{
    return {interpreter,
            "-I", // with nothing from the user's environment or folder
            "-c",
            std::string(duckClientSource),
            "--segment=" + address.segment,
            "--id=" + std::to_string(address.id),
            "--server-process=" + std::to_string(address.process),
            "--interval=" + std::to_string(run.interval().count()),
            "--count=" + std::to_string(run.count())};
}

void play(ScenarioRun &run)
{
    if (::access(interpreter, X_OK) != 0)
        throw ProxyError(std::string("there is no ") + interpreter
                         + "; the duck scenario needs it, and Debian's python3-msgpack (apt install python3-msgpack)");
    const auto address = run.server()["lab"].call<DuckAddress>("mailbox", "counter", ::getpid());
    run.continueAs(clientProgram(address, run));
}

} // namespace

constinit const Scenario duck{"duck", "Adds to the counter as a Python program that speaks only the Duck protocol.", 20,
                              play};

} // namespace decoy::demo
