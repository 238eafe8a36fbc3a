// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/traffic_collector.h"

#include <QMetaObject>

#include <chrono>
#include <utility>

namespace decoy::ui {

using namespace std::chrono_literals;

namespace {

/// Frames appended under one lock: enough to make the lock free of cost, few enough that clear() never waits for long.
constexpr std::size_t batchSize = 4096;

/// While frames come, the thread looks this often instead of waiting: a server must make a system call to wake a waiting
/// thread, and without this would do so for nearly every frame.
constexpr auto pauseBetweenBatches = 10ms;

/// After a full batch and more in one pause, which the budget allows for a moment only, a longer one: the server pays for each. A
/// ring of the usual size lasts longer, however fast the calls are.
constexpr auto pauseAfterMuch = 20ms;

/// While there are more than may be taken, they are taken in larger batches: each costs the server a switch of threads.
constexpr auto pauseWhileSpent = 100ms;

/// While sampling, the thread and all that shows numbers wake at once, for a moment that the server loses anyway: Qt lets timers of
/// this interval come due at such parts of a second.
constexpr auto intervalWhileSampling = 250ms;

/// 30 Hz: no display shows, and no person reads, more.
constexpr auto tickInterval = 33ms;

/// While all cannot be taken, so much of the budget is: each frame costs the server, and shows a person no more than the others do.
constexpr double sampledPart = 0.4;

/// Sampling goes on for so long after more was offered than the budget allows, so that nobody is told of it and its end ten times a second.
constexpr auto samplingRest = 2s;

} // namespace

TrafficCollector::TrafficCollector(FrameStore &store, QObject *parent)
    : QObject(parent), m_store(store), m_timer(this), m_samplingEnd(this)
{
    m_timer.setInterval(tickInterval);
    connect(&m_timer, &QTimer::timeout, this, &TrafficCollector::tick);
    m_samplingEnd.setSingleShot(true);
    m_samplingEnd.setInterval(samplingRest);
    connect(&m_samplingEnd, &QTimer::timeout, this, [this] { setSampling(false); });
}

TrafficCollector::~TrafficCollector()
{
    const QSignalBlocker quiet(this); // nobody should look at a half-destroyed collector
    stop();
}

void TrafficCollector::start(std::unique_ptr<Tap> tap)
{
    stop();
    if (!tap)
        return;
    m_tap = std::move(tap);
    m_captured = 0;
    m_skipped = 0;
    m_seenDropped = 0;
    m_seenEmitted = 0;
    m_wasSpent = false;
    m_stopping = false;
    m_filter.beginCapture();
    m_store.writer().beginCapture();
    m_thread = std::thread(&TrafficCollector::collect, this);
    Q_EMIT capturingChanged(true);
}

void TrafficCollector::stop()
{
    if (!m_tap)
        return;
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_noPauseWanted.notify_one();
    m_tap->wake();
    m_thread.join();

    // Frames emitted since the thread took the last ones are not part of the capture.
    const CaptureCounts last = countsOfTap();
    m_offset.emitted += last.captured + last.dropped + last.skipped;
    m_offset.captured += last.captured;
    m_offset.dropped += last.dropped;
    m_offset.skipped += last.skipped;
    m_tap.reset();
    setSampling(false);
    Q_EMIT capturingChanged(false);
}

void TrafficCollector::setRules(RecordRules rules)
{
    const std::scoped_lock lock(m_mutex);
    m_rules = std::move(rules);
    m_settingsChanged = true;
}

void TrafficCollector::setBudget(const FrameBudget &budget)
{
    m_usualBudget = budget;
    if (!budget.isLimited())
        setSampling(false);
    useBudget(this->budget());
}

FrameBudget TrafficCollector::budget() const noexcept
{
    return m_isSampling ? m_usualBudget.part(sampledPart) : m_usualBudget;
}

void TrafficCollector::useBudget(const FrameBudget &budget)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_nextBudget = budget;
        m_settingsChanged = true;
    }
    m_noPauseWanted.notify_one();
}

void TrafficCollector::clear()
{
    {
        auto writer = m_store.writer(); // keeps the thread from receiving frames between the two
        writer.clear();
        const CaptureCounts sofar = countsOfTap();
        m_offset = {.emitted = 0 - (sofar.captured + sofar.dropped + sofar.skipped),
                    .captured = 0 - sofar.captured,
                    .dropped = 0 - sofar.dropped,
                    .skipped = 0 - sofar.skipped};
    }
    tick();
}

CaptureCounts TrafficCollector::countsOfTap() const noexcept
{
    if (!m_tap)
        return {};
    // In this order, so that what happens meanwhile looks like lag and never like frames from nowhere.
    CaptureCounts counts{.captured = m_captured.load(std::memory_order_acquire),
                         .dropped = m_tap->dropped(),
                         .skipped = m_skipped.load(std::memory_order_acquire)};
    counts.emitted = m_tap->emitted();
    return counts;
}

