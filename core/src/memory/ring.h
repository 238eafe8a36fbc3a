// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory/region.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>

namespace decoy::memory {

/// The peer wrote something that the rules of the ring forbid. It costs the peer its connection, nothing else.
class BrokenPeer : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What stands before each frame in a ring. Written by the peer, so copied once and checked before it is believed.
struct RecordHeader {
    enum Flag : std::uint32_t {
        OneWay = 1,    ///< no answer is wanted
        Annexed = 2,   ///< what follows is not the frame, but where it stands beside the ring
        Referable = 4, ///< a later request may be made on the result of this one
        OnResult = 8,  ///< what stands in the place of the object's id is the call id of a Referable request
        Event = 16,    ///< no answer: the call id is that of a subscription
        Last = 32,     ///< of an event: the subscription is over, and the frame is a result that says why
        Lends = 64,    ///< of a request: some of its arguments stay at the client
        Within = 128,  ///< of a request: eight bytes follow the frame, the call of the peer within which it is made
    };
    std::uint32_t size = 0; ///< bytes of the frame that follows
    std::uint32_t flags = 0;
    std::uint64_t callId = 0;
};
static_assert(sizeof(RecordHeader) == 16);

/// What a record begins with, before its header: its position plus the key of its region, written last. So one look says whether the record is
/// there and brings it along, and no other data that was left in its place can be taken for it.
using Stamp = std::uint64_t;

/// The place of a record's stamp. Positions of records are multiples of its size.
[[nodiscard]] inline std::atomic_ref<Stamp> stampAt(const Region &region, std::uint64_t position) noexcept
{
    return std::atomic_ref<Stamp>(*reinterpret_cast<Stamp *>(region.at(position)));
}

/// A record that stands in the peer's ring and may change while it is looked at; copy `frame` before parsing it.
struct Record {
    RecordHeader header;
    std::span<const std::byte> frame;
};

/// The writing end of one direction. Not thread-safe.
class RingWriter {
public:
    /// `own` is written; `peer` says how far it was read. Both must outlive the writer.
    RingWriter(const Region &own, const Region &peer) noexcept : m_own(&own), m_peer(&peer), m_key(own.header().key) {}

    /// The largest frame that may ever stand in the ring: a quarter, so that one frame never blocks the rest for long.
    [[nodiscard]] std::size_t largestFrame() const noexcept
    {
        return m_own->ringSize() / 4 - sizeof(Stamp) - sizeof(RecordHeader);
    }

    /// Whether a frame of this size finds room now. Throws BrokenPeer.
    [[nodiscard]] bool hasRoom(std::size_t frameSize);
    /// Whether a frame of this size leaves half of the ring free: so much is for what must not be lost. Throws BrokenPeer.
    [[nodiscard]] bool leavesHalf(std::size_t frameSize);
    /// Appends a record, not yet visible; false if there is no room now. Throws BrokenPeer.
    /// What follows the frame in it, in `trailer`, counts as its last bytes.
    [[nodiscard]] bool write(const RecordHeader &header, std::span<const std::byte> frame,
                             std::span<const std::byte> trailer = {});
    /// Makes all written records visible. True if the peer sleeps, so that its doorbell must be rung; once for all that is published
    /// before it has taken what it was rung for.
    [[nodiscard]] bool publish() noexcept;

    /// Asks for the doorbell whenever the peer has taken a record. Look for room once more after asking: the peer may have
    /// made it just before.
    void askForSpace() noexcept { m_own->header().wantsSpace.store(1, std::memory_order_seq_cst); }
    void stopAskingForSpace() noexcept { m_own->header().wantsSpace.store(0, std::memory_order_relaxed); }

    /// End of what was written, published or not.
    [[nodiscard]] std::uint64_t position() const noexcept { return m_position; }
    /// Whether the peer has taken everything before `position`. Throws BrokenPeer.
    [[nodiscard]] bool isTaken(std::uint64_t position);

private:
    [[nodiscard]] bool fits(std::size_t frameSize, std::size_t ringSize);
    void believePeer();
    void stamp(std::uint64_t position) noexcept;

