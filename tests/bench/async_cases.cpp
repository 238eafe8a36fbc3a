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

} // namespace

Cases asyncCases()
{
    return {
        {decoyPeer, "async64", "64 calls of one thread in flight, answered and sent by 16",
         oneCaller({.callsARound = callsARound}, {},
                   [](const Connection &connection) {
                       return [window = std::make_shared<Window>(connection["echo"])](int) { return window->turn(); };
                   })},
    };
}

} // namespace decoy::bench
