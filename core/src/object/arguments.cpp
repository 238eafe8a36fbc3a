// SPDX-License-Identifier: BSD-3-Clause
#include "shown.h"
#include "suggestion.h"

#include <decoy/member_bindings.h>
#include <decoy/target.h>

#include <string>

namespace decoy {

namespace {

std::string_view keyText(const msgpack::object_kv &keyword) noexcept
{
    if (keyword.key.type != msgpack::type::STR)
        return {};
    return {keyword.key.via.str.ptr, keyword.key.via.str.size};
}

std::string call(std::string_view method) { return std::string(method) + "()"; }

[[noreturn]] void throwTooMany(std::string_view method, std::size_t most, std::size_t given)
{
    const std::string takes = most == 0 ? "no arguments"
                                        : "at most " + std::to_string(most) + (most == 1 ? " argument" : " arguments");
    throw ArgumentError(call(method) + " takes " + takes + ", " + std::to_string(given)
                        + (given == 1 ? " was" : " were") + " given");
}

[[noreturn]] void throwUnknown(std::string_view method, std::string_view name,
                               std::span<const ParameterDescription> parameters)
{
    std::string names;
    object::Suggestion suggestion(name);
    for (const ParameterDescription &parameter : parameters) {
        names += (names.empty() ? "it has " : ", ") + parameter.name;
        suggestion.consider(parameter.name);
    }
    throw ArgumentError(call(method) + " has no parameter " + object::shownName(name) + " ("
                        + (names.empty() ? "it has none" : names) + ")" + suggestion.text());
}

std::size_t indexOf(std::string_view name, std::span<const ParameterDescription> parameters) noexcept
{
    std::size_t index = 0;
    while (index < parameters.size() && parameters[index].name != name)
        ++index;
    return index;
}

/// "deposit(): 'amount'", or "'balance'" where an attribute is set.
std::string subject(std::string_view method, std::string_view parameter)
{
    return (method.empty() ? std::string() : call(method) + ": ") + object::shownName(parameter);
}

std::string typeAndValue(const msgpack::object &value)
{
    const std::string word(object::typeWord(value));
    return value.is_nil() ? word : word + " " + object::shownValue(value);
}

} // namespace

const msgpack::object *Arguments::keyword(std::string_view name) const noexcept
{
    for (const msgpack::object_kv &keyword : m_keywords) {
        if (keyword.key.type == msgpack::type::STR && keyText(keyword) == name)
            return &keyword.val;
    }
    return nullptr;
}

void Arguments::bind(std::string_view method, std::span<const ParameterDescription> parameters,
                     std::span<const msgpack::object *> found) const
{
    if (m_positional.size() > parameters.size())
        throwTooMany(method, parameters.size(), m_positional.size() + m_keywords.size());
    for (std::size_t index = 0; index < m_positional.size(); ++index)
        found[index] = &m_positional[index];
    if (m_keywords.empty() && m_positional.size() == parameters.size())
        return; // most calls
    for (const msgpack::object_kv &keyword : m_keywords) {
        const std::string_view name = keyText(keyword);
        const std::size_t index = indexOf(name, parameters);
        if (index == parameters.size() || keyword.key.type != msgpack::type::STR)
            throwUnknown(method, name, parameters);
        if (found[index])
            throw ArgumentError(call(method) + " got " + object::shownName(name) + " twice");
        found[index] = &keyword.val;
    }
    for (std::size_t index = 0; index < parameters.size(); ++index) {
        if (!found[index] && parameters[index].required)
            throw ArgumentError(call(method) + " needs " + object::shownName(parameters[index].name));
    }
}

namespace detail {

void throwArgumentMismatch(const msgpack::object &object, std::string_view expected, std::string_view method,
                           std::string_view parameter)
{
    if (object::typeWord(object) == expected) // the outermost type is right: something within it is not
        throw ArgumentError(subject(method, parameter)
                            + " holds something that does not fit: " + object::shownValue(object));
    throw ArgumentError(subject(method, parameter) + " must be " + std::string(expected) + ", not "
                        + typeAndValue(object));
}

void throwArgumentOutOfRange(const msgpack::object &object, std::int64_t least, std::uint64_t most,
                             std::string_view method, std::string_view parameter)
{
    throw ArgumentError(subject(method, parameter) + " is out of range: it must be from " + std::to_string(least)
                        + " to " + std::to_string(most) + ", not " + object::shownValue(object));
}

} // namespace detail
} // namespace decoy
