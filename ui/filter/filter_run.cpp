// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_run.h"

#include <QThread>

#include <algorithm>
#include <utility>

namespace decoy::ui {

namespace {

/// Below the UI's: a filter must not make the window stutter.
constexpr QThread::Priority filterPriority = QThread::LowPriority;
/// Names become known soon after they are first seen, so only the latest chunks can profit from a new one.
constexpr int chunksThatMissNames = 8;

bool isKnownNow(const UnknownNames &unknown, const FrameNames &names)
{
    return std::ranges::any_of(unknown.objects, [&](std::uint64_t id) { return names.knowsObject(id); })
        || std::ranges::any_of(unknown.processes, [&](std::int32_t process) { return names.knowsProcess(process); });
}

} // namespace

FilterRun::FilterRun(int threads, QObject *parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(threads > 0 ? threads : std::max(1, QThread::idealThreadCount()));
    m_pool.setThreadPriority(filterPriority);
}

FilterRun::~FilterRun()
{
    dropPass();
    m_pool.waitForDone(); // they stop within a few hundred frames
}

void FilterRun::setPredicate(std::shared_ptr<const FilterPredicate> predicate, Row startNear)
{
    m_predicate = std::move(predicate);
    ++m_rule;
    m_startNear = startNear;
    startOver();
    m_showsPredicate = false;
    if (!m_predicate) {
        if (m_rows) {
            m_rows.reset();
            Q_EMIT rowsChanged();
        }
        return;
    }
    startPass();
}

void FilterRun::setFrames(const FrameSnapshot &frames)
{
    const bool isOther = frames.generation() != m_frames.generation();
    m_frames = frames;
    if (!m_predicate)
        return;
    if (isOther) {
        startOver();
        publish(); // rows of other frames mean nothing any more
    }
    forgetDiscarded();
    startPass();
}

void FilterRun::setNames(const FrameNames &names)
{
    if (names.revision() == m_names.revision())
        return;
    m_hasRenames = m_hasRenames || names.renames() != m_names.renames();
    m_hasNames = true;
    m_names = names;
    startPass();
}

void FilterRun::reconsiderNames()
{
    const bool renamed = std::exchange(m_hasRenames, false);
    if (!std::exchange(m_hasNames, false) || !m_predicate->dependsOnNames())
        return;
    int chunks = 0;
    for (auto known = m_known.rbegin(); known != m_known.rend(); ++known) {
        if (!renamed && ++chunks > chunksThatMissNames)
            break;
        if (!renamed && !isKnownNow(known->second->unknown, m_names))
            continue;
        // Its rows stay until they have been looked at again.
        auto again = std::make_shared<ChunkMatches>(*known->second);
        again->endRow = again->firstRow;
        known->second = std::move(again);
        m_hasNews = true;
    }
}

void FilterRun::startOver()
{
    dropPass();
    m_known.clear();
    m_seenEnd = 0;
    m_isFirstPass = true;
    m_hasNews = m_hasNames = m_hasRenames = false;
}

void FilterRun::dropPass()
{
    if (m_pass)
        m_pass->cancel();
    m_pass.reset();
}

void FilterRun::forgetDiscarded() { m_known.erase(m_known.begin(), m_known.lower_bound(m_frames.firstRow())); }

std::vector<FilterTask> FilterRun::tasks() const
{
    std::vector<FilterTask> tasks;
    for (const auto &chunk : m_frames.chunks()) {
        const auto known = m_known.find(chunk->firstRow());
        FilterTask task;
        task.chunk = chunk;
        task.end = std::min(chunk->endRow(), m_frames.endRow());
        task.from = chunk->firstRow();
        if (known != m_known.end()) {
            task.known = known->second;
            task.from = std::min(task.known->endRow, task.end);
        }
        if (task.from < task.end || m_predicate->dependsOnAnswer())
            tasks.push_back(std::move(task));
    }
    return tasks;
}

void FilterRun::startNearFirst(std::vector<FilterTask> &tasks) const
{
    const Row near = std::min(m_startNear, m_frames.endRow());
    const auto distance = [near](const FilterTask &task) {
        return task.from > near ? task.from - near : task.end <= near ? near - task.end + 1 : 0;
    };
    std::ranges::stable_sort(tasks, {}, distance);
}

void FilterRun::startPass()
{
    if (m_pass || !m_predicate)
        return;
    reconsiderNames(); // not while a pass runs: its results were found with the old ones
    if (!m_isFirstPass && !m_hasNews && m_frames.endRow() == m_seenEnd)
        return;
    FilterPass::Order order{.predicate = m_predicate,
                            .frames = m_frames,
                            .names = m_names,
                            .seenBefore = m_seenEnd,
                            .tasks = tasks(),
                            .tellsEachChunk = m_isFirstPass};
    if (m_isFirstPass)
        startNearFirst(order.tasks);
    m_hasNews = false;
    const int threads = std::clamp(static_cast<int>(order.tasks.size()), 1, m_pool.maxThreadCount());
    auto weak = std::make_shared<std::weak_ptr<FilterPass>>();
    m_pass = std::make_shared<FilterPass>(std::move(order), threads, [this, weak] {
        // The threads hold the pass; this queues a call to the UI thread, which drops what is stale.
        if (auto pass = weak->lock())
            QMetaObject::invokeMethod(
                this, [this, pass] { takeResults(pass); }, Qt::QueuedConnection);
    });
    *weak = m_pass;
    for (int thread = 0; thread < threads; ++thread)
        m_pool.start([pass = m_pass] { pass->work(); });
}

void FilterRun::takeResults(const std::shared_ptr<FilterPass> &pass)
{
    if (pass != m_pass)
        return;
    const bool isFinished = pass->isFinished(); // before the results are taken: then these are all
    const MatchingRows::Chunks results = pass->takeResults();
    for (const auto &chunk : results)
        m_known.insert_or_assign(chunk->firstRow, chunk);
    forgetDiscarded();
    if (isFinished) {
        m_seenEnd = pass->frames().endRow();
        m_pass.reset();
    }
    const bool hasRows = std::ranges::any_of(results, [](const auto &chunk) { return !chunk->offsets.empty(); });
    const bool isFirst = m_isFirstPass;
    m_isFirstPass = m_isFirstPass && !isFinished;
    if (isFinished || (isFirst && (m_showsPredicate || hasRows)))
        publish();
    if (isFinished)
        startPass(); // for what has come meanwhile
}

void FilterRun::publish()
{
    MatchingRows::Chunks chunks;
    chunks.reserve(m_known.size());
    for (const auto &[firstRow, chunk] : m_known)
        chunks.push_back(chunk);
    m_rows = std::make_shared<const MatchingRows>(std::move(chunks), m_frames.generation(), m_rule, !m_isFirstPass);
    m_showsPredicate = true;
    Q_EMIT rowsChanged();
}

} // namespace decoy::ui
