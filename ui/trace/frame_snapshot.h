// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_chunk.h"

#include <memory>
#include <span>
#include <vector>

namespace decoy::ui {

/// The frames that a FrameStore had at one moment. A cheap value: it shares the store's chunks and keeps them alive, so rows
/// can be read from any thread, without locks, while the store goes on, discards or is cleared.
///
/// Hold it for a tick, not for ever: chunks that the store has discarded are freed with the last snapshot of them.
class FrameSnapshot {
public:
    using Chunks = std::vector<std::shared_ptr<FrameChunk>>;

    FrameSnapshot() = default;
    FrameSnapshot(std::shared_ptr<const Chunks> chunks, std::uint64_t generation, std::int64_t origin) noexcept;

    [[nodiscard]] Row firstRow() const noexcept { return m_first; }
    [[nodiscard]] Row endRow() const noexcept { return m_end; }
    [[nodiscard]] std::uint64_t size() const noexcept { return m_end - m_first; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_end == m_first; }
    [[nodiscard]] bool contains(Row row) const noexcept { return row >= m_first && row < m_end; }

    /// Counts how often the store was cleared: rows of different generations have nothing to do with each other.
    [[nodiscard]] std::uint64_t generation() const noexcept { return m_generation; }
    /// When the first frame since the last clear() came; CLOCK_MONOTONIC, ns. Times are shown relative to it.
    [[nodiscard]] std::int64_t origin() const noexcept { return m_origin; }

    /// `row` must be contained. Valid as long as this snapshot or a copy of it lives.
    [[nodiscard]] const FrameRecord &record(Row row) const noexcept { return chunk(row).record(row); }
    [[nodiscard]] const FrameEvent &event(Row row) const noexcept { return record(row).event; }
    [[nodiscard]] std::span<const std::byte> bytes(Row row) const noexcept;

    /// The neighbours of a frame in its own call (request, PENDING, result), or of an EVENT in its subscription; noRow where there
    /// is none (any more).
    [[nodiscard]] Row previousInCall(Row row) const noexcept;
    [[nodiscard]] Row nextInCall(Row row) const noexcept;
    /// The request's result and the other way round; for a PENDING its request. noRow where there is none, and for an EVENT.
    [[nodiscard]] Row partner(Row row) const noexcept;

    /// The chunks, oldest first, for work on all frames. Each may hold rows beyond endRow(): leave those alone.
    [[nodiscard]] const Chunks &chunks() const noexcept { return *m_chunks; }

private:
    [[nodiscard]] const FrameChunk &chunk(Row row) const noexcept;

    std::shared_ptr<const Chunks> m_chunks = std::make_shared<const Chunks>();
    Row m_first = 0;
    Row m_end = 0;
    std::uint64_t m_generation = 0;
    std::int64_t m_origin = 0;
};

} // namespace decoy::ui
