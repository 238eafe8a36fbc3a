// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/local_server.h"

#include <decoy/dynamic_object.h>
#include <decoy/error.h>
#include <decoy/frame.h>
#include <decoy/value.h>

#include <QByteArray>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// What the tests of the reference's documented semantics have in common.
namespace decoy::test {

/// The local server "reference", which also serves a "bag" that takes any attribute.
struct ReferenceServer : LocalServer {
    ReferenceServer() : LocalServer("reference") { server->publish("bag", bag); }

    std::shared_ptr<DynamicObject> bag = std::make_shared<DynamicObject>("Bag");
};

/// A class that nothing has bound yet.
struct Account {
    int balance = 100;
    int deposit(int amount) { return balance += amount; }
    [[nodiscard]] int audit() const noexcept { return balance; }
};

inline const Value noArguments{std::vector<int>()};
inline const Value noKeywords{std::map<std::string, int>()};

inline Frame execute(std::uint64_t id, const char *method, const Value &arguments = noArguments)
{
    return {ProxyOpCode::Execute, {Value(id), Value(method), arguments, noKeywords}};
}

/// The kind of the error that `action` ended with, whatever the lane: on Duck's an error is a text that begins with it.
template <class Action>
QByteArray kindOfError(Action action)
{
    try {
        action();
    } catch (const RemoteError &error) {
        return QByteArray::fromStdString(error.type());
    } catch (const ProxyError &error) {
        return QByteArray::fromStdString(std::string(errorKindName(error.kind())));
    }
    return "none";
}

} // namespace decoy::test