    const Region *m_own;
    const Region *m_peer;
    const Stamp m_key;
    std::uint64_t m_position = 0;     // our own truth; the shared copy is only published
    std::uint64_t m_published = 0;    // where the first record stands that has no stamp yet
    std::uint64_t m_peerConsumed = 0; // the last believed position of the peer
    std::uint64_t m_rungFor = 0;      // where we were when we last asked for its doorbell
};

/// The reading end of the other direction. Not thread-safe.
class RingReader {
public:
    /// `peer` is read; `own` publishes how far. Both must outlive the reader.
    RingReader(const Region &own, const Region &peer) noexcept : m_own(&own), m_peer(&peer), m_key(peer.header().key) {}

    /// How to look for records. Where the peer answers one by one, the next one's stamp is the fastest way to it. Where many follow each
    /// other, that would take its memory away from the peer, which is about to write there; the published position does not.
    void expectMany(bool areMany) noexcept { m_expectsMany = areMany; }
    /// Whether next() has anything to return, or to throw.
    [[nodiscard]] bool hasRecord() noexcept { return (m_expectsMany ? isPublished() : isStamped()) || m_isBroken; }
    /// The record that comes next, if there is one. Throws BrokenPeer.
    [[nodiscard]] std::optional<Record> next();
    /// Whether the peer has published more than was taken: a hint, for other threads than the reader.
    [[nodiscard]] bool hasUnread() const noexcept
    {
        return m_peer->header().produced.load(std::memory_order_relaxed)
            != m_own->header().consumed.load(std::memory_order_relaxed);
    }
    /// Leaves the record that next() returned. True if the peer waits for room, so that its doorbell must be rung: who waits has a ring
    /// that is three quarters full at least, or frames beside the ring, so it is enough to look after each quarter, and after those frames.
    [[nodiscard]] bool consume(const Record &record) noexcept;

    /// Announces sleep. False if a record has arrived meanwhile: then nothing was announced.
    [[nodiscard]] bool arm() noexcept;
    void disarm() noexcept { m_own->header().sleeping.store(0, std::memory_order_relaxed); }

    /// Says on which core this thread waits from now on. Whether the peer may need the same one to answer: it last waited
    /// there, or it sleeps, and nobody knows where it will wake.
    [[nodiscard]] bool sharesCore() noexcept;
    /// Whether the peer last waited on the core that sharesCore() has told of.
    [[nodiscard]] bool peerWaitsHere() const noexcept;
    /// The core on which the peer last waited, as it says, which may be any number; -1 if it does not say.
    [[nodiscard]] int peerCore() const noexcept
    {
        return static_cast<int>(m_peer->header().core.load(std::memory_order_relaxed) - 1U);
    }

private:
    [[nodiscard]] bool isStamped() const noexcept
    {
        return stampAt(*m_peer, m_position).load(std::memory_order_acquire) == m_key + m_position;
    }
    /// A position behind ours is none yet: a record has its stamp before it is published. What was published once needs no second look, which
    /// would take that memory away from the peer.
    [[nodiscard]] bool isPublished() noexcept
    {
        if (isBehind(m_position, m_produced))
            return true;
        m_produced = m_peer->header().produced.load(std::memory_order_seq_cst);
        return isBehind(m_position, m_produced);
    }
    [[nodiscard]] static bool isBehind(std::uint64_t position, std::uint64_t other) noexcept
    {
        return static_cast<std::int64_t>(other - position) > 0;
    }

    const Region *m_own;
    const Region *m_peer;
    const Stamp m_key; // read once: what the peer makes of it later is its own loss
    std::uint64_t m_position = 0;
    std::uint64_t m_produced = 0; // the peer's position as it was last looked at
    bool m_expectsMany = false;
    bool m_isBroken = false; // the peer has published a record that is not there
};

} // namespace decoy::memory
