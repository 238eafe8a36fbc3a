// SPDX-License-Identifier: BSD-3-Clause
#include "bank.h"

namespace decoy::test {
namespace {

std::shared_ptr<const detail::ClassInfo> accountClass()
{
    return Class<Account>("Account", "A bank account.")
        .property("owner", &Account::owner, "Who owns it.")
        .property("balance", &Account::balance)
        .property("number", &Account::number)
        .property("rank", &Account::rank)
        .property("name", &Account::name, &Account::rename)
        .property("history", &Account::history)
        .property("audit", &Account::audit)
        .readOnly("fixed", &Account::balance)
        .property(
            "half", [](const Account &account) { return account.balance / 2.0; }, "Half of the balance.")
        .method("deposit", &Account::deposit, arg("amount"), arg("memo") = "", "Adds to the balance.")
        .method("interest", &Account::interest, arg("rate") = 1)
        .method("small", &Account::small, arg("value"))
        .method("paint", &Account::paint, arg("colour") = Colour::Green)
        .method("send", &Account::send, arg("parcel"))
        .method("maybe", &Account::maybe, arg("value") = Value())
        .method("takeOver", &Account::takeOver, arg("text"))
        .method("change", &Account::change, arg("text"))
        .method("length", &Account::length, arg("point"))
        .method("twice", &Account::twice, arg("items"))
        .method("echo", &Account::echo, arg("value"))
        .method("rename", &Account::rename, arg("name"))
        .method("reset", [](Account &account) { account.balance = 0; })
        .method("overloaded", [](Account &, int value) noexcept { return value; })
        .method("historyReference", &Account::historyReference)
        .method("historyCopy", &Account::historyCopy)
        .method("noHistory", &Account::noHistory)
        .method("byReference", [](Account &account) { return reference(account.balance); })
        .finish();
}

} // namespace

Bank::Bank()
{
    classes->bind(typeid(Account), accountClass());
    classes->bind(typeid(History), Class<History>("History").property("entries", &History::entries).finish());
}

} // namespace decoy::test
