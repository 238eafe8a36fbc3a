// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <msgpack.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace decoy::demo {

/// One change of an account, as it travels to clients.
struct Booking {
    std::string kind; ///< "deposit" or "withdrawal"
    std::int64_t amount = 0;
    std::int64_t balance = 0; ///< after it
    std::string memo;
    MSGPACK_DEFINE_MAP(kind, amount, balance, memo)
};

/// The latest bookings of an account, oldest first. Older ones are forgotten, so that a busy client cannot fill the memory.
///
/// Thread-safe: clients read it as an object of its own while the account writes to it.
class History {
public:
    static constexpr std::size_t capacity = 250;

    void append(Booking booking);

    [[nodiscard]] std::int64_t size() const;
    /// -1 is the latest. Throws ArgumentError if there is no such booking.
    [[nodiscard]] Booking at(std::int64_t index) const;
    [[nodiscard]] std::vector<Booking> all() const;
    /// How many bookings there have ever been: another number after every change.
    [[nodiscard]] std::uint64_t written() const;

private:
    mutable std::mutex m_mutex;
    std::deque<Booking> m_bookings;
    std::uint64_t m_written = 0;
};

} // namespace decoy::demo
