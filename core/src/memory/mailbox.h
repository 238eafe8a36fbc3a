// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace decoy::memory {

/// The first eight bytes of a mailbox, which are read, compared and written as one: the 4-byte big-endian length, the frame's
/// header, its opcode, and two bytes of the payload. Whether a frame is a request, is being worked on, or is answered, and
/// whether it is still the same one, can be seen here.
struct MailboxHead {
    static constexpr std::size_t size = 8;
    static constexpr std::size_t opcodeOffset = 5;

    std::uint64_t bytes = 0; ///< in the order of memory

    [[nodiscard]] std::uint8_t byte(std::size_t offset) const noexcept;
    [[nodiscard]] std::uint32_t length() const noexcept;
    [[nodiscard]] bool isEmpty() const noexcept { return length() == 0; }
    /// A result, or a frame that somebody has marked as pending.
    [[nodiscard]] bool isResult() const noexcept { return hasOpcode(0xff); }
    [[nodiscard]] bool isPending() const noexcept { return hasOpcode(0xfe); }
    /// Anything else that is not empty: a request, good or bad.
    [[nodiscard]] bool isRequest() const noexcept { return !isEmpty() && !isResult() && !isPending(); }

    [[nodiscard]] MailboxHead withLength(std::uint32_t length) const noexcept;
    [[nodiscard]] MailboxHead asPending() const noexcept;
    [[nodiscard]] static MailboxHead of(std::span<const std::byte> frame) noexcept;
    bool operator==(const MailboxHead &) const = default;

private:
    [[nodiscard]] bool hasOpcode(std::uint8_t opcode) const noexcept { return byte(4) == 0x92 && byte(5) == opcode; }
    [[nodiscard]] MailboxHead withByte(std::size_t offset, std::uint8_t value) const noexcept;
};

/// A region of memory that holds one frame, prefix first, and that a peer writes whenever it likes, piece by piece, without any
/// lock: both ends' view of it.
///
/// What was seen in it before is remembered, so that a frame whose end has not been written yet can be told from a whole one.
/// The other process may write at any moment; in this process one thread at a time, head() apart.
class Mailbox {
public:
    using Nanoseconds = std::int64_t;

    /// `memory` must outlive this, begin at a page, and have room for a head at least.
    explicit Mailbox(std::span<std::byte> memory);

    [[nodiscard]] std::size_t size() const noexcept { return m_memory.size(); }
    [[nodiscard]] MailboxHead head() const noexcept;

    /// Copies the frame that begins with `head`, prefix included, into `frame`, if it has settled: two looks that are at least
    /// 0.3 us apart see the same bytes, it has all that a frame has, and its end is not what stood there before.
    /// Of a frame of which that cannot be said, because it is broken or its end happens to look as before, the bytes must stay as
    /// they are for a while; then it counts as settled, whatever it is. `now` is CLOCK_MONOTONIC, ns. Looks that were in vain cost
    /// a fraction of the time between them, however large the frame claims to be.
    [[nodiscard]] bool copySettled(MailboxHead head, Nanoseconds now, std::vector<std::byte> &frame);

    /// Replaces the head, if it still is `expected`, in one step.
    [[nodiscard]] bool replaceHead(MailboxHead expected, MailboxHead replacement) noexcept;

    /// Writes the frame's bytes behind the head, and bytes that are never valid msgpack over what earlier frames left behind it.
    void writeBody(std::span<const std::byte> frame) noexcept;
    /// Writes the whole frame the way that a server which only looks at the length understands: length 0, bytes, length.
    void writeFromEmpty(std::span<const std::byte> frame) noexcept;
    /// Whether exactly this stands there.
    [[nodiscard]] bool holds(std::span<const std::byte> frame) const noexcept;
    /// Makes sure that remember() does not throw for a frame of this size.
    void reserve(std::size_t size) { m_known.reserve(size); }
    /// Says what the memory holds now: `frame`.
    void remember(std::span<const std::byte> frame);
    /// Sees to it that what somebody else has left here is covered too.
    void noteUse() noexcept;

private:
    [[nodiscard]] bool copyNow(MailboxHead head, Nanoseconds now, std::vector<std::byte> &frame);
    [[nodiscard]] bool looksWritten(std::span<const std::byte> frame) const noexcept;
    [[nodiscard]] bool waitedLongEnough(Nanoseconds now, Nanoseconds needed, const std::vector<std::byte> &frame);
    void poison(std::size_t from) noexcept;

    const std::span<std::byte> m_memory;
    std::vector<std::byte> m_known;     // the frame that was last seen or written here
    std::size_t m_used = 0;             // the end of all that may stand here and is not poison
    std::size_t m_poisoned = 0;         // from m_used to here stands poison
    std::vector<std::byte> m_candidate; // a frame that has not settled
    Nanoseconds m_candidateSince = 0;
    Nanoseconds m_lookAgain = 0;
};

/// The server's end of a mailbox: takes requests, publishes results.
///
/// A request is taken by changing its opcode into that of RESPONSE_PENDING. A client that gives up and writes another request cannot
/// do so without changing that byte again, so a result is published exactly if the request that it answers still stands there.
class MailboxServerEnd {
public:
    explicit MailboxServerEnd(std::span<std::byte> memory) : m_mailbox(memory) {}

    /// Whether there may be a request: one load, from any thread.
    [[nodiscard]] bool hasRequest() const noexcept { return m_mailbox.head().isRequest(); }
    /// Whether a client waits for an answer that it has not got.
    [[nodiscard]] bool isWaitedFor() const noexcept;
    /// Copies the next request out and marks it as taken. False if there is none, or none that has settled.
    [[nodiscard]] bool take(std::vector<std::byte> &frame, Mailbox::Nanoseconds now);
    /// The same for a request that the caller has read himself. False if it is not what stands there.
    [[nodiscard]] bool take(std::span<const std::byte> frame);
    /// Answers the request that was taken last with the frame `result`. False if it no longer stands there.
    bool publish(std::span<const std::byte> result);
    /// Answers whatever request stands there with the frame `answer`, taken or not, written to its end or not: for the end of service.
    bool refuse(std::span<const std::byte> answer);

private:
    [[nodiscard]] bool mark(MailboxHead head, std::span<const std::byte> frame);

    Mailbox m_mailbox;
    std::optional<MailboxHead> m_taken; // as it stands there since
    std::vector<std::byte> m_padded;
};

/// The client's end of a mailbox: sends one request at a time, and sees its result.
class MailboxClientEnd {
public:
    explicit MailboxClientEnd(std::span<std::byte> memory) : m_mailbox(memory) {}

    /// Whether a request stands there that was not answered yet; perhaps one of a client that is gone.
    [[nodiscard]] bool isBusy() const noexcept;
    /// Whether the server has begun to work on it.
    [[nodiscard]] bool isTaken() const noexcept { return m_mailbox.head().isPending(); }
    /// Writes a request over whatever stands there. It fits.
    void send(std::span<const std::byte> request);
    /// Copies the result out. False if it is not there yet.
    [[nodiscard]] bool receive(std::vector<std::byte> &result, Mailbox::Nanoseconds now);
    /// Takes the request back, unless the server has begun to work on it.
    [[nodiscard]] bool withdraw() noexcept;
    /// Empties a mailbox whose request was taken by somebody who is gone.
    void clear() noexcept;

private:
    Mailbox m_mailbox;
};

} // namespace decoy::memory
