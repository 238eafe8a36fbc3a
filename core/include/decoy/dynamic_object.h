// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/target.h>
#include <decoy/value.h>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace decoy {

/// A bag of attributes and functions, as any object is in Python: clients may add attributes by setting them, replace whatever
/// has the name, functions and objects too, and remove them with `__delattr__`.
///
/// Thread-safe: attributes may be read and set in this process while clients use it. Functions run without the lock.
class DynamicObject final : public Target {
public:
    using Function = std::function<Value(const std::vector<Value> &)>;

    explicit DynamicObject(std::string typeName = "object") : m_typeName(std::move(typeName)) {}

    /// Sets an attribute of this process's side.
    void setAttribute(std::string name, Value value);
    /// The attribute's value; throws AttributeNotFound.
    [[nodiscard]] Value attribute(std::string_view name) const;
    /// Adds a function that takes any number of positional arguments; described as `name(*arguments)`.
    void setFunction(std::string name, Function function, std::string doc = {});
    /// Makes an object reachable as an attribute: reading it gives a chained proxy.
    void setObject(std::string name, std::shared_ptr<Target> target);

    [[nodiscard]] std::string_view typeName() const noexcept override { return m_typeName; }
    [[nodiscard]] Description describe() const override;
    [[nodiscard]] Threading threading() const noexcept override { return Threading::Concurrent; }
    void get(std::string_view attribute, Reply &reply) override;
    void set(std::string_view attribute, const msgpack::object &value, Reply &reply) override;
    /// Functions, and `__delattr__(name)`.
    void call(std::string_view method, const Arguments &arguments, Reply &reply) override;

private:
    struct BoundFunction {
        Function function;
        std::string doc;
    };
    using Member = std::variant<Value, std::shared_ptr<const BoundFunction>, std::shared_ptr<Target>>;

    /// Members that clients may bring an object to. Stops one from filling this process's memory with attributes.
    static constexpr std::size_t mostMembers = 65536;

    /// A copy, so that it is used without the lock.
    [[nodiscard]] std::optional<Member> member(std::string_view name) const;
    void setMember(std::string name, Member member);
    bool removeMember(std::string_view name);

    const std::string m_typeName;
    mutable std::mutex m_mutex;
    std::map<std::string, Member, std::less<>> m_members;
};

} // namespace decoy
