// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/served_process.h"

#include <decoy/connection.h>

#include <chrono>

namespace decoy::test {

/// Handles events until a fact.
template <class Condition>
void processUntil(const Connection &connection, Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
    while (!condition() && std::chrono::steady_clock::now() < end)
        connection.process(std::chrono::milliseconds(patience));
}

} // namespace decoy::test
