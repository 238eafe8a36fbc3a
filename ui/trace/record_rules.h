// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/open_calls.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace decoy::ui {

/// What of the traffic is recorded: which kinds, and of which objects. What is none of these kinds, because a bad client sent it,
/// always is. A value.
struct RecordRules {
    enum Kind : std::uint8_t {
        Gets = 1,
        Sets = 2,
        Calls = 4,
        Releases = 8,  ///< calls of `__del__`
        Pending = 16,  ///< RESPONSE_PENDING frames of calls that are recorded
        Events = 32,   ///< EVENTs, and what ends a subscription
        Callbacks = 64 ///< the server's calls to what clients have lent, whatever they ask
    };
    static constexpr std::uint8_t everyKind = Gets | Sets | Calls | Releases | Pending | Events | Callbacks;

    std::uint8_t kinds = everyKind;
    std::vector<std::uint64_t> skippedObjects; ///< none of their frames is recorded; sorted

    [[nodiscard]] bool records(Kind kind) const noexcept { return kinds & kind; }
    [[nodiscard]] bool recordsObject(std::uint64_t id) const noexcept
    {
        return !std::ranges::binary_search(skippedObjects, id);
    }
    [[nodiscard]] bool recordsEverything() const noexcept { return kinds == everyKind && skippedObjects.empty(); }
    bool operator==(const RecordRules &) const = default;
};

/// Applies the rules, frame by frame, to whole conversations: the result of a request that was recorded is recorded, whatever
/// the rules say by then, and the result of one that was not is not. One thread only; costs one comparison a frame as long as
/// everything is recorded.
class RecordFilter {
public:
    void setRules(RecordRules rules);
    /// The next frame comes from a new tap: call ids start again.
    void beginCapture() noexcept;
    /// `bytes` is what was kept of the frame; it may be anything.
    [[nodiscard]] bool records(const FrameEvent &event, std::span<const std::byte> bytes) noexcept;

private:
    [[nodiscard]] bool recordsRequest(const FrameEvent &event, std::span<const std::byte> bytes) const noexcept;

    RecordRules m_rules;
    std::unique_ptr<OpenCalls> m_skipped; ///< calls whose request was not recorded; null until there may be one
    Row m_skippedRequests = 0;
};

} // namespace decoy::ui
