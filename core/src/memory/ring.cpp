// SPDX-License-Identifier: BSD-3-Clause
#include "memory/ring.h"

#include "memory/prefetch.h"

#include <decoy/copy_bytes.h>

#include <atomic>
#include <cstring>
#include <sched.h>
#include <utility>

namespace decoy::memory {

namespace {
constexpr std::size_t frameOffset = sizeof(Stamp) + sizeof(RecordHeader);

// Records begin at cache lines: a small one is all in one, which its writer touches no more once the reader has it.
constexpr std::size_t recordSize(std::size_t frameSize) noexcept
{
    return (frameOffset + frameSize + cacheLine - 1) / cacheLine * cacheLine;
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
    std::memcpy(place + sizeof(Stamp), &header, sizeof header);
    detail::copyBytes(place + frameOffset, frame.data(), frame.size());
    if (!trailer.empty()) [[unlikely]]
        std::memcpy(place + frameOffset + frame.size(), trailer.data(), trailer.size());
    if (m_position != m_published)
        stamp(m_position); // nobody looks for it before the first one has got its stamp
    m_position += recordSize(size);
    prefetchForWriting(m_own->at(m_position));
    prefetchForWriting(m_own->at(m_position) + cacheLine);
    return true;
}

void RingWriter::stamp(std::uint64_t position) noexcept
{
    stampAt(*m_own, position).store(m_key + position, std::memory_order_release);
}

bool RingWriter::publish() noexcept
{
    if (m_published != m_position)
        stamp(std::exchange(m_published, m_position));
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
    if (!hasRecord())
        return std::nullopt;
    if (!isStamped()) [[unlikely]]
        throw BrokenPeer("the peer's write position is impossible");
    const std::byte *place = m_peer->at(m_position);
    Record record;
    std::memcpy(&record.header, place + sizeof(Stamp), sizeof record.header);
    if (record.header.size > m_peer->ringSize() || recordSize(record.header.size) > m_peer->ringSize())
        throw BrokenPeer("the peer wrote a record that is longer than its ring");
    record.frame = {place + frameOffset, record.header.size};
    return record;
}

bool RingReader::consume(const Record &record) noexcept
{
    const std::uint64_t quarter = m_peer->ringSize() / 4; // a power of two
    const std::uint64_t before = std::exchange(m_position, m_position + recordSize(record.header.size));
    std::atomic<std::uint64_t> &consumed = m_own->header().consumed;
    if (((before ^ m_position) & -quarter) == 0 && !(record.header.flags & RecordHeader::Annexed)) {
        consumed.store(m_position, std::memory_order_release);
        return false;
    }
    consumed.store(m_position, std::memory_order_seq_cst);
    return m_peer->header().wantsSpace.load(std::memory_order_seq_cst) != 0;
}

bool RingReader::arm() noexcept
{
    m_own->header().sleeping.store(1, std::memory_order_seq_cst);
    // What was taken by its stamp may not be published yet: then the peer will see that we sleep when it is.
    const std::uint64_t unpublished = m_position - m_peer->header().produced.load(std::memory_order_seq_cst);
    if (unpublished <= m_peer->ringSize())
        return true;
    disarm();
    m_isBroken = !isStamped();
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
