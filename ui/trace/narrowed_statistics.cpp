// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/narrowed_statistics.h"

#include <decoy/frame.h>

#include <algorithm>

namespace decoy::ui {

namespace {

constexpr Row framesAtOnce = 64 * 1024;

/// Requests that may wait for their results at once and are remembered; more come from peers that never answer.
constexpr std::size_t mostOpen = 64 * 1024;

/// Keeps these generations apart from those of the store.
constexpr std::uint64_t firstBeginning = std::uint64_t{1} << 63;

} // namespace

NarrowedStatistics::NarrowedStatistics(const TrafficStatistics &all, QObject *parent)
    : QObject(parent), m_all(all),
      m_follower([this](const auto &frames, const auto &wanted) { return add(frames, wanted); })
{
    connect(&m_follower, &FrameFollower::advanced, this, &NarrowedStatistics::advanced);
}

void NarrowedStatistics::startOver(std::uint64_t generation)
{
    m_framesGeneration = generation;
    m_next = 0;
    m_lastSequence = 0;
    m_open.clear();
    m_statistics.framesCleared(firstBeginning + ++m_beginnings);
}

bool NarrowedStatistics::add(const FrameSnapshot &frames, const std::shared_ptr<const RowSet> &wanted)
{
    const bool isSame = frames.generation() == m_framesGeneration && m_beginnings != 0
        && agree(wanted.get(), m_wanted.get(), frames.firstRow(), m_next);
    if (!isSame)
        startOver(frames.generation());
    m_wanted = wanted;
    m_statistics.learnTypes(m_all);
    m_next = std::max(m_next, frames.firstRow());
    const Row known = knownEnd(m_wanted.get(), frames, m_next);
    for (const Row end = std::min(known, m_next + framesAtOnce); m_next < end; ++m_next)
        count(frames, m_next);
    return m_next < known;
}

void NarrowedStatistics::count(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    if (event.sequence < m_lastSequence) { // a new tap: call ids start again
        m_open.clear();
        m_statistics.captureBegun();
    }
    m_lastSequence = event.sequence;
    const bool isWanted = !m_wanted || m_wanted->contains(row);
    if (!event.isOfCall())
        return isWanted ? countFrame(frames, row) : void();
    if (!event.isFromServer())
        return isWanted ? countRequest(frames, row) : void();

    const Row request = frames.partner(row);
    bool isOpen = request != noRow && m_open.contains(request);
    if (isWanted && !isOpen && request != noRow) {
        countRequest(frames, request);
        isOpen = true;
    }
    if (isWanted || isOpen)
        countFrame(frames, row);
    if (isOpen && event.opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult))
        m_open.erase(request);
}

void NarrowedStatistics::countRequest(const FrameSnapshot &frames, Row row)
{
    if (!(frames.event(row).flags & FrameEvent::OneWay) && m_open.size() < mostOpen)
        m_open.insert(row);
    countFrame(frames, row);
}

void NarrowedStatistics::countFrame(const FrameSnapshot &frames, Row row)
{
    m_statistics.frameAppended(row, frames.event(row), frames.bytes(row));
}

} // namespace decoy::ui
