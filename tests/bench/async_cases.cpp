// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"

#include <decoy/batch.h>

#include <deque>
#include <memory>

namespace decoy::bench {

namespace {

constexpr std::uint64_t callsARound = 16;

/// Keeps 64 calls under way: each round takes the answers of the oldest ones, and sends as many new calls.
class Window {
public:
    explicit Window(Proxy echo) : m_echo(std::move(echo)) {}

    bool turn()
    {
        bool isRight = true;
        for (; m_flying.size() > callsInFlight - callsARound; m_flying.pop_front())
            isRight &= m_flying.front().get() == m_received++ + 100;
        Batch batch;
        for (std::uint64_t i = 0; i < callsARound; ++i)
            m_flying.push_back(batch.call<int>(m_echo, "add", m_sent++));
        return isRight;
    }

private:
    static constexpr std::size_t callsInFlight = 64;
    Proxy m_echo;
    std::deque<Future<int>> m_flying;
    int m_sent = 0;
    int m_received = 0;
};

/// A chain of ten calls, each on the result of the one before; one wait, for the last.
bool callThroughChain(const Proxy &echo, int round)
{
    Future<Proxy> last = echo.callAsync<Proxy>("self");
    for (int i = 0; i < 8; ++i)
        last = last.call<Proxy>("self");
    return last.call<int>("add", round).get() == round + 100;
}

} // namespace

Cases asyncCases()
{
    using namespace std::chrono_literals;
    return {
        {decoyPeer, "pipelined10", "10 chained calls pipelined, after 1 ms of silence",
         oneCaller({1000, 2.5s, 1ms}, callThroughChain)},
        {decoyPeer, "async64", "64 calls of one thread in flight, answered and sent by 16",
         oneCaller({.callsARound = callsARound}, {},
                   [](const Connection &connection) {
                       return [window = std::make_shared<Window>(connection["echo"])](int) { return window->turn(); };
                   })},
    };
}

} // namespace decoy::bench
