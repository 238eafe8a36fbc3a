// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/dynamic_object.h>
#include <decoy/member_bindings.h>

#include "object/shown.h"

#include <array>
#include <optional>
#include <utility>

namespace decoy {

namespace {

constexpr std::string_view removal = "__delattr__";

const MethodDescription &removalDescription()
{
    static const MethodDescription description{
        std::string(removal), "Removes an attribute.", {ParameterDescription{"name", "str", true, {}}}, "None"};
    return description;
}

MethodDescription describeFunction(const std::string &name, const std::string &doc)
{
    return {name, doc, {ParameterDescription{"*arguments", "any", false, {}}}, "any"};
}

} // namespace

void DynamicObject::setAttribute(std::string name, Value value) { setMember(std::move(name), std::move(value)); }

Value DynamicObject::attribute(std::string_view name) const
{
    const auto found = member(name);
    if (!found)
        detail::throwAttributeNotFound(*this, "attribute", name);
    if (const auto *value = std::get_if<Value>(&*found))
        return *value;
    throw AttributeNotFound(object::shownName(name) + " of " + m_typeName + " is not a plain value");
}

void DynamicObject::setFunction(std::string name, Function function, std::string doc)
{
    setMember(std::move(name), std::make_shared<const BoundFunction>(std::move(function), std::move(doc)));
}

void DynamicObject::setObject(std::string name, std::shared_ptr<Target> target)
{
    setMember(std::move(name), std::move(target));
}

Description DynamicObject::describe() const
{
    Description description{m_typeName, {}, {}, {}};
    const std::lock_guard lock(m_mutex);
    for (const auto &[name, member] : m_members) {
        if (const auto *function = std::get_if<std::shared_ptr<const BoundFunction>>(&member))
            description.methods.push_back(describeFunction(name, (*function)->doc));
        else if (const auto *value = std::get_if<Value>(&member))
            description.attributes.push_back({name, std::string(object::typeWord(value->object())), true, {}});
        else
            description.attributes.push_back({name, "object", true, {}});
    }
    description.methods.push_back(removalDescription());
    return description;
}

void DynamicObject::get(std::string_view attribute, Reply &reply)
{
    const auto found = member(attribute);
    if (!found)
        detail::throwAttributeNotFound(*this, "attribute", attribute);
    if (const auto *value = std::get_if<Value>(&*found))
        reply.value(*value);
    else if (const auto *target = std::get_if<std::shared_ptr<Target>>(&*found))
        reply.object(*target);
    else
        reply.callable(attribute);
}

void DynamicObject::set(std::string_view attribute, const msgpack::object &value, Reply &reply)
{
    Value copy;
    copy.msgpack_unpack(value);
    {
        const std::lock_guard lock(m_mutex);
        if (m_members.size() >= mostMembers && !m_members.contains(attribute))
            throw LimitExceeded(m_typeName + " has " + std::to_string(mostMembers)
                                + " attributes already; remove some with __delattr__");
    }
    setMember(std::string(attribute), std::move(copy));
    reply.none();
}

void DynamicObject::call(std::string_view method, const Arguments &arguments, Reply &reply)
{
    if (method == removal) {
        std::array<const msgpack::object *, 1> name{};
        arguments.bind(method, removalDescription().parameters, name);
        const auto attribute = detail::convertArgument<std::string_view>(*name[0], method, "name");
        if (!removeMember(attribute))
            detail::throwAttributeNotFound(*this, "attribute", attribute);
        return reply.none();
    }
    const auto found = member(method);
    const auto *const function = found ? std::get_if<std::shared_ptr<const BoundFunction>>(&*found) : nullptr;
    if (!function)
        detail::throwNotCallable(*this, method);
    if (!arguments.keywords().empty())
        throw ArgumentError(std::string(method) + "() takes no keyword arguments");
    std::vector<Value> values(arguments.positional().size());
    for (std::size_t index = 0; index < values.size(); ++index)
        values[index].msgpack_unpack(arguments.positional()[index]);
    reply.value((*function)->function(values));
}

std::optional<DynamicObject::Member> DynamicObject::member(std::string_view name) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_members.find(name);
    return found == m_members.end() ? std::nullopt : std::optional(found->second);
}

void DynamicObject::setMember(std::string name, Member member)
{
    const std::lock_guard lock(m_mutex);
    // The old member leaves with the parameter, after the lock: its destructor may use this object.
    std::swap(m_members[std::move(name)], member);
}

bool DynamicObject::removeMember(std::string_view name)
{
    std::map<std::string, Member, std::less<>>::node_type removed; // destroyed after the lock
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_members.find(name); found != m_members.end())
        removed = m_members.extract(found);
    return !removed.empty();
}

} // namespace decoy
