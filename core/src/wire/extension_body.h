// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wire/utf8.h"

#include <decoy/frame.h>
#include <decoy/pack_buffer.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace decoy::wire {

/// Bytes of a type's or a member's name in an extension; longer ones are cut.
inline constexpr std::size_t longestTypeName = 255;

/// A sink on the stack for the body of an extension, whose size has to be known before it is written.
class ExtensionBody {
public:
    void write(const char *data, std::size_t size)
    {
        std::memcpy(m_bytes.data() + m_size, data, size); // fits: each of at most two texts is cut to longestTypeName
        m_size += size;
    }
    void packInto(PackBuffer &out, ExtensionType type) const
    {
        msgpack::packer<PackBuffer> packer(out);
        packer.pack_ext(m_size, static_cast<std::int8_t>(type));
        packer.pack_ext_body(m_bytes.data(), static_cast<std::uint32_t>(m_size));
    }

private:
    std::array<char, 2 * longestTypeName + 16> m_bytes;
    std::size_t m_size = 0;
};

/// At most `size` bytes of valid UTF-8: peers need not accept anything else in a str.
[[nodiscard]] inline std::string wireText(std::string_view text, std::size_t size)
{
    std::string valid = toUtf8(cutUtf8(text, size));
    valid.resize(cutUtf8(valid, size).size());
    return valid;
}

} // namespace decoy::wire
