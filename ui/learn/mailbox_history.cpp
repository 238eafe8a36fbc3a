// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/mailbox_history.h"

#include <decoy/frame.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::size_t headSize = 6; // length, array header, opcode

std::uint32_t lengthOf(std::span<const std::byte> bytes) noexcept
{
    std::uint32_t length = 0;
    for (const std::byte byte : bytes.first(framePrefixSize))
        length = length << 8 | std::to_integer<std::uint32_t>(byte);
    return length;
}

MailboxState stateOfOpcode(std::byte byte) noexcept
{
    switch (static_cast<ProxyOpCode>(static_cast<std::int8_t>(byte))) {
    case ProxyOpCode::Get:
    case ProxyOpCode::Set:
    case ProxyOpCode::Execute: return MailboxState::Request;
    case ProxyOpCode::ResponsePending: return MailboxState::Pending;
    case ProxyOpCode::ExecutionResult: return MailboxState::Result;
    case ProxyOpCode::Event: break; // no mailbox carries one
    }
    return MailboxState::Broken;
}

void setWriter(MailboxImage &image, std::size_t end, MailboxWriter writer)
{
    std::fill_n(image.writers.begin(), static_cast<std::ptrdiff_t>(std::min(end, image.writers.size())), writer);
}

/// What was written over the same byte looks unchanged; but who completes a request writes all of its length, and who publishes a
/// result all of it.
void noteEqualBytes(MailboxImage &image, std::span<const std::byte> bytes)
{
    const MailboxState state = mailboxState(bytes);
    if (state == MailboxState::Request && image.writer == MailboxWriter::Client)
        setWriter(image, framePrefixSize, MailboxWriter::Client);
    if (state == MailboxState::Result && image.writer == MailboxWriter::Server)
        setWriter(image, framePrefixSize + lengthOf(bytes), MailboxWriter::Server);
}

} // namespace

MailboxState mailboxState(std::span<const std::byte> bytes) noexcept
{
    if (bytes.size() < headSize)
        return MailboxState::Broken;
    const std::uint32_t length = lengthOf(bytes);
    if (length == 0)
        return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; }) ? MailboxState::Empty
                                                                                               : MailboxState::Begun;
    const MailboxState state = stateOfOpcode(bytes[5]);
    if (length == 1 && state == MailboxState::Pending)
        return MailboxState::Writing;
    const bool isFrame = bytes[4] == std::byte{0x92} && length >= 3 && length <= bytes.size() - framePrefixSize;
    return isFrame ? state : MailboxState::Broken;
}

QString writerName(MailboxWriter writer)
{
    switch (writer) {
    case MailboxWriter::Nobody: return u"nobody"_s;
    case MailboxWriter::Client: return u"client"_s;
    case MailboxWriter::Server: return u"server"_s;
    }
    return {};
}

QString describeImage(const MailboxImage &image)
{
    const bool byClient = image.writer == MailboxWriter::Client;
    switch (mailboxState(image.bytes)) {
    case MailboxState::Empty:
        return image.writer == MailboxWriter::Nobody ? u"New memory, all zeros: the mailbox is empty"_s
                                                     : u"The mailbox is empty"_s;
    case MailboxState::Begun:
        return byClient ? u"The client wrote the request; its length is still 0"_s
                        : u"Something stands here, but its length is 0"_s;
    case MailboxState::Request: return u"The client wrote the length: the request is complete"_s;
    case MailboxState::Pending: return u"The server took the request: PENDING"_s;
    case MailboxState::Writing: return u"The server is writing the result"_s;
    case MailboxState::Result: return u"The server published the result"_s;
    case MailboxState::Broken: return u"This is no frame of the protocol"_s;
    }
    return {};
}

bool MailboxHistory::add(std::vector<std::byte> bytes, MailboxWriter writer, std::chrono::steady_clock::time_point now)
{
    MailboxImage image;
    if (m_images.empty()) {
        m_begin = now;
        image.writers.assign(bytes.size(), MailboxWriter::Nobody);
        image.changed.assign(bytes.size(), false);
    } else {
        const MailboxImage &before = latest();
        if (before.bytes == bytes)
            return false;
        image.writer = writer;
        image.writers = before.writers;
        image.writers.resize(bytes.size(), MailboxWriter::Nobody);
        image.changed.assign(bytes.size(), false);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i < before.bytes.size() && before.bytes[i] == bytes[i])
                continue;
            image.changed[i] = true;
            image.writers[i] = writer;
        }
        noteEqualBytes(image, bytes);
    }
    image.bytes = std::move(bytes);
    image.time = now - m_begin;
    if (m_images.size() == most)
        m_images.erase(m_images.begin());
    m_images.push_back(std::move(image));
    return true;
}

} // namespace decoy::ui
