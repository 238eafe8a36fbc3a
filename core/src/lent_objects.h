// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "wire/request.h"

#include <decoy/proxy.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace decoy {

/// The stand-ins for all that one request lends, made before it is looked at any further: whatever becomes of the request, what nobody has
/// taken by then is given back when this goes. Immutable.
class LentObjects {
public:
    /// `client` is the lane back to the client. Throws DataDecodeError for an argument that is not written as it must be.
    [[nodiscard]] static std::shared_ptr<const LentObjects> of(const wire::RequestView &request,
                                                               const std::shared_ptr<detail::ClientLane> &client,
                                                               const Limits &limits);

    /// The proxy for an argument of that request; empty if it is other data.
    [[nodiscard]] Proxy find(const msgpack::object &argument, const Limits &limits) const;

private:
    std::vector<Proxy> m_proxies;
};

} // namespace decoy
