// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <algorithm>
#include <cstdint>

namespace decoy::ui {

/// Which rows somebody wants, as far as he knows by now. trace/ knows nothing of filters. Immutable; any thread may read it.
class RowSet {
public:
    virtual ~RowSet() = default;

    [[nodiscard]] virtual bool contains(Row row) const noexcept = 0;
    /// How many of the rows from `first` up to `end` it contains.
    [[nodiscard]] virtual std::uint64_t count(Row first, Row end) const noexcept = 0;
    /// The first row, `row` or behind it, of which it is not known yet whether it is one.
    [[nodiscard]] virtual Row seenFrom(Row row) const noexcept = 0;
    /// Of FrameSnapshot::generation(): rows of others mean nothing.
    [[nodiscard]] virtual std::uint64_t generation() const noexcept = 0;
    /// Two sets with another number say different things about the same rows.
    [[nodiscard]] virtual std::uint64_t rule() const noexcept = 0;
};

/// Whether both say the same of the rows from `first` up to `end`; null wants all.
[[nodiscard]] inline bool agree(const RowSet *one, const RowSet *other, Row first, Row end) noexcept
{
    if (!one || !other)
        return one == other;
    return one->rule() == other->rule() && one->generation() == other->generation()
        && one->count(first, end) == other->count(first, end);
}

/// Up to where it is known which of these frames are wanted, if it is known up to `next`.
[[nodiscard]] inline Row knownEnd(const RowSet *wanted, const FrameSnapshot &frames, Row next) noexcept
{
    if (!wanted)
        return frames.endRow();
    return wanted->generation() == frames.generation() ? std::min(frames.endRow(), wanted->seenFrom(next)) : next;
}

} // namespace decoy::ui
