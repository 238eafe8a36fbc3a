// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bench_case.h"
#include "bench_server.h"

#include <decoy/connection.h>

#include <utility>

namespace decoy::bench {

/// The run of a case in which one thread calls a server of its own. `prepare` gets the connection and returns what is timed:
/// a function of the number of the round that says whether the answer was right.
template <class Prepare>
[[nodiscard]] auto oneCaller(Plan plan, ServerSetup setup, Prepare prepare)
{
    return [=](const Conditions &conditions) -> Outcome {
        const BenchServer server(conditions, setup);
        const Connection connection = connect(server.name());
        return measure(conditions.adjusted(plan), {server.id()}, prepare(connection));
    };
}

/// The same where `call` needs the object "echo" only.
template <class Call>
[[nodiscard]] auto oneCaller(Plan plan, Call call)
{
    return oneCaller(plan, {}, [call](const Connection &connection) {
        return [call, echo = connection["echo"]](int round) { return call(echo, round); };
    });
}

/// The call that most cases make.
[[nodiscard]] inline bool callWithInt(const Proxy &object, int round)
{
    return object.call<int>("add", round) == round + 100;
}

} // namespace decoy::bench
