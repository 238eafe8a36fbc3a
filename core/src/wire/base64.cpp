// SPDX-License-Identifier: BSD-3-Clause
#include "base64.h"

#include <algorithm>
#include <cstdint>

namespace decoy::wire {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char padding = '=';
constexpr unsigned noDigit = 64;

constexpr unsigned digit(char letter) noexcept
{
    if (letter >= 'A' && letter <= 'Z')
        return static_cast<unsigned>(letter - 'A');
    if (letter >= 'a' && letter <= 'z')
        return static_cast<unsigned>(letter - 'a') + 26;
    if (letter >= '0' && letter <= '9')
        return static_cast<unsigned>(letter - '0') + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : noDigit;
}

} // namespace

std::string toBase64(std::span<const std::byte> bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(3, bytes.size()))) {
        std::uint32_t group = 0; // 24 bits
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= bytes.size() ? alphabet[group >> (18 - 6 * i) & 63] : padding;
    }
    return text;
}

std::optional<std::vector<std::byte>> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return {};
    std::vector<std::byte> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (; !text.empty(); text.remove_prefix(4)) {
        const bool isLast = text.size() == 4;
        const std::size_t digits = !isLast || text[3] != padding ? 4 : text[2] != padding ? 3 : 2;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const unsigned value = i < digits ? digit(text[i]) : 0;
            if (value == noDigit)
                return {};
            group = group << 6 | value;
        }
        const std::size_t unusedBits = 8 * (4 - digits);
        if ((group & ((1U << unusedBits) - 1)) != 0)
            return {};
        for (std::size_t i = 0; i + 1 < digits; ++i)
            bytes.push_back(static_cast<std::byte>(group >> (16 - 8 * i)));
    }
    return bytes;
}

} // namespace decoy::wire
