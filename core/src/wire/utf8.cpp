// SPDX-License-Identifier: BSD-3-Clause
#include "utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace decoy::wire {

namespace {

constexpr std::string_view replacementCharacter = "\xef\xbf\xbd";

constexpr bool isContinuation(unsigned char byte) noexcept { return (byte & 0xc0) == 0x80; }

/// Bytes of the valid character at the beginning of `text`, which is not empty; 0 if there is none.
/// The table is RFC 3629's: only the second byte's range depends on the first.
std::size_t characterSize(std::string_view text) noexcept
{
    const auto byteAt = [text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char first = byteAt(0);
    if (first < 0x80)
        return 1;
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size)
        return 0;
    const unsigned char lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned char highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (byteAt(1) < lowest || byteAt(1) > highest)
        return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if (!isContinuation(byteAt(i)))
            return 0;
    }
    return size;
}

/// Bytes of `text` that are ASCII, in steps of eight: most text is nothing else.
std::size_t asciiBlocks(std::string_view text) noexcept
{
    std::size_t size = 0;
    for (std::uint64_t block = 0; size + sizeof(block) <= text.size(); size += sizeof(block)) {
        std::memcpy(&block, text.data() + size, sizeof(block));
        if (block & 0x8080808080808080U)
            break;
    }
    return size;
}

} // namespace

bool isUtf8(std::string_view text) noexcept
{
    text.remove_prefix(asciiBlocks(text));
    while (!text.empty()) {
        const std::size_t size = characterSize(text);
        if (size == 0)
            return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string toUtf8(std::string_view text)
{
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = characterSize(text);
        valid += size == 0 ? replacementCharacter : text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return valid;
}

std::string_view cutUtf8(std::string_view text, std::size_t size) noexcept
{
    if (text.size() <= size)
        return text;
    while (size > 0 && isContinuation(static_cast<unsigned char>(text[size])))
        --size;
    return text.substr(0, size);
}

} // namespace decoy::wire
