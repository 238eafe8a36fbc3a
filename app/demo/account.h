// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "history.h"

#include <decoy/event.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace decoy::demo {

/// More was to be withdrawn than is there. Clients see it as a RemoteError of this type.
class InsufficientFunds : public std::runtime_error {
public:
    InsufficientFunds(std::int64_t balance, std::int64_t amount)
        : std::runtime_error("balance " + std::to_string(balance) + " is less than " + std::to_string(amount))
    {}
};

/// An amount that cannot be booked: none at all, a negative one, or one that leaves 64 bits.
class InvalidAmount : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A memo that is longer than an account keeps.
class MemoTooLong : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A bank account with whole units of money. Not thread-safe; the server serialises the calls.
class Account {
public:
    std::string owner = "Ada";

    [[nodiscard]] std::int64_t balance() const noexcept { return m_balance; }
    /// Both return the new balance, and change nothing when they throw.
    std::int64_t deposit(std::int64_t amount, std::string memo);
    std::int64_t withdraw(std::int64_t amount, std::string memo);

    [[nodiscard]] History &history() noexcept { return m_history; }

    /// After each booking, with the new balance.
    Event<std::int64_t> changed;

private:
    std::int64_t m_balance = 100;
    History m_history;
};

} // namespace decoy::demo
