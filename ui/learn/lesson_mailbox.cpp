// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lesson_mailbox.h"

#include <decoy/error.h>
#include <decoy/proxy_server.h>

#include <algorithm>
#include <atomic>
#include <bit>

namespace decoy::ui {

namespace {

std::uint32_t bigEndian(std::uint32_t number) noexcept
{
    return std::endian::native == std::endian::big ? number : __builtin_bswap32(number);
}

DuckMailbox smallMailbox()
{
    DuckMailbox mailbox;
    mailbox.bufsize = LessonMailbox::size;
    return mailbox;
}

} // namespace

LessonMailbox::LessonMailbox(ProxyServer &server, std::uint64_t object)
    : m_server(server), m_object(object),
      m_memory(SharedMemory::openNamed(server.createProxyFor(object, smallMailbox()).address().segment))
{}

LessonMailbox::~LessonMailbox() { m_server.closeMailbox(segment()); }

std::vector<std::byte> LessonMailbox::bytes() const
{
    const auto memory = m_memory.bytes();
    return {memory.begin(), memory.end()};
}

void LessonMailbox::storeLength(std::uint32_t length) const noexcept
{
    // Aligned, because a mailbox begins with a page.
    auto &prefix = *reinterpret_cast<std::uint32_t *>(m_memory.writableBytes().data());
    std::atomic_ref(prefix).store(bigEndian(length), std::memory_order_seq_cst);
}

void LessonMailbox::writeBody(const Frame &request)
{
    const std::vector<std::byte> payload = request.pack();
    const auto room = m_memory.writableBytes().subspan(framePrefixSize);
    if (payload.size() > room.size())
        throw DataTooBigError("the request has " + std::to_string(payload.size()) + " bytes and the mailbox room for "
                              + std::to_string(room.size()));
    storeLength(0);
    std::ranges::copy(payload, room.begin());
    m_length = static_cast<std::uint32_t>(payload.size());
}

void LessonMailbox::writeLength() { storeLength(m_length); }

Frame LessonMailbox::read() const { return readFrame(m_memory.bytes()); }

} // namespace decoy::ui
