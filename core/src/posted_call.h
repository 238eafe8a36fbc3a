// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "wire/request.h"

#include <decoy/frame.h>
#include <decoy/pack_buffer.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace decoy::detail {

/// Posts a call that nobody waits for, as short as it can be written: without arguments and keywords that there are not.
/// The buffer is none of the thread's own: what posts may be destroyed when those are gone already.
template <class... Args>
void postCall(ClientLane &lane, std::uint64_t object, std::string_view method, const Args &...args) noexcept
{
    constexpr std::size_t largest = 64;
    PackBuffer request(largest);
    wire::beginFrame(request);
    msgpack::packer<PackBuffer> packer(request);
    packer.pack_array(2);
    packer.pack(static_cast<int>(ProxyOpCode::Execute));
    packer.pack_array(sizeof...(args) ? 3 : 2);
    packer.pack(object);
    packer.pack(method);
    if constexpr (sizeof...(args) > 0) {
        packer.pack_array(sizeof...(args));
        (packer.pack(args), ...);
    }
    wire::endFrame(request, "a call that nobody waits for", largest);
    lane.post(request.bytes());
}

} // namespace decoy::detail
