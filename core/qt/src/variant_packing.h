// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/value.h>

#include <QVariant>

namespace decoy::qt {

/// Containers within one another that are converted, in either direction. Stops a peer, or a list that holds itself by way of a
/// QVariant, from exhausting the stack.
inline constexpr int deepestNesting = 64;

/// `variant` as wire data: invalid becomes None; dates, urls and the like become str; enums become int; gadgets and
/// associative containers become dict. Throws DataEncodeError that names the type for what has no such form.
[[nodiscard]] Value toValue(const QVariant &variant);

/// Wire data in Qt's most general types: qlonglong, qulonglong only above its range, double, bool, QString, QByteArray,
/// QVariantList, QVariantMap, or an invalid variant for None. Throws DataDecodeError for extensions, and for keys that are not str.
[[nodiscard]] QVariant toVariant(const msgpack::object &object);

} // namespace decoy::qt
