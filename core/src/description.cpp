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

} // namespace

std::string MethodDescription::signature() const
{
    std::string text = name + "(";
    for (const ParameterDescription &parameter : parameters) {
        if (&parameter != &parameters.front())
            text += ", ";
        text += parameter.name + ": " + parameter.type;
        if (!parameter.required)
            text += " = " + parameter.defaultValue.toString();
    }
    return text + ") -> " + returns;
}

const AttributeDescription *Description::attribute(std::string_view name) const noexcept
{
    return findByName(attributes, name);
}

const MethodDescription *Description::method(std::string_view name) const noexcept { return findByName(methods, name); }

} // namespace decoy
