// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_predicate.h"
#include "filter/frame_reader.h"
#include "trace/frame_names.h"
#include "trace/frame_snapshot.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace decoy::ui {

/// Objects and processes whose names were asked for and are not known, so that rows can be looked at again when they are.
struct UnknownNames {
    std::vector<std::uint64_t> objects;
    std::vector<std::int32_t> processes;
};

/// Asks a predicate about frames. One for each thread: it remembers names, and has room for one decoded value. Predicate,
/// snapshot and names must outlive it.
class FilterEvaluator {
public:
    FilterEvaluator(const FilterPredicate &predicate, const FrameSnapshot &frames, const FrameNames &names);

    /// `row` must be in `chunk`, and `chunk` one of the snapshot's.
    [[nodiscard]] bool matches(const FrameChunk &chunk, Row row);
    /// The same for a row from anywhere in the snapshot.
    [[nodiscard]] bool matches(Row row);
    /// The same for a frame that is not in the snapshot, and of whose call nothing is there.
    [[nodiscard]] bool matches(const FrameRecord &frame, std::span<const std::byte> bytes);

    /// The names that were missed since the last time; only the latest of very many.
    [[nodiscard]] UnknownNames takeUnknownNames();

private:
    /// What was found out about the frame at hand. Filled in as it is needed.
    struct Current {
        const FrameChunk *chunk = nullptr; ///< null: the bytes are here
        std::span<const std::byte> bytes = {};
        const FrameRecord *record = nullptr;
        Row row = noRow;
        Row request = noRow;
        Row result = noRow;
        bool knowsRequest = false;
        bool knowsResult = false;
    };
    using Memory = std::unordered_map<std::uint64_t, bool>;

    [[nodiscard]] bool holds(const FilterTest &test);
    [[nodiscard]] bool comparisonHolds(const FilterTest &test);
    [[nodiscard]] bool numberHolds(const FilterTest &test, std::int64_t number) const noexcept;
    [[nodiscard]] bool opcodeHolds(const FilterTest &test) const;
    [[nodiscard]] bool laneHolds(const FilterTest &test) const;
    [[nodiscard]] bool lentObjectHolds(const FilterTest &test);
    [[nodiscard]] bool objectHolds(const FilterTest &test);
    [[nodiscard]] bool typeHolds(const FilterTest &test);
    [[nodiscard]] bool processHolds(const FilterTest &test);
    [[nodiscard]] bool memberHolds(const FilterTest &test);
    [[nodiscard]] bool latencyHolds(const FilterTest &test);
    [[nodiscard]] bool errorHolds(const FilterTest &test);
    [[nodiscard]] bool valueHolds(const FilterTest &test);
    [[nodiscard]] bool oneValueHolds(const FilterTest &test, MsgpackReader &value);

    [[nodiscard]] const FrameEvent &event() const noexcept { return m_current.record->event; }
    /// The request of the frame's call (itself, if it is one), and its result; noRow where there is none.
    [[nodiscard]] Row request();
    [[nodiscard]] Row result();
    [[nodiscard]] std::span<const std::byte> bytesOf(Row row) const;
    [[nodiscard]] const FrameEvent &askedEvent();
    [[nodiscard]] bool *remembered(const FilterTest &test, std::uint64_t number, bool &isNew);

    const FilterPredicate &m_predicate;
    const FrameSnapshot &m_frames;
    const FrameNames &m_names;
    Current m_current;
    std::vector<Memory> m_memories;
    UnknownNames m_unknown;
    std::string m_text;
};

} // namespace decoy::ui
