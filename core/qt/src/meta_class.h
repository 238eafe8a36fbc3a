// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "overload.h"

#include <decoy/description.h>

#include <QMetaMethod>
#include <QMetaProperty>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct QMetaObject;

namespace decoy::qt {

/// What clients may reach of a QObject class; see qobjectTarget() for what that is. Immutable.
class MetaClass {
public:
    explicit MetaClass(const QMetaObject &meta);

    [[nodiscard]] const Description &description() const noexcept { return m_description; }

    /// The property, or null.
    [[nodiscard]] const QMetaProperty *property(std::string_view name) const;
    /// The overloads, at least one, or null.
    [[nodiscard]] const std::vector<Overload> *overloads(std::string_view name) const;
    /// The signal of this name, or the one that tells of new values of the property of this name; null if there is neither.
    [[nodiscard]] const QMetaMethod *signal(std::string_view name) const;

private:
    void addSignals(const QMetaObject &meta);
    void addProperties(const QMetaObject &meta);
    void addMethods(const QMetaObject &meta);
    void addMethod(const QMetaObject &meta, const QMetaMethod &method);

    Description m_description;
    std::map<std::string, QMetaProperty, std::less<>> m_properties;
    std::map<std::string, std::vector<Overload>, std::less<>> m_methods;
    std::map<std::string, QMetaMethod, std::less<>> m_signals;
};

} // namespace decoy::qt
