// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/duck/channel.h"
#include "memory/mailbox_names.h"

#include <decoy/duck.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace decoy::lane::duck {

/// All mailboxes of one server; they outlast its running and stopping. Thread-safe.
class Mailboxes {
public:
    using List = std::vector<std::shared_ptr<Channel>>;

    /// `lease`: see ServerOptions::mailboxLease.
    Mailboxes(std::shared_ptr<const ServedObjects> served, std::chrono::nanoseconds lease)
        : m_lease(lease.count()), m_served(std::move(served))
    {}

    /// Opens a mailbox for an object that the table has counted one reference to for it.
    /// Throws ArgumentError, NameTaken, ProxyError; then the reference is given back.
    std::shared_ptr<Channel> open(std::shared_ptr<object::Entry> root, DuckMailbox options);
    /// Takes a mailbox out of service; null if there is none of this name.
    std::shared_ptr<Channel> remove(std::string_view segment);
    [[nodiscard]] std::shared_ptr<Channel> find(std::string_view segment) const;
    [[nodiscard]] bool hasRoot(const object::Entry &entry) const;

    [[nodiscard]] List all() const;
    /// Changes whenever all() does.
    [[nodiscard]] std::uint64_t generation() const noexcept { return m_generation.load(std::memory_order_seq_cst); }
    /// In ns; 0 for none.
    [[nodiscard]] std::int64_t lease() const noexcept { return m_lease; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_count.load(std::memory_order_relaxed) == 0; }

private:
    [[nodiscard]] memory::MailboxSegment makeSegment(DuckMailbox options);
    void changed() noexcept;

    const std::int64_t m_lease;
    const std::shared_ptr<const ServedObjects> m_served;
    mutable std::mutex m_mutex;
    std::unique_ptr<memory::MailboxNames> m_names; // made with the first mailbox
    List m_channels;
    std::atomic<std::uint64_t> m_generation{0};
    std::atomic<std::size_t> m_count{0};
};

} // namespace decoy::lane::duck
