// SPDX-License-Identifier: BSD-3-Clause
#include "introspection.h"

#include <decoy/member_bindings.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace decoy::object {

namespace {

using Handler = void (*)(Target &target, std::string_view method, const Arguments &arguments, Reply &reply);

template <std::size_t Count>
std::array<const msgpack::object *, Count> bound(std::string_view method, const Arguments &arguments,
                                                 const std::array<ParameterDescription, Count> &parameters)
{
    std::array<const msgpack::object *, Count> found{};
    arguments.bind(method, parameters, found);
    return found;
}

std::string_view nameArgument(const msgpack::object *name, std::string_view method)
{
    if (name->type != msgpack::type::STR)
        detail::throwArgumentMismatch(*name, "str", method, "name");
    return {name->via.str.ptr, name->via.str.size};
}

void answerDescription(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    bound<0>(method, arguments, {});
    reply.value(target.describe());
}

void answerNames(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    bound<0>(method, arguments, {});
    const Description description = target.describe();
    std::vector<std::string> names;
    for (const AttributeDescription &attribute : description.attributes)
        names.push_back(attribute.name);
    for (const MethodDescription &each : description.methods)
        names.push_back(each.name);
    std::ranges::sort(names);
    reply.value(names);
}

void answerText(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    bound<0>(method, arguments, {});
    reply.value("<" + std::string(target.typeName()) + " object>");
}

void getNamed(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    const auto [name] = bound<1>(method, arguments, {ParameterDescription{"name", "str", true, {}}});
    target.get(nameArgument(name, method), reply);
}

void setNamed(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    const auto [name, value] = bound<2>(
        method, arguments,
        {ParameterDescription{"name", "str", true, {}}, ParameterDescription{"value", "any", true, {}}});
    target.set(nameArgument(name, method), *value, reply);
}

struct CommonDunder {
    std::string_view name;
    Handler handler;
};
constexpr std::array commonDunders = {
    CommonDunder{"__describe__", answerDescription},
    CommonDunder{"__dir__", answerNames},
    CommonDunder{"__str__", answerText},
    CommonDunder{"__repr__", answerText},
    CommonDunder{"__getattr__", getNamed},
    CommonDunder{"__getattribute__", getNamed},
    CommonDunder{"__setattr__", setNamed},
};

} // namespace

bool answerCommonDunder(Target &target, std::string_view method, const Arguments &arguments, Reply &reply)
{
    const auto found = std::ranges::find(commonDunders, method, &CommonDunder::name);
    if (found == commonDunders.end())
        return false;
    found->handler(target, method, arguments, reply);
    return true;
}

} // namespace decoy::object
