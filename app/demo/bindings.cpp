// SPDX-License-Identifier: BSD-3-Clause
#include "bindings.h"

#include "account.h"
#include "counter.h"
#include "duck_mailboxes.h"
#include "lab.h"
#include "node.h"

#include <decoy/class.h>
#include <decoy/containers.h>
#include <decoy/proxy_server.h>

namespace decoy::demo {

namespace {

Class<Counter> counterBinding()
{
    return Class<Counter>("Counter", "A number that everyone may add to.")
        .property("a", &Counter::a, "The number; 100 at first.")
        .method("add", &Counter::add, arg("x"), "Adds x to the number and returns the sum.")
        .method("reset", &Counter::reset, "Sets the number back to 100.");
}

Class<Account> accountBinding()
{
    return Class<Account>("Account", "A bank account that keeps its latest bookings.")
        .property("owner", &Account::owner, "Whose account it is.")
        .property("balance", &Account::balance, "How much is there now.")
        .method("deposit", &Account::deposit, arg("amount"), arg("memo") = "",
                "Adds the amount and returns the new balance.")
        .method("withdraw", &Account::withdraw, arg("amount"), arg("memo") = "",
                "Takes the amount out and returns the new balance; fails with InsufficientFunds if there is less.")
        .method("history", &Account::history, "The latest bookings, oldest first, as an object of its own.")
        .event("changed", &Account::changed, arg("balance"), notifies("balance"),
               "After each booking, with the new balance.");
}

Class<History> historyBinding()
{
    auto binding = Class<History>("History", "The latest bookings of an account, oldest first.")
                       .method("__len__", &History::size, "How many bookings there are.")
                       .method("__getitem__", &History::at, arg("index"), "The booking at an index; -1 is the latest.")
                       .method("__iter__", &History::all, "All bookings, as a copy.")
                       .threading(Threading::Concurrent);
    return iterable(std::move(binding), &History::all, &History::written);
}

Class<Node> nodeBinding()
{
    return Class<Node>("Node", "A node of a tree without end.")
        .property("name", &Node::name, "What the node is called.")
        .property("depth", &Node::depth, "How many nodes are above it.")
        .method("child", &Node::child, "The node below this one, as an object of its own. Every node has one.");
}

Class<Lab> labBinding(DuckMailboxes &mailboxes)
{
    const auto openMailbox = [&mailboxes](Lab &, const std::string &object, std::int32_t process) {
        return mailboxes.open(object, process);
    };
    return Class<Lab>("Lab", "Experiments with large, slow and failing calls, and with other protocols.")
        .property("sleeps", &Lab::sleeps, "How many calls of sleep() have begun.")
        .method("echo", &Lab::echo, arg("value"), "Returns the value as it came.")
        .method("blob", &Lab::blob, arg("size"), "Returns so many bytes.")
        .method("map", &Lab::map, arg("f"), arg("values"),
                "Calls f, a callback of yours, with each value; returns the answers.")
        .method("sleep", &Lab::sleep, arg("seconds"),
                "Returns after so many seconds, at most 60; others are not held up.")
        .method("fail", &Lab::fail, arg("message") = "this is what fail() does", "Fails with this message.")
        .method("mailbox", openMailbox, arg("object"), arg("process"),
                "Opens a mailbox of the Duck protocol to a published object, for one process: closed when that ends.")
        .threading(Threading::Concurrent);
}

} // namespace

void bindClasses(ProxyServer &server, DuckMailboxes &mailboxes)
{
    server.bind(counterBinding());
    server.bind(accountBinding());
    server.bind(historyBinding());
    server.bind(nodeBinding());
    server.bind(labBinding(mailboxes));
}

} // namespace decoy::demo
