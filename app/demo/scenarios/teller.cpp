// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <random>

namespace decoy::demo {

namespace {

/// Amounts of customers who take out a little more than they bring, so that the account runs dry now and then.
class Customers {
public:
    [[nodiscard]] bool nextDeposits() { return m_deposits(m_engine); }
    [[nodiscard]] std::int64_t nextAmount() { return m_amounts(m_engine); }

private:
    std::mt19937 m_engine{std::random_device()()};
    std::bernoulli_distribution m_deposits{0.45};
    std::uniform_int_distribution<std::int64_t> m_amounts{1, 60};
};

std::string serve(const Proxy &account, bool deposits, std::int64_t amount)
{
    const auto balance = account.call<std::int64_t>(deposits ? "deposit" : "withdraw", amount,
                                                    kw("memo", "at the counter"));
    return "balance is " + std::to_string(balance);
}

void play(ScenarioRun &run)
{
    constexpr std::uint64_t customersPerAudit = 10;
    const Proxy account = run.server()["account"];
    Customers customers;
    while (run.nextRound()) {
        const bool deposits = customers.nextDeposits();
        const std::int64_t amount = customers.nextAmount();
        const std::string what = (deposits ? "deposit " : "withdraw ") + std::to_string(amount);
        try {
            run.log(what + ": " + serve(account, deposits, amount));
        } catch (const RemoteError &error) {
            run.log(what, error);
        }
        if (run.round() % customersPerAudit == 0 && run.pace())
            run.log("history has " + account.call<Proxy>("history").call("__len__").toString() + " bookings");
    }
}

} // namespace

constinit const Scenario teller{"teller", "Deposits and withdraws, now and then more than is there.", 5, play};

} // namespace decoy::demo
