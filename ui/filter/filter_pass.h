// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_predicate.h"
#include "filter/matching_rows.h"
#include "trace/frame_names.h"
#include "trace/frame_snapshot.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace decoy::ui {

/// Rows of one chunk that a pass looks at. What is known of the rows before `from` is taken over.
struct FilterTask {
    std::shared_ptr<const FrameChunk> chunk;
    Row from = 0;
    Row end = 0;
    std::shared_ptr<const ChunkMatches> known; ///< null for a chunk that is new
    // With `from` at the end there is nothing new, but frames may be looked at again whose answer is.
};

/// Once over a part of the frames, by as many threads as call work(). Its results are immutable and may be taken as they
/// come; what has been cancelled stops within a few hundred rows.
class FilterPass {
public:
    struct Order {
        std::shared_ptr<const FilterPredicate> predicate;
        FrameSnapshot frames;
        FrameNames names;
        Row seenBefore = 0; ///< rows below have been looked at by earlier passes
        std::vector<FilterTask> tasks;
        bool tellsEachChunk = false; ///< results are wanted one by one, not when all are there
    };

    /// `tell` is called by any of the threads when there are results to take, and when all is done.
    FilterPass(Order order, int threads, std::function<void()> tell);

    /// The work of one thread. Returns when there is nothing left to do.
    void work();
    void cancel() noexcept { m_cancelled = true; }

    /// The results since the last time.
    [[nodiscard]] MatchingRows::Chunks takeResults();
    /// True once all threads have done all; then takeResults() gives the rest.
    [[nodiscard]] bool isFinished() const noexcept { return m_finished.load(std::memory_order_acquire); }
    [[nodiscard]] const FrameSnapshot &frames() const noexcept { return m_order.frames; }

private:
    [[nodiscard]] std::shared_ptr<const ChunkMatches> run(FilterEvaluator &evaluator, const FilterTask &task);
    void noteEarlierFrames(const FilterTask &task, Row row, std::vector<Row> &earlier) const;
    void lookAgain();
    void addResult(std::shared_ptr<const ChunkMatches> result);

    const Order m_order;
    const std::function<void()> m_tell;
    std::atomic<std::size_t> m_nextTask = 0;
    std::atomic<int> m_working;
    std::atomic<bool> m_cancelled = false;
    std::atomic<bool> m_finished = false;

    std::mutex m_mutex;
    MatchingRows::Chunks m_results;
    std::vector<std::shared_ptr<const ChunkMatches>> m_all; ///< also those that were taken, for lookAgain()
    std::vector<Row> m_earlier;                             ///< frames of earlier passes whose answer has come
};

} // namespace decoy::ui
