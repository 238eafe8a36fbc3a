// SPDX-License-Identifier: BSD-3-Clause
#include "class_target.h"

#include "trace/clock.h"

#include <utility>

namespace decoy::object {

namespace {

/// Counts a change when it is over, however it ended: who has read before that has read an older state.
class Change {
public:
    explicit Change(detail::BoundObject *object) noexcept : m_object(object) {}
    ~Change()
    {
        if (m_object)
            m_object->changes.fetch_add(1, std::memory_order_release);
    }
    Change(const Change &) = delete;
    Change &operator=(const Change &) = delete;

private:
    detail::BoundObject *const m_object;
};

} // namespace

ClassTarget::ClassTarget(std::shared_ptr<const detail::ClassInfo> info, std::shared_ptr<void> object) noexcept
    // Changes are counted from a number that no earlier target of the same object has come to: its cursors are of no use here.
    : m_info(std::move(info)), m_object{std::move(object), static_cast<std::uint64_t>(trace::now())}
{}

void ClassTarget::get(std::string_view attribute, Reply &reply)
{
    if (const auto found = m_info->attributes.find(attribute); found != m_info->attributes.end())
        return found->second->get(m_object.self, reply);
    if (const auto found = m_info->methods.find(attribute); found != m_info->methods.end())
        return reply.callable(found->first);
    detail::throwAttributeNotFound(*this, "attribute", attribute);
}

void ClassTarget::set(std::string_view attribute, const msgpack::object &value, Reply &reply)
{
    const auto found = m_info->attributes.find(attribute);
    if (found == m_info->attributes.end() || !found->second->description.writable)
        detail::throwNotWritable(*this, attribute);
    const Change change(m_info->isIterable ? &m_object : nullptr);
    found->second->set(m_object.self, value, reply);
    reply.none();
}

const ClassTarget::Method &ClassTarget::method(std::string_view name)
{
    if (const Method *last = m_lastCalled.load(std::memory_order_relaxed); last && last->first == name)
        return *last;
    const auto found = m_info->methods.find(name);
    if (found == m_info->methods.end())
        detail::throwNotCallable(*this, name);
    m_lastCalled.store(&*found, std::memory_order_relaxed);
    return *found;
}

void ClassTarget::call(std::string_view name, const Arguments &arguments, Reply &reply)
{
    const detail::MethodBinding &binding = *method(name).second;
    const bool changes = m_info->isIterable && binding.effect == Effect::Changes;
    const Change change(changes ? &m_object : nullptr);
    binding.invoke(m_object, arguments, reply);
}

std::shared_ptr<void> ClassTarget::subscribe(std::string_view event, std::shared_ptr<EventSink> sink)
{
    const auto attribute = m_info->attributes.find(event);
    auto found = m_info->events.find(event);
    if (found == m_info->events.end() && attribute != m_info->attributes.end())
        found = m_info->events.find(attribute->second->description.notifiedBy);
    if (found == m_info->events.end())
        detail::throwNoSuchEvent(*this, event);
    return found->second->outlet(m_object.self.get())->add(std::move(sink));
}

} // namespace decoy::object
