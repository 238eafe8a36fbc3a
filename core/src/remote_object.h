// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace decoy::detail {

/// One reference to an object of a server, shared by all copies of a proxy. Released when the last copy goes, or before.
class RemoteObject {
public:
    /// `isCounted` is false for a root that the server never counted, such as the directory. `timeout` is what proxies of it
    /// begin with.
    RemoteObject(std::shared_ptr<ClientLane> lane, std::uint64_t id, std::string typeName, int level, bool isCounted,
                 std::chrono::milliseconds timeout)
        : m_lane(std::move(lane)), m_id(id), m_typeName(std::move(typeName)), m_level(level),
          m_holdsReference(isCounted), m_timeout(timeout)
    {}
    ~RemoteObject() { release(); }
    RemoteObject(const RemoteObject &) = delete;
    RemoteObject &operator=(const RemoteObject &) = delete;

    [[nodiscard]] ClientLane &lane() const noexcept { return *m_lane; }
    [[nodiscard]] const std::shared_ptr<ClientLane> &sharedLane() const noexcept { return m_lane; }
    [[nodiscard]] std::uint64_t id() const noexcept { return m_id; }
    [[nodiscard]] const std::string &typeName() const noexcept { return m_typeName; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return m_timeout; }

    [[nodiscard]] int level() const noexcept { return m_level.load(std::memory_order_relaxed); }
    /// The reference's rule: a result that is no proxy ends the chain.
    void resetLevel() noexcept
    {
        if (level() > 0)
            m_level.store(0, std::memory_order_relaxed);
    }

    [[nodiscard]] bool isReleased() const noexcept { return m_released.load(std::memory_order_relaxed); }
    void release() noexcept
    {
        if (!m_released.exchange(true) && m_holdsReference)
            postRelease(*m_lane, m_id);
    }

private:
    const std::shared_ptr<ClientLane> m_lane;
    const std::uint64_t m_id;
    const std::string m_typeName;
    std::atomic<int> m_level;
    const bool m_holdsReference;
    const std::chrono::milliseconds m_timeout;
    std::atomic<bool> m_released{false};
};

} // namespace decoy::detail
