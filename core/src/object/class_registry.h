// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/target.h>

#include <memory>
#include <shared_mutex>
#include <typeindex>
#include <unordered_map>

namespace decoy::object {

/// The classes that a server has bound. Thread-safe.
class ClassRegistry {
public:
    /// Replaces an earlier binding of the same class, for objects that are wrapped from now on.
    void bind(std::type_index type, std::shared_ptr<const detail::ClassInfo> info);

    [[nodiscard]] bool isBound(std::type_index type) const;

    /// The target for `object`, which is a `type`. Throws ProxyError, naming the class and what to do, if it was not bound.
    [[nodiscard]] std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) const;

private:
    [[nodiscard]] std::shared_ptr<const detail::ClassInfo> find(std::type_index type) const;

    mutable std::shared_mutex m_mutex;
    std::unordered_map<std::type_index, std::shared_ptr<const detail::ClassInfo>> m_classes;
};

} // namespace decoy::object
