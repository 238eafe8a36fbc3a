// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client_lane.h"
#include "recycled.h"
#include "remote_object.h"

#include <decoy/proxy.h>
#include <decoy/value.h>

#include <array>
#include <atomic>
#include <memory>
#include <utility>

namespace decoy::detail {

/// A buffer of the calling thread for a request that goes over `lane`.
[[nodiscard]] BorrowedBuffer borrowBuffer(ClientLane &lane);
/// A result frame as the value that it is; throws the failure that it may be. `asked` is the object that the call was made on.
[[nodiscard]] Value valueOf(const std::shared_ptr<RemoteObject> &asked, std::span<const std::byte> frame,
                            std::chrono::milliseconds timeout);

/// A call under way, and then its answer, as bytes until somebody takes it.
class RemoteCall final : public AsyncCall {
public:
    [[nodiscard]] static std::shared_ptr<RemoteCall> make(std::shared_ptr<RemoteObject> asked,
                                                          std::chrono::milliseconds timeout)
    {
        return std::allocate_shared<RemoteCall>(Recycled<RemoteCall>(), std::move(asked), timeout);
    }
    /// For make().
    RemoteCall(std::shared_ptr<RemoteObject> asked, std::chrono::milliseconds timeout) noexcept
        : m_asked(std::move(asked)), m_timeout(timeout)
    {}
    ~RemoteCall() override;

    bool waitUntil(TimePoint deadline) override
    {
        return (isReady() && !m_isFollowed) || lane().await(*this, deadline);
    }
    void follow(std::shared_ptr<DueWork> follower) override
    {
        m_isFollowed = true;
        lane().follow(*this, std::move(follower));
    }
    void abandon() noexcept override { lane().abandon(*this); }
    CancelOutcome cancel() override;
    [[nodiscard]] bool isCall() const noexcept override { return true; }
    Value takeAnswer() override;

    /// The answer, which can still be taken afterwards.
    [[nodiscard]] const Value &arrived();
    /// A call on its result.
    [[nodiscard]] std::shared_ptr<RemoteCall> makeDependent() const;
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return m_timeout; }
    [[nodiscard]] ClientLane &lane() const noexcept { return m_asked->lane(); }

    void answered(std::vector<std::byte> &frame) override;
    void failed(ErrorKind kind, const std::string &reason) override;

private:
    [[nodiscard]] std::span<const std::byte> frame() const noexcept;

    const std::shared_ptr<RemoteObject> m_asked;
    const std::chrono::milliseconds m_timeout;
    std::array<std::byte, 64> m_small{}; // most answers fit, and cost no memory of their own
    std::uint32_t m_smallSize = 0;
    ErrorKind m_kind = ErrorKind::ProxyError;
    std::vector<std::byte> m_large;
    std::string m_reason; // not empty: it failed without an answer
    std::unique_ptr<Value> m_arrived;
    bool m_isTaken = false;
    std::atomic<bool> m_isFollowed{false};
};

} // namespace decoy::detail
