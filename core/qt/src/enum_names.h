// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QMetaEnum>
#include <QMetaType>
#include <QString>

#include <optional>
#include <string>

namespace decoy::qt {

/// The names of an enum type that was declared with Q_ENUM or Q_FLAG; invalid for every other type.
[[nodiscard]] QMetaEnum metaEnumOf(QMetaType type);

/// The number of `names`: one name, or for flags several with `|` between them.
[[nodiscard]] std::optional<int> enumValue(const QMetaEnum &names, const QByteArray &text);

/// Whether the number is one of the enum's; every number is one of a flag's.
[[nodiscard]] bool hasValue(const QMetaEnum &names, qint64 value);

/// "one of Off, Heating, Cooling", for messages.
[[nodiscard]] std::string listOf(const QMetaEnum &names);

} // namespace decoy::qt
