// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/problem_analyser.h"

#include "trace/frame_store.h"
#include "trace/traffic_statistics.h"

#include <QMetaObject>

#include <algorithm>
#include <functional>
#include <utility>

namespace decoy::ui {

namespace {

/// Nobody reads advice faster, and what is looked at in between costs a core.
constexpr qint64 intervalMs = 1000;

} // namespace

ProblemAnalyser::ProblemAnalyser(const FrameStore &frames, const TrafficStatistics &statistics, ProblemOptions options,
                                 QObject *parent)
    : QObject(parent), m_frames(frames), m_statistics(statistics),
      m_finder(std::make_unique<ProblemFinder>(
          std::move(options), [&statistics](std::uint64_t object) { return statistics.typeOf(object); }))
{
    m_pool.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ProblemAnalyser::look);
}

ProblemAnalyser::~ProblemAnalyser() { m_pool.waitForDone(); }

void ProblemAnalyser::noteFrames()
{
    if (m_running) {
        m_again = true;
        return;
    }
    if (m_timer.isActive())
        return;
    const qint64 age = m_sinceLook.isValid() ? m_sinceLook.elapsed() : intervalMs;
    m_timer.start(static_cast<int>(std::clamp<qint64>(intervalMs - age, 0, intervalMs)));
}

void ProblemAnalyser::noteCapturing(bool capturing)
{
    if (capturing)
        return;
    m_captureEnded = true;
    noteFrames();
}

void ProblemAnalyser::look()
{
    m_running = true;
    m_again = false;
    m_sinceLook.start();
    const bool captureEnded = std::exchange(m_captureEnded, false);
    m_pool.start([this, captureEnded] {
        // In this order: what the statistics know of frames that the snapshot lacks does no harm.
        const FrameSnapshot frames = m_frames.snapshot();
        m_finder->look(frames, *m_statistics.snapshot());
        if (captureEnded)
            m_finder->forgetOpenCalls();
        Found found{m_finder->problems(), frames.generation(), m_finder->hasOpenCalls()};
        QMetaObject::invokeMethod(
            this, [this, found = std::move(found)]() mutable { accept(std::move(found)); }, Qt::QueuedConnection);
    });
}

void ProblemAnalyser::accept(Found found)
{
    m_running = false;
    if (m_again || found.lookAgain)
        noteFrames();
    if (found.problems == m_found && found.generation == m_generation)
        return;
    m_found = std::move(found.problems);
    m_generation = found.generation;
    publish();
}

void ProblemAnalyser::setLeaks(std::vector<Problem> leaks)
{
    m_leaks = std::move(leaks);
    publish();
}

void ProblemAnalyser::publish()
{
    m_problems = m_found;
    m_problems.insert(m_problems.end(), m_leaks.begin(), m_leaks.end());
    std::ranges::stable_sort(m_problems, std::ranges::greater(), &Problem::severity);
    Q_EMIT problemsChanged();
}

} // namespace decoy::ui
