// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/description.h>

#include <algorithm>

namespace decoy {

namespace {

template <class T>
const T *findByName(const std::vector<T> &members, std::string_view name) noexcept
{
    const auto found = std::ranges::find(members, name, &T::name);
    return found == members.end() ? nullptr : &*found;
}

/// `(amount: int, memo: str = "")`
std::string listOf(const std::vector<ParameterDescription> &parameters)
{
    std::string text = "(";
    for (const ParameterDescription &parameter : parameters) {
        if (&parameter != &parameters.front())
            text += ", ";
        text += parameter.name + ": " + parameter.type;
        if (!parameter.required)
            text += " = " + parameter.defaultValue.toString();
    }
    return text + ")";
}

} // namespace

std::string MethodDescription::signature() const { return name + listOf(parameters) + " -> " + returns; }
std::string EventDescription::signature() const { return name + listOf(parameters); }

const AttributeDescription *Description::attribute(std::string_view name) const noexcept
{
    return findByName(attributes, name);
}

const MethodDescription *Description::method(std::string_view name) const noexcept { return findByName(methods, name); }
const EventDescription *Description::event(std::string_view name) const noexcept { return findByName(events, name); }

} // namespace decoy
