// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <span>
#include <vector>

namespace decoy::ui {

/// What one byte of a mailbox is for.
struct ByteMeaning {
    enum class Part : quint8 {
        Length,
        Opcode,
        Frame,    ///< the rest of the frame that stands there
        Leftover, ///< behind it: what a longer frame has left, or c1 that covers that
        Unused,   ///< behind it: never written
        Unknown   ///< nobody can say: there is no frame
    };
    Part part = Part::Unused;
    int group = 0;       ///< neighbours with the same number say one thing together
    QString brief;       ///< "object 6", "'s'"; of a group: the same for all of it
    QString explanation; ///< a sentence
};

[[nodiscard]] QString partName(ByteMeaning::Part part);

/// Explains every byte, whatever the bytes are: one meaning for each.
[[nodiscard]] std::vector<ByteMeaning> mailboxMeaning(std::span<const std::byte> bytes);

} // namespace decoy::ui
