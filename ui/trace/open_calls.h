// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace decoy::ui {

/// Conversations that go on: where the last frame of each is. Mostly calls that wait for their result. Bounded and free of allocations, however many
/// calls are never answered: when there is no place left, the oldest of the candidates is forgotten. One thread only.
class OpenCalls {
public:
    struct Key {
        std::uint32_t connection = 0;
        Conversation conversation =
            Conversation::Call; ///< a client numbers its calls and its subscriptions each for itself
        std::uint64_t callId = 0;
        bool operator==(const Key &) const = default;

        [[nodiscard]] static Key of(const FrameEvent &event) noexcept
        {
            return {event.connection, event.conversation, event.callId};
        }
    };

    OpenCalls();

    /// The call's last frame so far, or noRow.
    [[nodiscard]] Row find(const Key &key) const noexcept;
    /// What remember() was told beside the row, or `otherwise`.
    [[nodiscard]] std::uint32_t tag(const Key &key, std::uint32_t otherwise) const noexcept;
    /// Remembers `row` as the call's last frame, and with it a number that means something to the owner.
    void remember(const Key &key, Row row, std::uint32_t tag = 0) noexcept;
    void forget(const Key &key) noexcept;
    void clear() noexcept;

private:
    struct Slot {
        Key key;
        Row row = noRow; ///< noRow: free
        std::uint32_t tag = 0;
    };
    [[nodiscard]] const Slot *slotOf(const Key &key) const noexcept;
    [[nodiscard]] Slot &placeFor(const Key &key) noexcept;

    std::vector<Slot> m_slots;
};

} // namespace decoy::ui
