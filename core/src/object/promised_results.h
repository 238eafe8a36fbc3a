// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/error.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace decoy {
class LentObjects;
}

namespace decoy::object {

/// A request on the result of another call, which was not there yet when it came.
struct DependentRequest {
    std::uint64_t callId = 0;
    bool oneWay = false;
    std::vector<std::byte> frame;
    std::uint64_t within = 0; ///< as IncomingCall has them
    std::shared_ptr<const LentObjects> lent{};
};

/// What has become of a call that others may depend on.
struct PromisedResult {
    enum class Kind : std::uint8_t {
        Unknown, ///< never heard of it, or too long ago
        Pending,
        Object, ///< it gave `object`
        Other,  ///< it gave something that nothing can be called on
        Failed,
    };
    Kind kind = Kind::Unknown;
    std::uint64_t object = 0;
    std::shared_ptr<const Failure> failure;
};

/// The results of one client's latest calls, by call id, for requests that it made on them before it knew them. An id has one place, its
/// number modulo the table's size, which a later call takes over: the client does not begin one while it may refer to the
/// other. Costs nothing for a client that makes no such calls. Thread-safe.
class PromisedResults {
public:
    /// The table's size where a server takes that many calls of a client at once; both ends compute it.
    [[nodiscard]] static std::size_t sizeFor(std::uint32_t callsInFlight) noexcept;

    explicit PromisedResults(std::uint32_t callsInFlight) noexcept : m_size(sizeFor(callsInFlight)) {}

    /// Its result may be referred to from here on.
    void begin(std::uint64_t callId);
    /// The result of a call. While that is pending, `dependent` is taken and kept until it is not.
    [[nodiscard]] PromisedResult findOrWait(std::uint64_t callId, DependentRequest &dependent);
    /// Whether finish() has anything to do.
    [[nodiscard]] bool areAsked() const noexcept { return m_areAsked.load(std::memory_order_acquire); }
    /// The result of a call is known. Returns what has waited for it; only when that is nothing can others find the result: so
    /// whoever queues what is returned, and asks again until it is nothing, lets none of them be overtaken.
    [[nodiscard]] std::vector<DependentRequest> finish(std::uint64_t callId, const PromisedResult &result);
    /// The client is gone.
    void clear();

private:
    struct Place {
        std::uint64_t callId = 0;
        PromisedResult result;
    };
    [[nodiscard]] Place &place(std::uint64_t callId) noexcept { return m_places[callId & (m_size - 1)]; }

    const std::size_t m_size;
    std::atomic<bool> m_areAsked{false};
    std::mutex m_mutex; // the rest
    std::vector<Place> m_places;
    std::unordered_map<std::uint64_t, std::vector<DependentRequest>> m_dependents;
};

} // namespace decoy::object
