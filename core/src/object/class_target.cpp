// SPDX-License-Identifier: BSD-3-Clause
#include "class_target.h"

#include "shown.h"
#include "suggestion.h"

#include <string>
#include <utility>

namespace decoy::object {

namespace {

[[noreturn]] void throwNotFound(const detail::ClassInfo &info, std::string_view what, std::string_view name)
{
    Suggestion suggestion(name);
    for (const std::string &attribute : info.attributeOrder)
        suggestion.consider(attribute);
    for (const std::string &method : info.methodOrder)
        suggestion.consider(method);
    throw AttributeNotFound(info.name + " has no " + std::string(what) + " " + shownName(name) + suggestion.text());
}

} // namespace

ClassTarget::ClassTarget(std::shared_ptr<const detail::ClassInfo> info, std::shared_ptr<void> object) noexcept
    : m_info(std::move(info)), m_object(std::move(object))
{
}

void ClassTarget::get(std::string_view attribute, Reply &reply)
{
    if (const auto found = m_info->attributes.find(attribute); found != m_info->attributes.end())
        return found->second->get(m_object, reply);
    if (const auto found = m_info->methods.find(attribute); found != m_info->methods.end())
        return reply.callable(found->first);
    throwNotFound(*m_info, "attribute", attribute);
}

void ClassTarget::set(std::string_view attribute, const msgpack::object &value, Reply &reply)
{
    const auto found = m_info->attributes.find(attribute);
    if (found == m_info->attributes.end()) {
        if (m_info->methods.contains(attribute))
            throw AttributeNotFound(shownName(attribute) + " is a method of " + m_info->name + " and cannot be set");
        throwNotFound(*m_info, "attribute", attribute);
    }
    if (!found->second->description.writable)
        throw AttributeNotFound(shownName(attribute) + " of " + m_info->name + " is read-only");
    found->second->set(m_object, value);
    reply.none();
}

void ClassTarget::call(std::string_view method, const Arguments &arguments, Reply &reply)
{
    if (const auto found = m_info->methods.find(method); found != m_info->methods.end())
        return found->second->invoke(m_object, arguments, reply);
    if (m_info->attributes.contains(method))
        throw AttributeNotFound(shownName(method) + " is an attribute of " + m_info->name + ", not a method");
    throwNotFound(*m_info, "method", method);
}

} // namespace decoy::object
