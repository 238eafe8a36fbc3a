// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <msgpack.hpp>

#include <QMetaType>
#include <QVariant>

#include <string_view>

namespace decoy::qt {

/// How far an argument is from its parameter's type; the overload with the smallest sum is called.
enum class Distance : int {
    Same = 0,
    Near = 1, ///< an int for a float, a name for an enum, text for bytes or a date
    Far = 10, ///< whatever QMetaType's converters make of it
};

struct ConvertedArgument {
    QVariant value; ///< holds exactly the asked type
    Distance distance = Distance::Same;
};

/// `object` as a value of `type`, which is stricter than QVariant is: text is no number, a fraction is no int, and nothing
/// is cut off. Throws ArgumentError that names the method, the parameter and both types; with an empty `method`, the property.
[[nodiscard]] ConvertedArgument convertArgument(const msgpack::object &object, QMetaType type, std::string_view method,
                                                std::string_view parameter);

/// The word of typeNameOf() for a type of Qt: int, float, bool, str, bytes, list, dict, object, None or any.
[[nodiscard]] std::string_view typeWord(QMetaType type);

} // namespace decoy::qt
