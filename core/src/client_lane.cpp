// SPDX-License-Identifier: BSD-3-Clause
#include "client_lane.h"

namespace decoy::detail {

namespace {
[[noreturn]] void throwOneCallAtATime()
{
    throw ProxyError("a mailbox carries one call at a time: connect to the server with decoy::connect() instead");
}
} // namespace

bool ClientLane::process(std::chrono::milliseconds /*timeout*/) { throwOneCallAtATime(); }
int ClientLane::descriptor() { throwOneCallAtATime(); }

} // namespace decoy::detail
