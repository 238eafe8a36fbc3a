// SPDX-License-Identifier: BSD-3-Clause
// Uses the installed library as a stranger would: serves an object and calls it through a proxy.
#include <decoy/decoy.h>

#include <unistd.h>

#include <iostream>
#include <string>

struct Counter {
    int a = 100;
    int add(int x) { return a += x; }
};

int main()
{
    Counter counter;
    decoy::ProxyServer server("consumer-" + std::to_string(getpid()));
    server.bind(
        decoy::Class<Counter>("Counter").property("a", &Counter::a).method("add", &Counter::add, decoy::arg("x")));
    server.publish("counter", counter);
    server.run();

    const decoy::Proxy proxy = decoy::connect(server.name())["counter"];
    const int sum = proxy.call("add", 5);
    std::cout << "100 + 5 = " << sum << '\n';
    return sum == 105 && counter.a == 105 ? 0 : 1;
}
