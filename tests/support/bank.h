// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/class_registry.h"
#include "support/recording_reply.h"

#include <decoy/class.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A class with a binding of every kind, and an object of it: for tests of the object floor alone.
namespace decoy::test {

enum class Colour { Red = 1, Green = 2 };

} // namespace decoy::test
MSGPACK_ADD_ENUM(decoy::test::Colour)

namespace decoy::test {

struct Point {
    double x = 0;
    double y = 0;
    MSGPACK_DEFINE(x, y)
};

struct Parcel { // move-only, as some arguments are
    std::string content;
    Parcel() = default;
    Parcel(Parcel &&) = default;
    Parcel &operator=(Parcel &&) = default;
    MSGPACK_DEFINE(content)
};

struct History {
    int entries = 3;
};

class Named {
public:
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    void rename(const std::string &name) { m_name = name; }
    int rank = 1;

private:
    std::string m_name = "somebody";
};

class Account : public Named {
public:
    History history;
    std::unique_ptr<History> audit = std::make_unique<History>();
    int balance = 100;
    const int number = 7;

    int deposit(int amount, const std::string &memo) { return memo.empty() ? balance += amount : balance; }
    [[nodiscard]] double interest(double rate) const noexcept { return balance * rate; }
    [[nodiscard]] std::int8_t small(std::int8_t value) const & { return value; }
    Colour paint(Colour colour) { return colour; }
    std::string send(Parcel parcel) { return std::move(parcel.content); }
    int maybe(std::optional<int> value) { return value.value_or(-1); }
    void takeOver(std::string &&text) { owner = std::move(text); }
    void change(std::string &text)
    {
        text += "!";
        owner = text;
    }
    double length(const Point &point) const { return point.x + point.y; }
    std::vector<int> twice(std::vector<int> items)
    {
        items.insert(items.end(), items.begin(), items.end());
        return items;
    }
    Value echo(const Value &value) { return value; }
    History &historyReference() { return history; }
    std::shared_ptr<History> historyCopy() { return std::make_shared<History>(history); }
    History *noHistory() { return nullptr; }
    std::string owner = "Ada";
};

/// An account and the classes that a server would know.
struct Bank {
    Bank();
    [[nodiscard]] TargetProbe probe() const { return TargetProbe(classes->wrap(typeid(Account), account), classes); }

    std::shared_ptr<Account> account = std::make_shared<Account>();
    std::shared_ptr<object::ClassRegistry> classes = std::make_shared<object::ClassRegistry>();
};

} // namespace decoy::test
