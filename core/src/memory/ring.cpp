// SPDX-License-Identifier: BSD-3-Clause
#include "memory/ring.h"

#include <decoy/copy_bytes.h>

#include <cstring>
#include <sched.h>

namespace decoy::memory {

namespace {
// Records begin at multiples of 16, so that headers are aligned for both sides.
constexpr std::size_t recordSize(std::size_t frameSize) noexcept
{
    return (sizeof(RecordHeader) + frameSize + 15) / 16 * 16;
}
} // namespace

void RingWriter::believePeer()
{
    // seq_cst for askForSpace(): either we see the room, or the peer that makes it sees that we want some.
    const std::uint64_t consumed = m_peer->header().consumed.load(std::memory_order_seq_cst);
    if (consumed < m_peerConsumed || consumed > m_position)
        throw BrokenPeer("the peer's read position is impossible");
    m_peerConsumed = consumed;
}

bool RingWriter::fits(std::size_t frameSize, std::size_t ringSize)
{
    const std::uint64_t end = m_position + recordSize(frameSize);
    if (end - m_peerConsumed <= ringSize)
        return true;
    believePeer();
    return end - m_peerConsumed <= ringSize;
}

bool RingWriter::hasRoom(std::size_t frameSize) { return fits(frameSize, m_own->ringSize()); }
bool RingWriter::leavesHalf(std::size_t frameSize) { return fits(frameSize, m_own->ringSize() / 2); }

bool RingWriter::isTaken(std::uint64_t position)
{
    if (m_peerConsumed < position)
        believePeer();
    return m_peerConsumed >= position;
}

bool RingWriter::write(const RecordHeader &header, std::span<const std::byte> frame, std::span<const std::byte> trailer)
{
    const std::size_t size = frame.size() + trailer.size();
    if (!hasRoom(size))
        return false;
    std::byte *place = m_own->at(m_position);
    std::memcpy(place, &header, sizeof header);
    detail::copyBytes(place + sizeof header, frame.data(), frame.size());
    if (!trailer.empty()) [[unlikely]]
        std::memcpy(place + sizeof header + frame.size(), trailer.data(), trailer.size());
    m_position += recordSize(size);
    return true;
}

bool RingWriter::publish() noexcept
{
    // seq_cst on both sides: either we see `sleeping`, or the sleeper's second look sees this position.
    m_own->header().produced.store(m_position, std::memory_order_seq_cst);
    if (m_peer->header().sleeping.load(std::memory_order_seq_cst) == 0)
        return false;
    // A peer that has not yet taken what it was rung for is on its way, and looks at `produced` again before it sleeps anew. One that
    // lies about it sleeps on: its own loss.
    if (m_peer->header().consumed.load(std::memory_order_seq_cst) < m_rungFor)
        return false;
    m_rungFor = m_position;
    return true;
}

std::optional<Record> RingReader::next()
{
    const std::uint64_t produced = m_peer->header().produced.load(std::memory_order_acquire);
    const std::uint64_t available = produced - m_position;
    if (available == 0)
        return std::nullopt;
    if (available > m_peer->ringSize() || available < sizeof(RecordHeader))
        throw BrokenPeer("the peer's write position is impossible");
    const std::byte *place = m_peer->at(m_position);
    Record record;
    std::memcpy(&record.header, place, sizeof record.header);
    if (record.header.size > m_peer->ringSize() || recordSize(record.header.size) > available)
        throw BrokenPeer("the peer wrote a record that is longer than what it published");
    record.frame = {place + sizeof record.header, record.header.size};
    return record;
}

bool RingReader::consume(const Record &record) noexcept
{
    m_position += recordSize(record.header.size);
    m_own->header().consumed.store(m_position, std::memory_order_seq_cst);
    return m_peer->header().wantsSpace.load(std::memory_order_seq_cst) != 0;
}

bool RingReader::arm() noexcept
{
    m_own->header().sleeping.store(1, std::memory_order_seq_cst);
    if (m_peer->header().produced.load(std::memory_order_seq_cst) == m_position)
        return true;
    disarm();
    return false;
}

bool RingReader::sharesCore() noexcept
{
    const auto core = static_cast<std::uint32_t>(sched_getcpu() + 1);
    if (m_own->header().core.load(std::memory_order_relaxed) != core) // the peer reads this line at each record
        m_own->header().core.store(core, std::memory_order_relaxed);
    return peerWaitsHere() || m_peer->header().sleeping.load(std::memory_order_relaxed) != 0;
}

bool RingReader::peerWaitsHere() const noexcept
{
    return m_peer->header().core.load(std::memory_order_relaxed)
        == m_own->header().core.load(std::memory_order_relaxed);
}

} // namespace decoy::memory
