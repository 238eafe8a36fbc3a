// SPDX-License-Identifier: BSD-3-Clause
#include "client_lane.h"

namespace decoy::detail {

namespace {
[[noreturn]] void throwOneCallAtATime()
{
    throw ProxyError("a mailbox carries one call at a time: connect to the server with decoy::connect() instead");
}
} // namespace

bool ClientLane::start(const std::shared_ptr<AsyncCall> & /*call*/, const OutgoingRequest & /*request*/,
                       const StartOptions & /*options*/)
{
    throwOneCallAtATime();
}
bool ClientLane::await(AsyncCall & /*call*/, TimePoint /*deadline*/) { throwOneCallAtATime(); }
void ClientLane::follow(AsyncCall & /*call*/, std::shared_ptr<DueWork> /*next*/) { throwOneCallAtATime(); }
void ClientLane::abandon(AsyncCall & /*call*/) noexcept {}
bool ClientLane::process(std::chrono::milliseconds /*timeout*/) { throwOneCallAtATime(); }
int ClientLane::descriptor() { throwOneCallAtATime(); }
std::uint64_t ClientLane::listen(std::shared_ptr<EventReceiver> /*receiver*/)
{
    throw ProxyError("a mailbox carries no events: connect to the server with decoy::connect() instead");
}
void ClientLane::schedule(std::shared_ptr<DueWork> /*work*/) { throwOneCallAtATime(); }

namespace {
[[noreturn]] void throwTakesNothing()
{
    throw DataEncodeError(
        "a mailbox takes no objects or callbacks of its client: connect to the server with decoy::connect() "
        "instead");
}
} // namespace

std::uint64_t ClientLane::lend(std::shared_ptr<Target> /*target*/) { throwTakesNothing(); }
void ClientLane::bindClass(std::type_index /*type*/, std::shared_ptr<const ClassInfo> /*info*/) { throwTakesNothing(); }
std::shared_ptr<Target> ClientLane::wrap(std::type_index /*type*/, std::shared_ptr<void> /*object*/)
{
    throwTakesNothing();
}

} // namespace decoy::detail
