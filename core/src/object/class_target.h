// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/target.h>

#include <atomic>
#include <memory>
#include <string_view>

namespace decoy::object {

/// An object of a bound class, as the dispatcher sees it. Immutable but for the object itself, which the class's threading
/// guards. Answering with a small value allocates nothing.
class ClassTarget final : public Target {
public:
    /// `object` is what `info` was bound for; its deleter says who owns it.
    ClassTarget(std::shared_ptr<const detail::ClassInfo> info, std::shared_ptr<void> object) noexcept;

    [[nodiscard]] std::string_view typeName() const noexcept override { return m_info->name; }
    [[nodiscard]] Description describe() const override { return m_info->describe(); }
    [[nodiscard]] Threading threading() const noexcept override { return m_info->threading; }
    [[nodiscard]] const void *identity() const noexcept override { return m_object.self.get(); }
    [[nodiscard]] std::shared_ptr<const void> owner() const noexcept override { return m_object.self; }

    void get(std::string_view attribute, Reply &reply) override;
    void set(std::string_view attribute, const msgpack::object &value, Reply &reply) override;
    void call(std::string_view name, const Arguments &arguments, Reply &reply) override;
    [[nodiscard]] std::shared_ptr<void> subscribe(std::string_view event, std::shared_ptr<EventSink> sink) override;

private:
    using Method = decltype(detail::ClassInfo::methods)::value_type;
    [[nodiscard]] const Method &method(std::string_view name);

    const std::shared_ptr<const detail::ClassInfo> m_info;
    detail::BoundObject m_object;
    std::atomic<const Method *> m_lastCalled{nullptr}; // of the class: most calls are for the same one again
};

} // namespace decoy::object
