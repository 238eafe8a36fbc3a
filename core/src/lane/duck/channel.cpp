// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/channel.h"

#include "hold_hub.h"
#include "lane/duck/segment_users.h"
#include "trace/clock.h"
#include "wire/request.h"
#include "wire/result.h"

#include <algorithm>
#include <signal.h>
#include <string_view>
#include <unistd.h>

namespace decoy::lane::duck {

namespace {

/// A client of the reference may go on without waiting for the answer to a release; one that has not by then does wait. Long
/// enough for one that has to wait for a processor: an answer that is just being written damages the request that it meets.
constexpr std::int64_t releaseHold = 20'000'000; // ns

/// How often a mailbox whose client is not known looks for it, while somebody watches.
constexpr std::int64_t searchInterval = 1'000'000'000; // ns

Limits limitsOf(Limits limits, const memory::MailboxSegment &segment)
{
    limits.bufsize = static_cast<std::uint32_t>(segment.bytes().size());
    return limits;
}

/// Two elements, where every other EXECUTE has four; anything else was refused or is no release.
bool isRelease(std::span<const std::byte> frame) noexcept
{
    const auto head = wire::peekHead(frame.subspan(std::min(framePrefixSize, frame.size())));
    return head && head->opcode == static_cast<int>(ProxyOpCode::Execute) && head->name == "__del__";
}

bool isPending(std::span<const std::byte> frame) noexcept { return memory::MailboxHead::of(frame).isPending(); }

/// Whether a result makes the client attach to the mailbox anew, by its name.
bool handsOutProxy(std::span<const std::byte> frame) noexcept
{
    constexpr std::size_t longestBeginning = 4 + 3 + 9
        + 5; // prefix, array headers and opcode, id, header of the string
    const auto beginning = frame.first(std::min(frame.size(), longestBeginning + duckProxyPrefix.size()));
    const std::string_view text(reinterpret_cast<const char *>(beginning.data()), beginning.size());
    return text.find(duckProxyPrefix) != std::string_view::npos;
}

} // namespace

Channel::Channel(std::shared_ptr<const ServedObjects> served, memory::MailboxSegment segment,
                 std::shared_ptr<object::Entry> root)
    : m_served(std::move(served)), m_segment(std::move(segment)), m_root(std::move(root)),
      m_caller(m_served->takeConnectionNumber(), PeerCredentials{0, geteuid(), getegid()}, Lane::Duck, m_served->table,
               limitsOf(m_served->limits, m_segment), *this),
      m_end(m_segment.bytes())
{
    m_caller.addRoot(m_root, 0);
}

Channel::~Channel()
{
    m_caller.dismiss();
    m_served->table->release(m_root, 1);
}

bool Channel::receive(ReceivedRequest &request)
{
    const std::lock_guard lock(m_mutex);
    if (m_isClosed || !m_end.take(request.frame, trace::now()))
        return false;
    taken(request);
    return true;
}

bool Channel::receive(std::span<const std::byte> frame, ReceivedRequest &request)
{
    const std::lock_guard lock(m_mutex);
    if (m_isClosed || !m_end.take(frame))
        return false;
    request.frame.assign(frame.begin(), frame.end());
    taken(request);
    return true;
}

void Channel::taken(ReceivedRequest &request)
{
    request.callId = ++m_callId;
    request.oneWay = false;
    m_isRelease = isRelease(request.frame);
    m_hasHeldRelease.store(false, std::memory_order_relaxed);
    m_lastRequest = trace::now();
    m_isAnswered = m_isLeaseOver = false;
    m_lastUse = m_lastRequest;
    if (m_served->taps->isWatched())
        findClient(m_lastRequest);
}

void Channel::findClient(std::int64_t now)
{
    if (m_lastSearch != 0 && now - m_lastSearch < searchInterval)
        return;
    m_lastSearch = now;
    if (m_caller.process() != 0 && kill(m_caller.process(), 0) == 0)
        return;
    const std::vector<pid_t> users = findUsers(m_segment.device(), m_segment.inode()).processes;
    const auto client = std::ranges::find_if(users, [](pid_t user) { return user != getpid(); });
    m_caller.setProcess(client != users.end() ? *client : users.empty() ? 0 : getpid());
}

void Channel::checkLease(std::int64_t since)
{
    const std::lock_guard lock(m_mutex);
    if (m_isLeaseOver || !m_isAnswered || m_lastUse > since)
        return;
    m_isLeaseOver = true;
    m_mustEndLease.store(true, std::memory_order_relaxed);
}

void Channel::endLease()
{
    if (m_mustEndLease.exchange(false, std::memory_order_relaxed))
        m_caller.releaseAll();
}

bool Channel::sendResult(std::uint64_t callId, std::span<const std::byte> frame)
{
    const std::lock_guard lock(m_mutex);
    if (callId != m_callId)
        return false; // the client gave up, and waits for something else
    if (isPending(frame))
        return true; // the request says so already
    m_isAnswered = true;
    m_lastUse = trace::now();
    if (m_isRelease && !m_segment.hasLockingClient()) {
        m_heldRelease.assign(frame.begin(), frame.end());
        m_heldSince = trace::now();
        m_hasHeldRelease.store(true, std::memory_order_relaxed);
        return true;
    }
    if (handsOutProxy(frame))
        m_segment.restoreName();
    return m_end.publish(frame);
}

void Channel::flush()
{
    if (!m_hasHeldRelease.load(std::memory_order_relaxed))
        return;
    {
        const std::lock_guard lock(m_mutex);
        if (trace::now() - m_heldSince < releaseHold)
            return;
    }
    sendHeldRelease();
}

void Channel::sendHeldRelease()
{
    const std::lock_guard lock(m_mutex);
    if (m_hasHeldRelease.exchange(false, std::memory_order_relaxed) && !m_isClosed)
        m_end.publish(m_heldRelease);
}

void Channel::abandon(const Failure &failure)
{
    PackBuffer frame(m_caller.bufsize());
    wire::packFailure(frame, wire::Dialect::Duck, m_root->id, failure);
    wire::endFrame(frame, "the error", m_caller.bufsize());
    const std::lock_guard lock(m_mutex);
    ++m_callId; // what runs answers nobody
    m_isAnswered = true;
    m_hasHeldRelease.store(false, std::memory_order_relaxed);
    if (m_end.isWaitedFor())
        m_end.refuse(frame.bytes());
}

void Channel::close(const Failure &failure)
{
    abandon(failure);
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        m_segment.removeNames();
    }
    m_caller.dismiss();
    m_served->holds->clearGone();
}

void Channel::restoreName()
{
    const std::lock_guard lock(m_mutex);
    if (!m_isClosed)
        m_segment.restoreName();
}

} // namespace decoy::lane::duck
