// SPDX-License-Identifier: BSD-3-Clause

// The other process of the lanes' tests: `decoy-test-peer serve NAME [OPTION=NUMBER]…`, `decoy-test-peer SCENARIO NAME` or
// `decoy-test-peer echo SEGMENT ID BUFSIZE CALLS`.
// Says on stdout when it is where the test wants it. A server ends with SIGTERM, as a real one does.

#include "served_containers.h"
#include "served_objects.h"
#include "served_pond.h"

#include <decoy/connection.h>
#include <decoy/json.h>
#include <decoy/subscription.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

using namespace decoy;
using namespace decoy::test;

namespace {

void say(const std::string &line)
{
    std::puts(line.c_str());
    std::fflush(stdout);
}

ProxyServer *serving = nullptr;

struct ServeOptions {
    ServerOptions server;
    bool here = false;
    bool containers = false; // those of served_containers.h too
    bool pond = false;       // those of served_pond.h too
    int mailboxes = 0;       // of the Duck lane, for the lab
};

ServeOptions parseOptions(int count, char **arguments)
{
    ServeOptions options;
    for (int i = 0; i < count; ++i) {
        const std::string argument = arguments[i];
        const auto equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        const int number = std::stoi(argument.substr(equals + 1));
        if (name == "bufsize")
            options.server.limits.bufsize = static_cast<std::uint32_t>(number);
        else if (name == "references")
            options.server.limits.referencesPerClient = static_cast<std::uint32_t>(number);
        else if (name == "calls")
            options.server.limits.callsInFlight = static_cast<std::uint32_t>(number);
        else if (name == "chain")
            options.server.maxChainLevel = number;
        else if (name == "threads")
            options.server.maxThreads = number;
        else if (name == "connections")
            options.server.maxConnections = number;
        else if (name == "user") // whom it serves; -1 is everybody
            options.server.authorise = [number](const PeerCredentials &peer) {
                return number == -1 || peer.user == static_cast<std::uint32_t>(number);
            };
        else if (name == "throws") // a predicate that fails
            options.server.authorise = [](const PeerCredentials &) -> bool {
                throw std::runtime_error("no list of users");
            };
        else if (name == "duck")
            options.mailboxes = number;
        else if (name == "containers")
            options.containers = number != 0;
        else if (name == "pond")
            options.pond = number != 0;
        else if (name == "here")
            options.here = number != 0;
        else
            throw std::invalid_argument(argument);
    }
    return options;
}

int serve(const std::string &name, const ServeOptions &options)
{
    ProxyServer server(name, options.server);
    ServedTestObjects objects(server);
    std::optional<ServedPond> pond;
    if (options.pond)
        pond.emplace(server, objects.gates);
    std::optional<ServedContainers> containers;
    if (options.containers)
        containers.emplace(server);
    if (options.here) {
        serving = &server;
        std::signal(SIGTERM, [](int) { serving->stop(); });
        std::thread reporter([&server] {
            while (!server.running())
                std::this_thread::yield();
            say("ready");
        });
        server.runHere();
        std::signal(SIGTERM, SIG_IGN); // the server may go now
        reporter.join();
        say("stopped");
        return 0;
    }
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &end, nullptr);
    server.run();
    say("ready");
    for (int i = 0; i < options.mailboxes; ++i)
        say(toJson(Value(server.createProxy(objects.lab).address())));
    int signal = 0;
    sigwait(&end, &signal);
    objects.gates.open("end");
    server.stop();
    return 0;
}

/// Holds references, has calls that run and calls that wait for their turn, and never ends by itself.
int hold(const std::string &name)
{
    const Connection server = connect(name);
    std::vector<Proxy> held;
    for (int i = 0; i < 100; ++i)
        held.push_back(server["node"].call<Proxy>("fresh"));
    const Proxy till = server["till"].withTimeout(waitForever);
    const Proxy lab = server["lab"].withTimeout(waitForever);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([till] { till.call("waitAt", "killed"); });
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([lab] { lab.call("waitAt", "killed"); });
    say("holding");
    for (std::thread &thread : threads)
        thread.join();
    return 1;
}

/// Waits for results that are together larger than the ring, and says what came.
int collect(const std::string &name)
{
    constexpr int callers = 8;
    constexpr std::size_t size = 60'000;
    const Connection server = connect(name);
    const Proxy lab = server["lab"].withTimeout(waitForever);
    std::atomic<int> complete{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
        threads.emplace_back([&] {
            if (lab.call<Bytes>("waitAt", "collect", size) == Bytes(size, std::byte{1}))
                ++complete;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    say("collected " + std::to_string(complete));
    return 0;
}

/// Calls that are about as long as it takes a server to find another leader, from several threads, and says how many failed.
int storm(const std::string &name, int calls)
{
    const Connection server = connect(name);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            const Proxy lab = server["lab"];
            const Proxy till = server["till"];
            const Proxy node = server["node"];
            for (int j = 0; j < calls; ++j) {
                const int length = (i * 1009 + j * 577) % 2500;
                (j % 3 == 0 ? till : lab).call("linger", length);
                wrong += lab.call<int>("digits", 1) == 123 ? 0 : 1;
                wrong += node.call<Proxy>("fresh").get<std::string>("name") == "fresh" ? 0 : 1;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    say("wrong " + std::to_string(wrong));
    return 0;
}

/// Lends a callback that never answers. It calls back into the object that it is called from, where it is held, or does nothing.
int lend(const std::string &name, bool callsBack)
{
    const Connection server = connect(name);
    const Proxy pond = server["pond"].withTimeout(waitForever);
    server["pond"].call("keep", callback([] {}));
    pond.call("invoke", callback([pond, callsBack] {
                  say("called");
                  if (callsBack)
                      pond.call("hold", "lent");
                  for (;;)
                      pause();
              }));
    return 1;
}

/// Subscribes, and never ends by itself.
int listen(const std::string &name)
{
    const Connection server = connect(name);
    const Subscription subscription = server["bell"].subscribe("rang", [] {});
    say("listening");
    for (;;)
        server.process(waitForever);
}

/// Calls through a mailbox that others use too, and says how many answers were not its own.
int echo(const DuckAddress &address, int calls)
{
    const Proxy proxy = openProxy(address);
    int wrong = 0;
    for (int i = 0; i < calls; ++i) {
        const std::string text = std::to_string(getpid()) + " " + std::to_string(i);
        wrong += proxy.call<std::string>("echo", text) == text ? 0 : 1;
    }
    say("wrong " + std::to_string(wrong));
    return 0;
}

} // namespace

int main(int argc, char **argv)
try {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that dies leaves nothing behind
    const std::string role = argc > 2 ? argv[1] : "";
    if (role == "serve")
        return serve(argv[2], parseOptions(argc - 3, argv + 3));
    if (role == "hold")
        return hold(argv[2]);
    if (role == "collect")
        return collect(argv[2]);
    if (role == "lend" || role == "lendWithin")
        return lend(argv[2], role == "lendWithin");
    if (role == "listen")
        return listen(argv[2]);
    if (role == "storm" && argc == 4)
        return storm(argv[2], std::stoi(argv[3]));
    if (role == "echo" && argc == 6)
        return echo({.id = std::stoull(argv[3]),
                     .segment = argv[2],
                     .bufsize = static_cast<std::uint32_t>(std::stoul(argv[4]))},
                    std::stoi(argv[5]));
    std::fputs(
        "decoy-test-peer serve|hold|collect|lend|lendWithin|listen NAME, storm NAME CALLS, or echo SEGMENT ID BUFSIZE CALLS\n",
        stderr);
    return 2;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
