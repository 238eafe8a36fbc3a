// SPDX-License-Identifier: BSD-3-Clause
#include "frame_shape.h"

#include "reader.h"

#include <decoy/error.h>
#include <decoy/frame.h>

#include <cstdint>
#include <new>

namespace decoy::wire {

namespace {

/// Passes over a container of this type, or a nil.
bool skipContainer(Reader &reader, TokenType type)
{
    const Token token = reader.next();
    for (std::uint64_t i = 0; i < token.members(); ++i)
        reader.skip();
    return token.type == type || token.type == TokenType::Nil;
}

bool hasResultShape(Reader &reader, std::uint32_t elements)
{
    if (elements != 3)
        return false;
    (void)reader.readUnsigned("the object id");
    reader.skip();
    const TokenType error = reader.next().type;
    return error == TokenType::Nil || error == TokenType::String;
}

bool hasRequestShape(Reader &reader, ProxyOpCode opcode, std::uint32_t elements)
{
    const bool countFits = opcode == ProxyOpCode::Get ? elements == 2
        : opcode == ProxyOpCode::Set                  ? elements == 3
                                                      : elements >= 2 && elements <= 4;
    if (!countFits)
        return false;
    (void)reader.readUnsigned("the object id");
    if (reader.readString("the name").empty())
        return false;
    if (opcode == ProxyOpCode::Set)
        reader.skip();
    if (opcode != ProxyOpCode::Execute)
        return true;
    return (elements < 3 || skipContainer(reader, TokenType::Array))
        && (elements < 4 || skipContainer(reader, TokenType::Map));
}

bool hasShape(Reader &reader)
{
    if (reader.readArrayHeader("the frame") != 2)
        return false;
    const std::int64_t opcode = reader.readInteger("the opcode");
    const std::uint32_t elements = reader.readArrayHeader("the payload");
    if (opcode == static_cast<int>(ProxyOpCode::ExecutionResult))
        return hasResultShape(reader, elements);
    return opcode >= 0 && opcode <= 2 && hasRequestShape(reader, static_cast<ProxyOpCode>(opcode), elements);
}

} // namespace

bool hasFrameShape(std::span<const std::byte> payload) noexcept
try {
    Reader reader(payload, Limits{.elements = UINT32_MAX});
    return hasShape(reader) && reader.atEnd();
} catch (const ProxyError &) {
    return false;
} catch (const std::bad_alloc &) { // for the text of an error that nobody reads
    return false;
}

} // namespace decoy::wire
