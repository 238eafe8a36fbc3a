// SPDX-License-Identifier: BSD-3-Clause
#include "enum_names.h"

#include <cstring>
#include <limits>

namespace decoy::qt {

QMetaEnum metaEnumOf(QMetaType type)
{
    const QMetaObject *const scope = type.metaObject();
    if (!type.flags().testFlag(QMetaType::IsEnumeration) || !scope)
        return {};
    const char *const colon = std::strrchr(type.name(), ':');
    QByteArray name(colon ? colon + 1 : type.name());
    if (name.endsWith('>')) // QFlags<Scope::Option>
        name.chop(1);
    for (int index = 0; index < scope->enumeratorCount(); ++index) {
        const QMetaEnum candidate = scope->enumerator(index);
        if (name == candidate.name() || name == candidate.enumName())
            return candidate;
    }
    return {};
}

std::optional<int> enumValue(const QMetaEnum &names, const QByteArray &text)
{
    bool found = false;
    const int value = names.isFlag() ? names.keysToValue(text.constData(), &found)
                                     : names.keyToValue(text.constData(), &found);
    return found ? std::optional(value) : std::nullopt;
}

bool hasValue(const QMetaEnum &names, qint64 value)
{
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
        return false;
    return !names.isValid() || names.isFlag() || names.valueToKey(static_cast<int>(value));
}

std::string listOf(const QMetaEnum &names)
{
    constexpr int mostListed = 12;
    std::string text = names.isFlag() ? "any of " : "one of ";
    for (int index = 0; index < std::min(names.keyCount(), mostListed); ++index)
        text += std::string(index ? ", " : "") + names.key(index);
    return names.keyCount() > mostListed ? text + ", …" : text;
}

} // namespace decoy::qt
