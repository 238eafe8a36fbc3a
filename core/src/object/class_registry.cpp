// SPDX-License-Identifier: BSD-3-Clause
#include "class_registry.h"

#include "class_target.h"
#include "demangle.h"

#include <mutex>
#include <utility>

namespace decoy::object {

void ClassRegistry::bind(std::type_index type, std::shared_ptr<const detail::ClassInfo> info)
{
    const std::unique_lock lock(m_mutex);
    m_classes[type] = std::move(info);
}

bool ClassRegistry::isBound(std::type_index type) const { return find(type) != nullptr; }

std::shared_ptr<Target> ClassRegistry::wrap(std::type_index type, std::shared_ptr<void> object) const
{
    auto info = find(type);
    if (!info) {
        const std::string name = demangled(type.name());
        throw ProxyError("class " + name
                         + " is not bound, so objects of it cannot be used by clients: call server.bind(decoy::Class<"
                         + name + ">(\"Name\")...) before one is published or returned");
    }
    return std::make_shared<ClassTarget>(std::move(info), std::move(object));
}

std::shared_ptr<const detail::ClassInfo> ClassRegistry::find(std::type_index type) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_classes.find(type);
    return found == m_classes.end() ? nullptr : found->second;
}

} // namespace decoy::object
