// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/class.h>

namespace decoy::detail {

Description ClassInfo::describe() const
{
    Description description{name, doc, {}, {}};
    for (const std::string &attribute : attributeOrder)
        description.attributes.push_back(attributes.find(attribute)->second->description);
    for (const std::string &method : methodOrder)
        description.methods.push_back(methods.find(method)->second->description);
    for (const std::string &event : eventOrder)
        description.events.push_back(events.find(event)->second->description);
    return description;
}

} // namespace decoy::detail
