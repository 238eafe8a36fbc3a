// SPDX-License-Identifier: BSD-3-Clause
#include "shown.h"
#include "suggestion.h"

#include <decoy/target.h>

#include <string>

namespace decoy::detail {

namespace {
std::string typeOf(const Target &target) { return std::string(target.typeName()); }
} // namespace

void throwAttributeNotFound(const Target &target, std::string_view what, std::string_view name)
{
    const Description description = target.describe();
    object::Suggestion suggestion(name);
    for (const AttributeDescription &attribute : description.attributes)
        suggestion.consider(attribute.name);
    for (const MethodDescription &method : description.methods)
        suggestion.consider(method.name);
    throw AttributeNotFound(typeOf(target) + " has no " + std::string(what) + " " + object::shownName(name)
                            + suggestion.text());
}

void throwNotWritable(const Target &target, std::string_view name)
{
    const Description description = target.describe();
    if (description.attribute(name))
        throw AttributeNotFound(object::shownName(name) + " of " + typeOf(target) + " is read-only");
    if (description.method(name))
        throw AttributeNotFound(object::shownName(name) + " is a method of " + typeOf(target) + " and cannot be set");
    throwAttributeNotFound(target, "attribute", name);
}

void throwNotCallable(const Target &target, std::string_view name)
{
    if (target.describe().attribute(name))
        throw AttributeNotFound(object::shownName(name) + " is an attribute of " + typeOf(target) + ", not a method");
    throwAttributeNotFound(target, "method", name);
}

void throwNoSuchEvent(const Target &target, std::string_view name)
{
    const Description description = target.describe();
    if (description.attribute(name))
        throw AttributeNotFound(object::shownName(name) + " of " + typeOf(target)
                                + " tells nobody when it changes: no event was bound that notifies of it");
    object::Suggestion suggestion(name);
    for (const EventDescription &event : description.events)
        suggestion.consider(event.name);
    throw AttributeNotFound(typeOf(target) + " has no event " + object::shownName(name) + suggestion.text());
}

} // namespace decoy::detail

std::shared_ptr<void> decoy::Target::subscribe(std::string_view event, std::shared_ptr<EventSink> /*sink*/)
{
    detail::throwNoSuchEvent(*this, event);
}
