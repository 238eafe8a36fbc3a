// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <msgpack.hpp>

#include <cstdint>
#include <string>

namespace decoy {

/// One client's subscription to one event of one object, as its server has it in the books. A plain value.
struct SubscriptionInfo {
    std::int32_t process = 0;     ///< the client's
    std::uint32_t connection = 0; ///< its number at the server
    std::uint64_t number = 0; ///< the client's own for this subscription; frames of it have it as FrameEvent::callId
    std::uint64_t object = 0;
    std::string type;            ///< the object's
    std::string event;           ///< as the client has named it: an event, or an attribute that one tells of
    std::uint64_t delivered = 0; ///< events that were written into the client's ring
    std::uint64_t lost =
        0; ///< events that found no room there; what the client's own queue has no room for is not among them
    std::int64_t since = 0; ///< CLOCK_MONOTONIC, ns
    MSGPACK_DEFINE_MAP(process, connection, number, object, type, event, delivered, lost, since)
};

} // namespace decoy
