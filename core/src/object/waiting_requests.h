// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace decoy::object {

/// Which requests of one client wait for their turn, so that it can take them back. Each is answered by one side: by whoever goes on
/// with it, or by whoever cancels it. Thread-safe.
class WaitingRequests {
public:
    /// What the answer to one needs.
    struct Request {
        std::uint64_t object = 0;
        std::int64_t taken = 0; ///< as trace::CallTrace has them
        std::uint64_t refusedBy = 0;
    };

    void add(std::uint64_t callId, const Request &request)
    {
        const std::lock_guard lock(m_mutex);
        m_requests[callId] = request;
    }
    /// It waits no longer: nothing if somebody else has said so already.
    [[nodiscard]] std::optional<Request> take(std::uint64_t callId)
    {
        const std::lock_guard lock(m_mutex);
        const auto node = m_requests.extract(callId);
        return node.empty() ? std::nullopt : std::optional(node.mapped());
    }

private:
    std::mutex m_mutex;
    std::unordered_map<std::uint64_t, Request> m_requests;
};

} // namespace decoy::object
