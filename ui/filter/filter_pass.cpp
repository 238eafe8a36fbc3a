// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_pass.h"

#include "filter/filter_evaluator.h"

#include <algorithm>
#include <iterator>

namespace decoy::ui {

namespace {

/// How often a thread asks whether the filter still wants to know.
constexpr Row rowsBetweenLooks = 256;
/// A call's frames are few; see FrameSnapshot::partner().
constexpr int longestCall = 8;
/// Names that are missed for so long will hardly become known.
constexpr std::size_t mostUnknown = 1024;

template <typename Number>
void appendLatest(std::vector<Number> &unknown, const std::vector<Number> &missed)
{
    unknown.insert(unknown.end(), missed.begin(), missed.end());
    if (unknown.size() > mostUnknown)
        unknown.erase(unknown.begin(), unknown.end() - mostUnknown);
}

} // namespace

FilterPass::FilterPass(Order order, int threads, std::function<void()> tell)
    : m_order(std::move(order)), m_tell(std::move(tell)), m_working(threads)
{}

void FilterPass::work()
{
    {
        FilterEvaluator evaluator(*m_order.predicate, m_order.frames, m_order.names);
        for (std::size_t task = m_nextTask++; task < m_order.tasks.size() && !m_cancelled; task = m_nextTask++) {
            if (m_order.tasks[task].from == m_order.tasks[task].end)
                continue; // only there for lookAgain()
            auto result = run(evaluator, m_order.tasks[task]);
            if (!result)
                break;
            addResult(std::move(result));
            if (m_order.tellsEachChunk)
                m_tell();
        }
    }
    if (--m_working > 0 || m_cancelled)
        return;
    lookAgain();
    m_finished.store(true, std::memory_order_release);
    m_tell();
}

MatchingRows::Chunks FilterPass::takeResults()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_results, {});
}

void FilterPass::addResult(std::shared_ptr<const ChunkMatches> result)
{
    const std::scoped_lock lock(m_mutex);
    m_results.push_back(result);
    m_all.push_back(std::move(result));
}

std::shared_ptr<const ChunkMatches> FilterPass::run(FilterEvaluator &evaluator, const FilterTask &task)
{
    auto result = std::make_shared<ChunkMatches>();
    result->firstRow = task.chunk->firstRow();
    result->endRow = task.end;
    if (task.known && task.from > result->firstRow) {
        const auto end = std::ranges::lower_bound(task.known->offsets, task.from - result->firstRow);
        result->offsets.assign(task.known->offsets.begin(), end);
        result->unknown = task.known->unknown;
    }
    std::vector<Row> earlier;
    for (Row row = task.from; row < task.end; ++row) {
        if ((row - task.from) % rowsBetweenLooks == 0 && m_cancelled)
            return {};
        if (evaluator.matches(*task.chunk, row))
            result->offsets.push_back(static_cast<std::uint32_t>(row - result->firstRow));
        if (m_order.predicate->dependsOnAnswer() && task.chunk->record(row).event.isAnswer())
            noteEarlierFrames(task, row, earlier);
    }
    const UnknownNames missed = evaluator.takeUnknownNames();
    appendLatest(result->unknown.objects, missed.objects);
    appendLatest(result->unknown.processes, missed.processes);
    if (!earlier.empty()) {
        const std::scoped_lock lock(m_mutex);
        m_earlier.insert(m_earlier.end(), earlier.begin(), earlier.end());
    }
    return result;
}

void FilterPass::noteEarlierFrames(const FilterTask &task, Row row, std::vector<Row> &earlier) const
{
    if (task.from < m_order.seenBefore && row < m_order.seenBefore)
        return; // an old answer, looked at again for its name: its request knows it already
    for (int i = 0; i < longestCall; ++i) {
        row = m_order.frames.previousInCall(row);
        if (row == noRow)
            return;
        if (row < m_order.seenBefore)
            earlier.push_back(row);
    }
}

void FilterPass::lookAgain()
{
    std::ranges::sort(m_earlier);
    const auto repeated = std::ranges::unique(m_earlier);
    m_earlier.erase(repeated.begin(), repeated.end());
    FilterEvaluator evaluator(*m_order.predicate, m_order.frames, m_order.names);
    for (const FilterTask &task : m_order.tasks) {
        const Row first = task.chunk->firstRow();
        const auto begin = std::ranges::lower_bound(m_earlier, first);
        const auto end = std::ranges::lower_bound(m_earlier, task.chunk->endRow());
        if (begin == end)
            continue;
        const auto found = std::ranges::find(m_all, first, &ChunkMatches::firstRow);
        const auto &before = found != m_all.end() ? *found : task.known;
        if (!before)
            continue;
        std::vector<std::uint32_t> looked;
        std::vector<std::uint32_t> matching;
        for (auto row = begin; row != end; ++row) {
            looked.push_back(static_cast<std::uint32_t>(*row - first));
            if (evaluator.matches(*task.chunk, *row))
                matching.push_back(looked.back());
        }
        auto after = std::make_shared<ChunkMatches>(*before);
        std::vector<std::uint32_t> others;
        std::ranges::set_difference(before->offsets, looked, std::back_inserter(others));
        after->offsets.clear();
        std::ranges::merge(others, matching, std::back_inserter(after->offsets));
        if (after->offsets == before->offsets)
            continue;
        const std::scoped_lock lock(m_mutex);
        m_results.push_back(std::move(after));
    }
}

} // namespace decoy::ui
