// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// What statistics need of every frame: a few bytes read where they stand, without allocation or exceptions. decodeFrame()
// reads all of a frame, for rows that are visible; these are for frames that come by the hundred thousand.
//
// `bytes` is what was kept of a frame, prefix first; it may be anything. The views refer to it.

namespace decoy::ui {

/// The attribute or method of a request; empty for other frames and for what cannot be read.
[[nodiscard]] std::string_view peekMember(std::span<const std::byte> bytes) noexcept;

/// The name of an EVENT's event; empty for other frames and for what cannot be read.
[[nodiscard]] std::string_view peekEvent(std::span<const std::byte> bytes) noexcept;

/// A call that begins or ends a subscription: `__subscribe__(event, number)`, `__unsubscribe__(number)`.
struct PeekedSubscriptionCall {
    bool begins = false;
    std::uint64_t number = 0; ///< the client's own for it
};
/// Nothing for other frames, and for what cannot be read.
[[nodiscard]] std::optional<PeekedSubscriptionCall> peekSubscriptionCall(std::span<const std::byte> bytes) noexcept;

/// An object that a result handed out.
struct PeekedProxy {
    std::uint64_t object = 0;
    int level = 0; ///< of its chain
    std::string_view type;
};
/// Nothing for other frames, for those of the Duck lane, which has no types of its own, and for what cannot be read.
[[nodiscard]] std::optional<PeekedProxy> peekProxy(std::span<const std::byte> bytes) noexcept;

struct PeekedError {
    std::string_view type; ///< "InsufficientFunds", "ArgumentError"; empty where the lane does not tell
    std::string_view message;
};
/// Of a failed result. Both empty for what cannot be read.
[[nodiscard]] PeekedError peekError(std::span<const std::byte> bytes) noexcept;

} // namespace decoy::ui
