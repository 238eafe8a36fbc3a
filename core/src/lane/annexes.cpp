// SPDX-License-Identifier: BSD-3-Clause
#include "lane/annexes.h"

#include "lane/handshake.h"

#include <decoy/copy_bytes.h>
#include <decoy/error.h>

#include <algorithm>

namespace decoy::lane {

namespace {

/// The record's bytes may change at any time, so they are read once.
AnnexedFrame readAnnexed(const memory::Record &record, std::size_t bufsize)
{
    AnnexedFrame where;
    if (!readMessage(record.frame, where))
        throw memory::BrokenPeer("a record of a large frame has the wrong size");
    if (where.annex >= mostAnnexes || where.size > bufsize)
        throw memory::BrokenPeer("a record of a large frame is beyond every bound");
    return where;
}

} // namespace

// ---- the sender's end ----

/// Ends when it is destroyed, or when the frame that was built in it has been sent.
class AnnexWriter::Loan final : public PackSpace {
public:
    Loan(std::shared_ptr<Annex> annex, std::uint64_t number) noexcept : m_annex(std::move(annex)), m_number(number)
    {
        m_annex->lease.store(number, std::memory_order_relaxed);
    }
    ~Loan() override
    {
        std::uint64_t mine = m_number; // another one if the annex was sent and lent again meanwhile
        m_annex->lease.compare_exchange_strong(mine, 0, std::memory_order_release, std::memory_order_relaxed);
    }
    std::span<char> bytes() noexcept override
    {
        const auto bytes = m_annex->memory.writableBytes();
        return {reinterpret_cast<char *>(bytes.data()), bytes.size()};
    }

private:
    const std::shared_ptr<Annex> m_annex;
    const std::uint64_t m_number;
};

bool AnnexWriter::hasRoom() { return findFree() != nullptr; }

/// The first: so few are ever made, and what is used is still in the caches.
std::shared_ptr<AnnexWriter::Annex> *AnnexWriter::findFree()
{
    const auto found = std::ranges::find_if(m_annexes, [this](const std::shared_ptr<Annex> &annex) {
        return !annex || (annex->lease.load(std::memory_order_acquire) == 0 && m_writer.isTaken(annex->usedTo));
    });
    return found == m_annexes.end() ? nullptr : &*found;
}

/// The annex that the frame was built in.
std::shared_ptr<AnnexWriter::Annex> *AnnexWriter::findLent(std::span<const std::byte> frame)
{
    const auto found = std::ranges::find_if(m_annexes, [frame](const std::shared_ptr<Annex> &annex) {
        return annex && annex->lease.load(std::memory_order_relaxed) != 0
            && annex->memory.bytes().data() == frame.data();
    });
    return found == m_annexes.end() ? nullptr : &*found;
}

void AnnexWriter::make(std::shared_ptr<Annex> &annex) const
{
    if (!annex)
        annex = std::make_shared<Annex>();
    if (!annex->memory.isOpen())
        annex->memory = SharedMemory::createSealed(m_bufsize);
}

std::uint32_t AnnexWriter::numberOf(const std::shared_ptr<Annex> &annex) const
{
    return static_cast<std::uint32_t>(&annex - m_annexes.data());
}

std::unique_ptr<PackSpace> AnnexWriter::lend()
{
    const auto isLent = [](const std::shared_ptr<Annex> &annex) {
        return annex && annex->lease.load(std::memory_order_relaxed) != 0;
    };
    std::shared_ptr<Annex> *annex = findFree();
    if (!annex || static_cast<std::size_t>(std::ranges::count_if(m_annexes, isLent)) >= mostLentAnnexes)
        return nullptr;
    make(*annex);
    return std::make_unique<Loan>(*annex, ++m_loans);
}

Sent AnnexWriter::announce(const FileDescriptor &socket, const std::shared_ptr<Annex> &annex) const
{
    const Notice notice{Notice::Kind::Annex, numberOf(annex), 0};
    const int descriptor = annex->memory.descriptor();
    const Sent sent = sendMessage(socket, asMessage(notice), {&descriptor, 1});
    if (sent == Sent::Done) {
        annex->isAnnounced = true;
        annex->memory.closeDescriptor();
    }
    return sent;
}

Sent AnnexWriter::write(const FileDescriptor &socket, std::uint64_t callId, std::uint32_t flags,
                        std::span<const std::byte> frame, std::span<const std::byte> trailer)
{
    std::shared_ptr<Annex> *lent = findLent(frame);
    std::shared_ptr<Annex> *place = lent ? lent : findFree();
    if (!place || !m_writer.hasRoom(sizeof(AnnexedFrame) + trailer.size()))
        return Sent::Full;
    make(*place);
    Annex &annex = **place;
    if (!annex.isAnnounced) {
        if (const Sent sent = announce(socket, *place); sent != Sent::Done)
            return sent;
    }
    if (!lent)
        detail::copyBytes(annex.memory.writableBytes().data(), frame.data(), frame.size());
    const AnnexedFrame where{numberOf(*place), static_cast<std::uint32_t>(frame.size())};
    const auto size = static_cast<std::uint32_t>(sizeof where + trailer.size());
    if (!m_writer.write({size, flags | memory::RecordHeader::Annexed, callId}, asMessage(where), trailer))
        return Sent::Full;
    annex.usedTo = m_writer.position();
    annex.lease.store(0, std::memory_order_relaxed);
    if (frame.size() > largestKept) { // whoever built it may still refer to the memory
        *place = std::make_shared<Annex>();
        (*place)->usedTo = m_writer.position();
    }
    return Sent::Done;
}

std::unique_ptr<PackSpace> AnnexLender::lend() noexcept
{
    try {
        const std::lock_guard lock(m_mutex);
        return m_annexes.lend();
    } catch (const std::exception &) { // what is wrong will be said when the frame is sent
        return nullptr;
    }
}

// ---- the receiver's end ----

void AnnexReader::add(Message &message)
{
    Notice notice;
    if (!readMessage(message.bytes, notice) || notice.kind != Notice::Kind::Annex || message.descriptors.size() != 1)
        throw memory::BrokenPeer("the notice of an annex is none");
    if (notice.annex >= mostAnnexes || m_annexes[notice.annex].isOpen())
        throw memory::BrokenPeer("there are more annexes than there may be");
    try {
        m_annexes[notice.annex] = SharedMemory::openSealed(std::move(message.descriptors.front()), m_bufsize);
    } catch (const ProxyError &error) {
        throw memory::BrokenPeer(error.what());
    }
    m_annexes[notice.annex].closeDescriptor();
}

bool AnnexReader::has(const memory::Record &record) const
{
    return m_annexes[readAnnexed(record, m_bufsize).annex].isOpen();
}

void AnnexReader::copy(const memory::Record &record, std::vector<std::byte> &frame)
{
    const AnnexedFrame where = readAnnexed(record, m_bufsize);
    SharedMemory &annex = m_annexes[where.annex];
    if (!annex.isOpen())
        throw memory::BrokenPeer("a large frame did not come");
    detail::assignBytes(frame, annex.bytes().first(where.size));
    if (where.size > largestKept)
        annex = {};
}

} // namespace decoy::lane
