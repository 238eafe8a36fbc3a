// SPDX-License-Identifier: BSD-3-Clause

// A server that knows how often it took memory from the heap: `decoy-counting-server NAME`. Ends with its standard input.

#include "allocation_count.h"

#include <decoy/decoy.h>

#include <chrono>
#include <cstdio>

using namespace decoy;

namespace {

class Counted {
public:
    [[nodiscard]] int add(int x) const { return value + x; }
    void nothing() {}
    /// So long that a client that waits goes to sleep, and too short for a message that the call is pending.
    void linger() const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(300);
        while (std::chrono::steady_clock::now() < end) {}
    }
    int value = 100;
};

} // namespace

int main(int, char **argv)
try {
    ProxyServer server(argv[1]);
    server.bind(Class<Counted>("Counted")
                    .property("value", &Counted::value)
                    .method("add", &Counted::add, arg("x"))
                    .method("nothing", &Counted::nothing)
                    .method("linger", &Counted::linger)
                    .method("allocations", [](Counted &) { return test::allocationsOfThisProcess(); }));
    Counted counted;
    server.publish("counted", counted);
    server.run();
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {}
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