CaptureCounts TrafficCollector::counts() const noexcept
{
    const CaptureCounts tap = countsOfTap();
    return {.emitted = m_offset.emitted + tap.emitted,
            .captured = m_offset.captured + tap.captured,
            .dropped = m_offset.dropped + tap.dropped,
            .skipped = m_offset.skipped + tap.skipped};
}

void TrafficCollector::collect()
{
    do {
        m_takenAtOnce = 0;
        if (m_tap->waitFor(1h)) {
            while (!m_stopping && drainBatch(allowance()) != 0)
                announce();
        }
    } while (!pause());

    // What was emitted before stop() belongs to the capture; with a flood that goes on, what comes now does not.
    const std::uint64_t end = m_tap->emitted();
    while (m_captured + m_skipped + m_tap->dropped() < end && drainBatch(batchSize) != 0) {}
    announce();
}

bool TrafficCollector::pause()
{
    std::unique_lock lock(m_mutex);
    m_noPauseWanted.wait_until(lock, endOfPause(), [this] { return m_stopping || m_settingsChanged; });
    return m_stopping;
}

FrameBudget::Clock::time_point TrafficCollector::endOfPause() const
{
    const auto now = FrameBudget::Clock::now();
    if (m_isSampling)
        return now - now.time_since_epoch() % intervalWhileSampling + intervalWhileSampling;
    if (m_isSpent)
        return now + pauseWhileSpent;
    return now + (m_budget.isLimited() && m_takenAtOnce > batchSize ? pauseAfterMuch : pauseBetweenBatches);
}

/// How many frames may be taken now.
std::size_t TrafficCollector::allowance()
{
    followSettings();
    const std::size_t most = std::min(batchSize, m_budget.left(FrameBudget::Clock::now()));
    m_isSpent = most == 0;
    if (m_isSpent)
        m_wasSpent = true;
    return most;
}

std::size_t TrafficCollector::drainBatch(std::size_t most)
{
    auto writer = m_store.writer();
    std::size_t skipped = 0;
    const std::size_t count = m_tap->drain(
        [this, &writer, &skipped](const FrameEvent &event, std::span<const std::byte> bytes) {
            if (m_filter.records(event, bytes))
                return writer.append(event, bytes);
            writer.skip();
            ++skipped;
        },
        most);
    m_budget.spend(count);
    m_takenAtOnce += count;
    m_captured.fetch_add(count - skipped, std::memory_order_release);
    m_skipped.fetch_add(skipped, std::memory_order_release);
    return count;
}

void TrafficCollector::followSettings()
{
    if (!m_settingsChanged.exchange(false))
        return;
    const std::scoped_lock lock(m_mutex);
    m_filter.setRules(m_rules);
    m_budget = m_nextBudget.after(m_budget);
}

void TrafficCollector::announce()
{
    if (!m_announced.exchange(true))
        QMetaObject::invokeMethod(this, &TrafficCollector::tick, Qt::QueuedConnection);
}

bool TrafficCollector::hasNews() const
{
    return m_store.endRow() != m_seenEnd || m_store.generation() != m_seenGeneration;
}

/// What is dropped within the budget is not sampled, but lost: then the collector is too slow. And what the thread has seen of a budget
/// that has been lifted meanwhile says nothing any more. Once it samples, drops say nothing either: it takes less than the budget.
void TrafficCollector::lookForSampling()
{
    const CaptureCounts counts = countsOfTap();
    const bool hasDropped = std::exchange(m_seenDropped, counts.dropped) != counts.dropped;
    const bool wasSpent = m_wasSpent.exchange(false);
    const bool isMuch = isMoreOffered(counts.emitted);
    if (!m_usualBudget.isLimited() || !(m_isSampling ? isMuch : wasSpent && hasDropped))
        return;
    setSampling(true);
    m_samplingEnd.start();
}

/// Whether more frames have come since the last look than the usual budget allows.
bool TrafficCollector::isMoreOffered(std::uint64_t emitted)
{
    const auto now = FrameBudget::Clock::now();
    const std::chrono::duration<double> time = now - std::exchange(m_lookedAt, now);
    const std::uint64_t before = std::exchange(m_seenEmitted, emitted);
    return emitted > before && static_cast<double>(emitted - before) > m_usualBudget.framesPerSecond() * time.count();
}

void TrafficCollector::setSampling(bool sampling)
{
    m_samplingEnd.stop();
    if (m_isSampling.exchange(sampling) == sampling)
        return;
    m_timer.setInterval(sampling ? intervalWhileSampling : tickInterval);
    useBudget(budget());
    Q_EMIT samplingChanged(sampling);
}

void TrafficCollector::tick()
{
    lookForSampling();
    if (!hasNews()) {
        m_timer.stop();
        m_announced = false;
        if (!hasNews()) // frames may have come before the flag fell
            return;
        m_announced = true;
    }
    m_seenEnd = m_store.endRow();
    m_seenGeneration = m_store.generation();
    if (!m_timer.isActive())
        m_timer.start();
    Q_EMIT updated();
}

} // namespace decoy::ui
