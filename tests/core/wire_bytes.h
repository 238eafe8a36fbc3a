// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QByteArray>

#include <decoy/error.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Bytes as people write them: `bytes("92 00 92 01 a1 61")`.
inline std::vector<std::byte> bytes(const char *hex)
{
    const QByteArray data = QByteArray::fromHex(hex);
    const auto *begin = reinterpret_cast<const std::byte *>(data.constData());
    return {begin, begin + data.size()};
}

/// The same way back, for comparisons that show both sides when they fail.
inline QByteArray hex(std::span<const std::byte> data)
{
    return QByteArray(reinterpret_cast<const char *>(data.data()), static_cast<int>(data.size())).toHex(' ');
}

/// The message of the decode error that `read` ends with; empty if it ends well.
template <class Read>
std::string decodeError(const Read &read)
{
    try {
        read();
    } catch (const decoy::DataDecodeError &error) {
        return error.what();
    }
    return {};
}
