// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/frame.h>
#include <decoy/tap.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::cli {

/// Says in a line what each frame of a server's traffic asks or answers: `account.deposit(50) -> 150`.
/// Remembers open calls, so it has to see the frames in order. Never trusts their bytes. One thread at a time.
class TrafficText {
public:
    /// `objects` are those that have names.
    explicit TrafficText(const std::vector<ObjectInfo> &objects);

    /// `bytes` is what was kept of the frame, prefix first.
    [[nodiscard]] std::string describe(const FrameEvent &event, std::span<const std::byte> bytes);

private:
    using Call = std::tuple<std::uint32_t, Conversation, std::uint64_t>; ///< connection, kind and call id
    [[nodiscard]] static Call callOf(const FrameEvent &event) noexcept
    {
        return {event.connection, event.conversation, event.callId};
    }

    [[nodiscard]] std::string request(const FrameEvent &event, std::span<const std::byte> bytes);
    [[nodiscard]] std::string answer(const FrameEvent &event, std::span<const std::byte> bytes);
    [[nodiscard]] std::string told(const FrameEvent &event, std::span<const std::byte> bytes) const;
    [[nodiscard]] std::string result(const FrameEvent &event, std::span<const std::byte> bytes);
    [[nodiscard]] std::string resultValue(const Frame &frame, Lane lane);
    [[nodiscard]] std::string objectName(std::uint64_t id) const;
    [[nodiscard]] std::string askedName(const FrameEvent &event, std::string_view member) const;
    void remember(Call call, const std::string &text);

    const std::unordered_map<std::uint64_t, std::string> m_published;
    std::unordered_map<std::uint64_t, std::string> m_chained; ///< types, learnt from the results that hand them out
    std::map<Call, std::string> m_open;
};

} // namespace decoy::cli
