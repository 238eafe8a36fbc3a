// SPDX-License-Identifier: BSD-3-Clause
#include "bench_server.h"

#include "placement.h"
#include "qt_echo.h"

#include <decoy/decoy.h>
#include <decoy/qt/qobject_target.h>

#include <deque>
#include <functional>
#include <numeric>
#include <optional>
#include <stop_token>
#include <thread>
#include <unistd.h>
#include <vector>

namespace decoy::bench {

namespace {

/// The target that nearly every case calls: as little work as possible, so that what is measured is the way to it.
class Echo {
public:
    int a = 100;
    int add(int x) { return x + 100; }
    Echo &self() { return *this; }
    int apply(const std::function<int(int)> &f, int x) { return f(x); }
    std::span<const std::byte> echo(std::span<const std::byte> bytes) { return bytes; }
    void tell(int times)
    {
        for (int i = 0; i < times; ++i)
            told(i);
    }

    Event<int> told;
};

/// Reads a tap as the monitor does: what has come, then a pause.
class TapReader {
public:
    explicit TapReader(ProxyServer &server)
        : m_tap(server.tap()), m_thread([this](const std::stop_token &stop) { read(stop); })
    {}

private:
    void read(const std::stop_token &stop)
    {
        const std::stop_callback wake(stop, [this] { m_tap->wake(); });
        while (!stop.stop_requested()) {
            if (m_tap->waitFor(std::chrono::seconds(1)))
                m_tap->drain([](const FrameEvent &, std::span<const std::byte>) {});
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    std::unique_ptr<Tap> m_tap;
    std::jthread m_thread;
};

void serve(const std::string &name, const ServerSetup &setup, const ChildProcess::Tell &ready, const Pipe &end)
{
    ServerOptions options;
    options.limits.bufsize = 2 * 1024 * 1024; // the largest case is 1 MiB
    options.maxChainLevel = 10;               // so long is the longest chain
    ProxyServer server(name, options);
    server.bind(Class<Echo>("Echo")
                    .property("a", &Echo::a)
                    .method("add", &Echo::add, arg("x"))
                    .method("self", &Echo::self)
                    .method("echo", &Echo::echo, arg("bytes"))
                    .method("apply", &Echo::apply, arg("f"), arg("x"))
                    .method("tell", &Echo::tell, arg("times"))
                    .event("told", &Echo::told, arg("number")));
    std::deque<Echo> objects(1 + setup.moreObjects);
    server.publish("echo", objects[0]);
    for (int i = 1; i <= setup.moreObjects; ++i)
        server.publish(std::to_string(i), objects[i]);
    std::vector<int> numbers(static_cast<std::size_t>(setup.numbers));
    std::iota(numbers.begin(), numbers.end(), 0);
    server.publish("numbers", numbers);
    std::optional<QtEchoThread> qobject;
    if (setup.hasQObject)
        publish(server, "qobject", &qobject.emplace().object());
    std::optional<TapReader> reader;
    if (setup.isWatched)
        reader.emplace(server);
    server.run();
    ready();
    (void)end.hear();
}

} // namespace

BenchServer::BenchServer(const Conditions &conditions, const ServerSetup &setup)
    : m_name("decoy-bench-" + std::to_string(getpid())), m_process([&](const ChildProcess::Tell &tell) {
          pin(conditions.pinning, Role::Server);
          serve(m_name, setup, tell, m_end);
          tell(); // to be killed: it has cleared away after itself
      })
{
    m_process.await();
}

BenchServer::~BenchServer()
{
    try {
        m_end.say();
        m_process.await();
    } catch (const std::exception &) { // it has ended before: its client has told that already
    }
}

} // namespace decoy::bench
