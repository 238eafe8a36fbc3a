// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"

#include <decoy/lending.h>
#include <decoy/subscription.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace decoy::bench {

namespace {

bool getAttribute(const Proxy &echo, int) { return echo.get<int>("a") == 100; }

bool setAttribute(const Proxy &echo, int)
{
    echo.set("a", 100);
    return true;
}

template <std::size_t size>
bool echoBytes(const Proxy &echo, int round)
{
    static std::vector<std::byte> bytes(size);
    bytes[5] = static_cast<std::byte>(round);
    const Value result = echo.call("echo", bytes);
    const msgpack::object &answer = result.object();
    return answer.type == msgpack::type::BIN && answer.via.bin.size == size
        && answer.via.bin.ptr[5] == static_cast<char>(round);
}

/// Calls on many objects in turn: each call finds another one, of all that its client holds.
auto callInTurn(int objects)
{
    return [objects](const Conditions &conditions) {
        const int live = conditions.adjusted(objects);
        const auto run = oneCaller({200'000, Seconds(1)}, {.moreObjects = live}, [live](const Connection &connection) {
            std::vector<Proxy> proxies;
            for (int i = 1; i <= live; ++i)
                proxies.push_back(connection[std::to_string(i)]);
            return [proxies](int round) { return callWithInt(proxies[round % proxies.size()], round); };
        });
        return run(conditions);
    };
}

auto callWatched(bool isWatched)
{
    return oneCaller({200'000, Seconds(1)}, {.isWatched = isWatched}, [](const Connection &connection) {
        return [echo = connection["echo"]](int round) { return callWithInt(echo, round); };
    });
}

/// The server calls its client back, within the call, and then perhaps the client the server.
auto callBack(bool again)
{
    return oneCaller({100'000, Seconds(1)}, {}, [again](const Connection &connection) {
        const Proxy echo = connection["echo"];
        const Lent f = callback([echo, again](int x) { return again ? echo.call<int>("add", x) : x + 100; });
        return [echo, f](int round) { return echo.call<int>("apply", f, round) == round + 100; };
    });
}

/// Each round asks for a batch of events, and is over when the last one was handled. None may be lost.
auto receiveEvents()
{
    static constexpr int batch = 1000; // far less than half of the ring
    const Plan plan{.calls = 200'000, .seconds = Seconds(2.5), .callsARound = batch};
    return oneCaller(plan, {}, [](const Connection &connection) {
        struct State {
            explicit State(const Connection &server) : connection(server) {}
            const Connection connection;
            const Proxy echo = connection["echo"];
            int handled = 0;
            bool isRight = true;
            const Subscription subscription = echo.subscribe("told",
                                                             [this](int number) { isRight &= number == handled++; });
        };
        return [state = std::make_shared<State>(connection)](int) {
            state->handled = 0;
            state->echo.call("tell", batch);
            while (state->handled < batch && state->connection.process(std::chrono::seconds(1))) {}
            return state->isRight && state->handled == batch;
        };
    });
}

} // namespace

Cases callCases()
{
    using namespace std::chrono_literals;
    return {
        {decoyPeer, "int", "call with an int, back to back", oneCaller({200'000, 2.5s}, callWithInt)},
        {decoyPeer, "get", "attribute read", oneCaller({200'000, 2.5s}, getAttribute)},
        {decoyPeer, "set", "attribute written", oneCaller({200'000, 2.5s}, setAttribute)},
        {decoyPeer, "int1ms", "call with an int after 1 ms of silence: both ends asleep",
         oneCaller({1000, 2.5s, 1ms}, callWithInt)},
        {decoyPeer, "4K", "4 KiB there and back", oneCaller({30'000, 2.5s}, echoBytes<4096>)},
        {decoyPeer, "1M", "1 MiB there and back", oneCaller({2000, 2.5s}, echoBytes<1024 * 1024>)},
        {decoyPeer, "objects1", "int calls where one object lives", callInTurn(1)},
        {decoyPeer, "objects100", "int calls on 100 live objects in turn", callInTurn(100)},
        {decoyPeer, "objects10000", "int calls on 10,000 live objects in turn", callInTurn(10'000)},
        {decoyPeer, "callback", "a call within which the server calls a function of its client", callBack(false)},
        {decoyPeer, "within", "the same where that function calls the server", callBack(true)},
        {decoyPeer, "events", "events to one subscriber, asked for by the thousand", receiveEvents()},
        {decoyPeer, "tapoff", "int calls that nobody watches", callWatched(false)},
        {decoyPeer, "tapon", "int calls watched by a tap whose reader keeps up", callWatched(true)},
    };
}

} // namespace decoy::bench
