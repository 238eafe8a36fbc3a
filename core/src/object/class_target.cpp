// SPDX-License-Identifier: BSD-3-Clause
#include "class_target.h"

#include <utility>

namespace decoy::object {

ClassTarget::ClassTarget(std::shared_ptr<const detail::ClassInfo> info, std::shared_ptr<void> object) noexcept
    : m_info(std::move(info)), m_object(std::move(object))
{}

void ClassTarget::get(std::string_view attribute, Reply &reply)
{
    if (const auto found = m_info->attributes.find(attribute); found != m_info->attributes.end())
        return found->second->get(m_object, reply);
    if (const auto found = m_info->methods.find(attribute); found != m_info->methods.end())
        return reply.callable(found->first);
    detail::throwAttributeNotFound(*this, "attribute", attribute);
}

void ClassTarget::set(std::string_view attribute, const msgpack::object &value, Reply &reply)
{
    const auto found = m_info->attributes.find(attribute);
    if (found == m_info->attributes.end() || !found->second->description.writable)
        detail::throwNotWritable(*this, attribute);
    found->second->set(m_object, value);
    reply.none();
}

void ClassTarget::call(std::string_view method, const Arguments &arguments, Reply &reply)
{
    if (const auto found = m_info->methods.find(method); found != m_info->methods.end())
        return found->second->invoke(m_object, arguments, reply);
    detail::throwNotCallable(*this, method);
}

} // namespace decoy::object
