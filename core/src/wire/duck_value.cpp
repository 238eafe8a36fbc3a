// SPDX-License-Identifier: BSD-3-Clause
#include "duck_value.h"

#include "reader.h"
#include "utf8.h"

#include <decoy/error.h>
#include <decoy/frame.h>

#include <cstdint>
#include <string>
#include <vector>

namespace decoy::wire {

namespace {

/// The peer's decoder keeps a stack of 1024 containers, some of which stand around the value.
constexpr std::size_t deepestDuckNesting = 1000;

/// A container that is being walked through: how many of its members are still to come.
struct Open {
    bool isMap;
    std::uint64_t left;
};

void requireKey(const Token &token)
{
    if (token.type != TokenType::String && token.type != TokenType::Binary)
        throw DataEncodeError("a map with " + std::string(tokenTypeName(token.type))
                              + " as a key cannot be sent to a Duck peer, which takes only strings and bytes as keys");
}

void requireText(const Token &token)
{
    if (!isUtf8(token.text()))
        throw DataEncodeError("a string that is not valid UTF-8 cannot be sent to a Duck peer; send it as bytes");
}

void requireNoDescriptor(const Token &token)
{
    if (token.text().starts_with(duckProxyPrefix) || token.text().starts_with(duckCallablePrefix))
        throw DataEncodeError(
            "a string that begins with '<proxy>-' or '<callable>-' cannot be sent to a Duck peer, which would "
            "take it for a proxy or a callable");
}

} // namespace

void requireDuckValue(std::span<const std::byte> value)
{
    Reader reader(value, Limits{.elements = UINT32_MAX});
    std::vector<Open> open; // stays empty, and allocates nothing, for scalars
    do {
        const Token token = reader.next();
        if (!open.empty()) {
            Open &container = open.back();
            if (container.isMap && container.left % 2 == 0)
                requireKey(token);
            --container.left;
        } else if (token.type == TokenType::String) {
            requireNoDescriptor(token);
        }
        if (token.type == TokenType::String)
            requireText(token);
        if (token.members() != 0)
            open.push_back({token.type == TokenType::Map, token.members()});
        if (open.size() > deepestDuckNesting)
            throw DataEncodeError("a value of more than " + std::to_string(deepestDuckNesting)
                                  + " containers within one another cannot be sent to a Duck peer");
        while (!open.empty() && open.back().left == 0)
            open.pop_back();
    } while (!open.empty());
}

} // namespace decoy::wire
