// SPDX-License-Identifier: BSD-3-Clause
#include "account.h"

#include <string_view>
#include <utility>

namespace decoy::demo {

namespace {

// A memo is kept for as long as its booking; nobody shall keep novels here.
constexpr std::size_t longestMemo = 200;

void requirePositive(std::int64_t amount)
{
    if (amount <= 0)
        throw InvalidAmount("the amount must be above 0, and is " + std::to_string(amount));
}

void requireShort(std::string_view memo)
{
    if (memo.size() > longestMemo)
        throw MemoTooLong("the memo has " + std::to_string(memo.size()) + " bytes, at most "
                          + std::to_string(longestMemo) + " are kept");
}

} // namespace

std::int64_t Account::deposit(std::int64_t amount, std::string memo)
{
    requirePositive(amount);
    requireShort(memo);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(m_balance, amount, &sum))
        throw InvalidAmount("a balance of " + std::to_string(m_balance) + " has no room for " + std::to_string(amount));
    m_history.append({"deposit", amount, sum, std::move(memo)});
    m_balance = sum;
    changed(m_balance);
    return m_balance;
}

std::int64_t Account::withdraw(std::int64_t amount, std::string memo)
{
    requirePositive(amount);
    requireShort(memo);
    if (amount > m_balance)
        throw InsufficientFunds(m_balance, amount);
    m_history.append({"withdrawal", amount, m_balance - amount, std::move(memo)});
    m_balance -= amount;
    changed(m_balance);
    return m_balance;
}

} // namespace decoy::demo
