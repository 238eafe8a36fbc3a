// SPDX-License-Identifier: BSD-3-Clause
#include "server_process.h"

#include <decoy/decoy.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace decoy::bench {

namespace {

/// The target that every case calls: as little work as possible, so that what is measured is the way to it.
class Echo {
public:
    int a = 100;
    int add(int x) { return x + 100; }
    const std::vector<std::byte> &echo(const std::vector<std::byte> &bytes)
    {
        m_bytes = bytes;
        return m_bytes;
    }

private:
    std::vector<std::byte> m_bytes;
};

void serve(const std::string &name, int readyPipe)
{
    ServerOptions options;
    options.limits.bufsize = 2 * 1024 * 1024; // the largest case is 1 MiB
    ProxyServer server(name, options);
    server.bind(Class<Echo>("Echo")
                    .property("a", &Echo::a)
                    .method("add", &Echo::add, arg("x"))
                    .method("echo", &Echo::echo, arg("bytes")));
    Echo echo;
    server.publish("echo", echo);
    server.run();
    const char ready = 1;
    if (write(readyPipe, &ready, 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

} // namespace

void pin(Pinning pinning, bool isServer)
{
    if (pinning == Pinning::None)
        return;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(pinning == Pinning::Split && isServer ? 1 : 0, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

ServerProcess::ServerProcess(Pinning pinning) : m_name("decoy-bench-" + std::to_string(getpid()))
{
    int pipes[2] = {};
    if (pipe(pipes) != 0)
        std::abort();
    const pid_t parent = getpid();
    m_process = fork();
    if (m_process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        close(pipes[0]);
        pin(pinning, true);
        serve(m_name, pipes[1]);
    }
    close(pipes[1]);
    char ready = 0;
    const bool isReady = read(pipes[0], &ready, 1) == 1;
    close(pipes[0]);
    if (!isReady) {
        std::fprintf(stderr, "decoy-bench: the server process died before it was ready\n");
        std::exit(1);
    }
}

ServerProcess::~ServerProcess()
{
    if (m_process <= 0)
        return;
    kill(m_process, SIGKILL);
    waitpid(m_process, nullptr, 0);
}

} // namespace decoy::bench
