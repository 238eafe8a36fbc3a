// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/mailboxes.h"

#include <algorithm>
#include <string>

namespace decoy::lane::duck {

namespace {

constexpr std::size_t smallestMailbox = 64;
constexpr std::size_t largestMailbox = std::size_t{1} << 30;

std::size_t checkedSize(std::size_t size)
{
    if (size < smallestMailbox || size > largestMailbox)
        throw ArgumentError("a mailbox has between 64 bytes and 1 GiB, not " + std::to_string(size));
    return size;
}

} // namespace

memory::MailboxSegment Mailboxes::makeSegment(DuckMailbox options)
{
    if (!m_names)
        m_names = std::make_unique<memory::MailboxNames>();
    if (options.memory.isOpen()) {
        checkedSize(options.memory.size());
        return memory::MailboxSegment::adopt(*m_names, std::move(options.memory));
    }
    return memory::MailboxSegment::create(
        *m_names, checkedSize(options.bufsize != 0 ? options.bufsize : m_served->limits.bufsize));
}

std::shared_ptr<Channel> Mailboxes::open(std::shared_ptr<object::Entry> root, DuckMailbox options)
{
    const std::lock_guard lock(m_mutex);
    try {
        m_channels.reserve(m_channels.size() + 1);
        auto channel = std::make_shared<Channel>(m_served, makeSegment(std::move(options)), root);
        m_channels.push_back(channel);
        changed();
        return channel;
    } catch (...) {
        m_served->table->release(root, 1);
        throw;
    }
}

std::shared_ptr<Channel> Mailboxes::remove(std::string_view segment)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::ranges::find(m_channels, segment,
                                         [](const auto &channel) { return channel->segment().name(); });
    if (found == m_channels.end())
        return nullptr;
    auto channel = std::move(*found);
    m_channels.erase(found);
    changed();
    return channel;
}

std::shared_ptr<Channel> Mailboxes::find(std::string_view segment) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::ranges::find(m_channels, segment,
                                         [](const auto &channel) { return channel->segment().name(); });
    return found == m_channels.end() ? nullptr : *found;
}

bool Mailboxes::hasRoot(const object::Entry &entry) const
{
    const std::lock_guard lock(m_mutex);
    return std::ranges::any_of(m_channels, [&entry](const auto &channel) { return channel->root().get() == &entry; });
}

Mailboxes::List Mailboxes::all() const
{
    const std::lock_guard lock(m_mutex);
    return m_channels;
}

void Mailboxes::changed() noexcept
{
    m_count.store(m_channels.size(), std::memory_order_relaxed);
    m_generation.fetch_add(1, std::memory_order_seq_cst);
}

} // namespace decoy::lane::duck
