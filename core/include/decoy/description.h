// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/value.h>

#include <optional>
#include <string>
#include <vector>

namespace decoy {

/// What an object can be asked for. Plain values; they cross the wire as the result of `__describe__`, and dialogs, the
/// command line and completion are made from them. Type names are those of typeNameOf().

struct ParameterDescription {
    std::string name;
    std::string type = "any";
    bool required = true;
    Value defaultValue; ///< only where not required
    MSGPACK_DEFINE(name, type, required, defaultValue)
};

struct MethodDescription {
    std::string name;
    std::string doc;
    std::vector<ParameterDescription> parameters;
    std::string returns = "any";
    MSGPACK_DEFINE(name, doc, parameters, returns)

    /// `deposit(amount: int, memo: str = "") -> int`
    [[nodiscard]] std::string signature() const;
};

struct AttributeDescription {
    std::string name;
    std::string type = "any";
    bool writable = false;
    std::string doc;
    std::string notifiedBy{}; ///< the event that tells of a new value; empty if none does
    MSGPACK_DEFINE(name, type, writable, doc, notifiedBy)
};

struct EventDescription {
    std::string name;
    std::string doc;
    std::vector<ParameterDescription> parameters; ///< what it tells

    MSGPACK_DEFINE(name, doc, parameters)

    /// `changed(balance: float)`
    [[nodiscard]] std::string signature() const;
};

struct Description {
    std::string type;
    std::string doc;
    std::vector<AttributeDescription> attributes;
    std::vector<MethodDescription> methods; ///< dunder names included
    std::vector<EventDescription> events{};
    MSGPACK_DEFINE(type, doc, attributes, methods, events)

    [[nodiscard]] const AttributeDescription *attribute(std::string_view name) const noexcept;
    [[nodiscard]] const MethodDescription *method(std::string_view name) const noexcept;
    [[nodiscard]] const EventDescription *event(std::string_view name) const noexcept;
};

} // namespace decoy
