// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_evaluator.h"
#include "trace/frame_record.h"
#include "trace/row_set.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace decoy::ui {

/// Which rows of one chunk a filter matches, as offsets from the chunk's first row, in order.
struct ChunkMatches {
    Row firstRow = 0;
    Row endRow = 0; ///< up to where it has been looked at
    std::vector<std::uint32_t> offsets;
    UnknownNames unknown; ///< names that might have made a difference
};

/// The rows that a filter matches, as far as it has run. Immutable: a view keeps one and knows that it stays.
class MatchingRows final : public RowSet {
public:
    using Chunks = std::vector<std::shared_ptr<const ChunkMatches>>;

    MatchingRows() = default;
    /// `chunks` in the order of rows. `generation` is that of the frames; `rule` is another one for each filter.
    MatchingRows(Chunks chunks, std::uint64_t generation, std::uint64_t rule, bool isComplete);

    [[nodiscard]] std::uint64_t size() const noexcept { return m_ends.empty() ? 0 : m_ends.back(); }
    /// `index` must be less than size().
    [[nodiscard]] Row at(std::uint64_t index) const noexcept;
    /// How many matching rows stand before `row`: the index of the first that does not.
    [[nodiscard]] std::uint64_t lowerBound(Row row) const noexcept;
    [[nodiscard]] bool contains(Row row) const noexcept override;
    [[nodiscard]] std::uint64_t count(Row first, Row end) const noexcept override;
    [[nodiscard]] Row seenFrom(Row row) const noexcept override;

    [[nodiscard]] std::uint64_t generation() const noexcept override { return m_generation; }
    [[nodiscard]] std::uint64_t rule() const noexcept override { return m_rule; }
    /// Whether every frame that there was has been looked at. If not, there are more to come anywhere in between.
    [[nodiscard]] bool isComplete() const noexcept { return m_isComplete; }
    /// Whether this row has been looked at.
    [[nodiscard]] bool hasSeen(Row row) const noexcept;

private:
    [[nodiscard]] std::size_t chunkBefore(Row row) const noexcept;

    Chunks m_chunks;
    std::vector<std::uint64_t> m_ends; ///< matching rows up to the end of each chunk
    std::uint64_t m_generation = 0;
    std::uint64_t m_rule = 0;
    bool m_isComplete = false;
};

} // namespace decoy::ui
