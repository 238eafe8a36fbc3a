// SPDX-License-Identifier: BSD-3-Clause

// The other process of the Duck lane's tests: `decoy-mailbox-peer serve NAME`, which says where the mailboxes of its objects are, or
// `decoy-mailbox-peer call ADDRESS FIRST COUNT`, a client of one of them.

#include "mailbox_address.h"
#include "served_objects.h"

#include <decoy/proxy_server.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <sys/prctl.h>

using namespace decoy;
using namespace decoy::test;

namespace {

void say(const std::string &line)
{
    std::puts(line.c_str());
    std::fflush(stdout);
}

/// Serves until SIGTERM.
int serve(const std::string &name)
{
    ProxyServer server(name);
    ServedTestObjects objects(server);
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &end, nullptr);
    server.run();
    say("lab " + toText(server.createProxy(objects.lab).address()));
    say("spare " + toText(server.createProxy(objects.lab).address()));
    say("node " + toText(server.createProxy(objects.node).address()));
    say("probe " + toText(server.createProxy(objects.probe).address()));
    int signal = 0;
    sigwait(&end, &signal);
    objects.gates.open("end");
    server.stop();
    return 0;
}

/// Asks for one number after the other and says how many answers were right.
int call(const DuckAddress &address, int first, int count)
{
    const Proxy lab = openProxy(address);
    int right = 0;
    for (int i = first; i < first + count; ++i)
        right += lab.call<int>("echo", i) == i ? 1 : 0;
    say("right " + std::to_string(right));
    return 0;
}

} // namespace

int main(int argc, char **argv)
try {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that dies leaves nothing behind
    const std::string role = argc > 2 ? argv[1] : "";
    if (role == "serve")
        return serve(argv[2]);
    if (role == "call" && argc == 5)
        return call(fromText(argv[2]), std::stoi(argv[3]), std::stoi(argv[4]));
    std::fputs("decoy-mailbox-peer serve NAME | call ADDRESS FIRST COUNT\n", stderr);
    return 2;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
