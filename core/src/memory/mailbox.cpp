// SPDX-License-Identifier: BSD-3-Clause
#include "memory/mailbox.h"

#include "memory/backoff.h"
#include "trace/clock.h"
#include "wire/frame_shape.h"

#include <decoy/frame.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

namespace decoy::memory {

namespace {

/// Never valid msgpack.
constexpr std::byte poisonByte{0xc1};

/// A frame whose bytes stay the same for so long has been written, though its end looks as before. Longer than a writer that the
/// scheduler has put aside between two bytes waits for its turn. Of a short one, which is written with one store or two and easily
/// looks as before, a shorter time will do.
constexpr Mailbox::Nanoseconds settleIfUnchanged = 50'000'000;
constexpr Mailbox::Nanoseconds settleIfShortAndUnchanged = 3'000'000;
constexpr std::size_t shortFrame = 20;
/// What is no frame at all is given up, and answered, when nothing has changed for so long.
constexpr Mailbox::Nanoseconds settleIfBroken = 1'000'000'000;

/// How far apart two looks at a frame are.
constexpr Mailbox::Nanoseconds settleTime = 300;
/// After a look in vain the next one waits for this many times as long as that one took.
constexpr Mailbox::Nanoseconds restFactor = 4;

std::uint64_t &headWord(std::span<std::byte> memory) noexcept
{
    return *reinterpret_cast<std::uint64_t *>(memory.data());
}

void waitToSettle() noexcept
{
    for (const auto end = trace::now() + settleTime; trace::now() < end;)
        relax();
}

} // namespace

// ---- the head ----

std::uint8_t MailboxHead::byte(std::size_t offset) const noexcept
{
    return std::bit_cast<std::array<std::uint8_t, size>>(bytes)[offset];
}

std::uint32_t MailboxHead::length() const noexcept
{
    const auto all = std::bit_cast<std::array<std::uint8_t, size>>(bytes);
    return std::uint32_t{all[0]} << 24 | std::uint32_t{all[1]} << 16 | std::uint32_t{all[2]} << 8 | all[3];
}

MailboxHead MailboxHead::withByte(std::size_t offset, std::uint8_t value) const noexcept
{
    auto all = std::bit_cast<std::array<std::uint8_t, size>>(bytes);
    all[offset] = value;
    return {std::bit_cast<std::uint64_t>(all)};
}

MailboxHead MailboxHead::withLength(std::uint32_t length) const noexcept
{
    MailboxHead head = *this;
    for (std::size_t i = 0; i < framePrefixSize; ++i)
        head = head.withByte(i, static_cast<std::uint8_t>(length >> 8 * (framePrefixSize - 1 - i)));
    return head;
}

MailboxHead MailboxHead::asPending() const noexcept { return withByte(4, 0x92).withByte(opcodeOffset, 0xfe); }

MailboxHead MailboxHead::of(std::span<const std::byte> frame) noexcept
{
    MailboxHead head;
    std::memcpy(&head.bytes, frame.data(), std::min(frame.size(), size));
    return head;
}

// ---- both ends ----

Mailbox::Mailbox(std::span<std::byte> memory) : m_memory(memory)
{
    if (const std::size_t length = head().length(); length <= m_memory.size() - framePrefixSize)
        remember(m_memory.first(framePrefixSize + length));
}

MailboxHead Mailbox::head() const noexcept
{
    return {std::atomic_ref(headWord(m_memory)).load(std::memory_order_acquire)};
}

bool Mailbox::holds(std::span<const std::byte> frame) const noexcept
{
    return frame.size() <= m_memory.size() && std::memcmp(m_memory.data(), frame.data(), frame.size()) == 0;
}

bool Mailbox::replaceHead(MailboxHead expected, MailboxHead replacement) noexcept
{
    return std::atomic_ref(headWord(m_memory))
        .compare_exchange_strong(expected.bytes, replacement.bytes, std::memory_order_acq_rel);
}

bool Mailbox::looksWritten(std::span<const std::byte> frame) const noexcept
{
    // The head is seen as one. Of the rest the last byte is written last, or with the last but one store of a copy.
    const std::size_t last = frame.size() - 1;
    if (last < MailboxHead::size)
        return true;
    const std::byte before = last < m_known.size() ? m_known[last] : last < m_poisoned ? poisonByte : std::byte{0};
    return frame[last] != before;
}

bool Mailbox::waitedLongEnough(Nanoseconds now, Nanoseconds needed, const std::vector<std::byte> &frame)
{
    if (m_candidate != frame) {
        m_candidate = frame;
        m_candidateSince = now;
        return false;
    }
    return now - m_candidateSince >= needed;
}

bool Mailbox::copySettled(MailboxHead head, Nanoseconds now, std::vector<std::byte> &frame)
{
    if (now < m_lookAgain)
        return false;
    const bool settled = copyNow(head, now, frame);
    m_lookAgain = settled ? 0 : now + restFactor * (trace::now() - now);
    return settled;
}

bool Mailbox::copyNow(MailboxHead head, Nanoseconds now, std::vector<std::byte> &frame)
{
    // A length that cannot be is a frame of which only the head can be shown.
    const bool hasRoom = head.length() <= m_memory.size() - framePrefixSize;
    const std::size_t size = hasRoom ? framePrefixSize + head.length() : MailboxHead::size;
    frame.assign(m_memory.begin(), m_memory.begin() + static_cast<std::ptrdiff_t>(size));
    std::memcpy(frame.data(), &head.bytes, std::min(size, MailboxHead::size)); // the head that was seen, and no other
    if (!hasRoom || !wire::hasFrameShape(std::span<const std::byte>(frame).subspan(framePrefixSize)))
        return waitedLongEnough(now, settleIfBroken, frame) && this->head() == head;
    if (!looksWritten(frame)
        && !waitedLongEnough(now, size <= shortFrame ? settleIfShortAndUnchanged : settleIfUnchanged, frame))
        return false;
    waitToSettle();
    return this->head() == head && std::memcmp(m_memory.data(), frame.data(), size) == 0;
}

void Mailbox::poison(std::size_t from) noexcept
{
    if (from < m_used)
        std::memset(m_memory.data() + from, std::to_integer<int>(poisonByte), m_used - from);
    m_poisoned = std::max({m_poisoned, m_used, from});
    m_used = from;
}

void Mailbox::writeBody(std::span<const std::byte> frame) noexcept
{
    if (frame.size() > MailboxHead::size)
        std::memcpy(m_memory.data() + MailboxHead::size, frame.data() + MailboxHead::size,
                    frame.size() - MailboxHead::size);
    poison(std::max(frame.size(), MailboxHead::size));
}

void Mailbox::writeFromEmpty(std::span<const std::byte> frame) noexcept
{
    const MailboxHead head = MailboxHead::of(frame);
    const std::atomic_ref word(headWord(m_memory));
    (void)word.exchange(head.withLength(0).bytes, std::memory_order_acq_rel); // nothing below is seen before it
    writeBody(frame);
    word.store(head.bytes, std::memory_order_release);
}

void Mailbox::remember(std::span<const std::byte> frame)
{
    m_known.assign(frame.begin(), frame.end());
    m_used = std::max(m_used, frame.size());
    m_candidate.clear();
}

void Mailbox::noteUse() noexcept
{
    if (const std::size_t length = head().length(); length <= m_memory.size() - framePrefixSize)
        m_used = std::max(m_used, framePrefixSize + length);
}

// ---- the server's end ----

bool MailboxServerEnd::isWaitedFor() const noexcept
{
    const MailboxHead head = m_mailbox.head();
    return head.isRequest() || (m_taken && head == *m_taken);
}

bool MailboxServerEnd::mark(MailboxHead head, std::span<const std::byte> frame)
{
    m_mailbox.reserve(frame.size()); // before it is marked: it may throw
    const MailboxHead taken = head.asPending();
    if (!m_mailbox.replaceHead(head, taken))
        return false;
    m_taken = taken;
    m_mailbox.remember(frame);
    return true;
}

bool MailboxServerEnd::take(std::vector<std::byte> &frame, Mailbox::Nanoseconds now)
{
    const MailboxHead head = m_mailbox.head();
    return head.isRequest() && m_mailbox.copySettled(head, now, frame) && mark(head, frame);
}

bool MailboxServerEnd::take(std::span<const std::byte> frame)
{
    return MailboxHead::of(frame).isRequest() && m_mailbox.holds(frame) && mark(MailboxHead::of(frame), frame);
}

bool MailboxServerEnd::refuse(std::span<const std::byte> answer)
{
    if (const MailboxHead head = m_mailbox.head(); head.isRequest()) {
        m_taken = head.asPending();
        if (!m_mailbox.replaceHead(head, *m_taken))
            m_taken.reset();
    }
    return publish(answer);
}

bool MailboxServerEnd::publish(std::span<const std::byte> result)
{
    if (!m_taken)
        return false;
    // As long as the request, it could be taken for one by a client that has read the length before: then it grows by the two
    // bytes that a wider header of its payload takes.
    constexpr std::size_t payloadHeader = 6;
    if (result.size() == m_taken->length() + framePrefixSize && result.size() + 2 <= m_mailbox.size()
        && result.size() > payloadHeader && result[payloadHeader] == std::byte{0x93}) {
        m_padded.assign(result.begin(), result.end());
        const std::array wider{std::byte{0xdc}, std::byte{0}, std::byte{3}};
        m_padded.erase(m_padded.begin() + payloadHeader);
        m_padded.insert(m_padded.begin() + payloadHeader, wider.begin(), wider.end());
        const auto length = static_cast<std::uint32_t>(m_padded.size() - framePrefixSize);
        const MailboxHead head = MailboxHead::of(m_padded).withLength(length);
        std::memcpy(m_padded.data(), &head.bytes, MailboxHead::size);
        result = m_padded;
    }
    m_mailbox.reserve(result.size()); // before anything is written: it may throw
    // A length of 1 is a frame that no client can decode, and that none takes for an answer: it looks again.
    const MailboxHead writing = m_taken->withLength(1);
    if (!m_mailbox.replaceHead(*m_taken, writing)) {
        m_taken.reset();
        return false;
    }
    m_taken.reset();
    m_mailbox.remember(result);
    m_mailbox.writeBody(result);
    return m_mailbox.replaceHead(writing, MailboxHead::of(result));
}

// ---- the client's end ----

bool MailboxClientEnd::isBusy() const noexcept
{
    const MailboxHead head = m_mailbox.head();
    return !head.isEmpty() && !head.isResult();
}

void MailboxClientEnd::send(std::span<const std::byte> request)
{
    m_mailbox.noteUse();         // by other clients
    m_mailbox.remember(request); // before anything is written: it may throw
    m_mailbox.writeFromEmpty(request);
}

bool MailboxClientEnd::receive(std::vector<std::byte> &result, Mailbox::Nanoseconds now)
{
    const MailboxHead head = m_mailbox.head();
    if (!head.isResult() || head.isEmpty() || !m_mailbox.copySettled(head, now, result))
        return false;
    m_mailbox.remember(result);
    return true;
}

bool MailboxClientEnd::withdraw() noexcept
{
    const MailboxHead head = m_mailbox.head();
    return head.isEmpty() || (head.isRequest() && m_mailbox.replaceHead(head, head.withLength(0)));
}

void MailboxClientEnd::clear() noexcept
{
    if (const MailboxHead head = m_mailbox.head(); head.isPending())
        (void)m_mailbox.replaceHead(head, head.withLength(0));
}

} // namespace decoy::memory
