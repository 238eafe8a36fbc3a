// SPDX-License-Identifier: BSD-3-Clause
#include "wire/lent.h"

#include "wire/extension_body.h"
#include "wire/reader.h"
#include "wire/utf8.h"

#include <decoy/frame.h>

namespace decoy::wire {

void packLent(PackBuffer &out, std::uint64_t object, std::string_view typeName)
{
    ExtensionBody body;
    msgpack::packer<ExtensionBody>(body).pack_array(2).pack(object).pack(wireText(typeName, longestTypeName));
    body.packInto(out, ExtensionType::Lent);
}

LentView readLentBody(std::span<const std::byte> body, const Limits &limits)
{
    Reader reader(body, limits);
    if (reader.readArrayHeader("what is lent") != 2)
        Reader::fail(0, "what is lent has 2 elements, id and type name");
    LentView lent;
    lent.object = reader.readUnsigned("the lent object's id");
    const std::size_t begin = reader.offset();
    lent.typeName = reader.readString("the lent object's type");
    if (!isUtf8(lent.typeName) || lent.typeName.size() > limits.nameLength)
        Reader::fail(begin, "the lent object's type is no name");
    reader.expectEnd();
    return lent;
}

std::optional<LentView> readLent(const msgpack::object &argument, const Limits &limits)
{
    if (argument.type != msgpack::type::EXT || argument.via.ext.type() != static_cast<std::int8_t>(ExtensionType::Lent))
        return std::nullopt;
    const msgpack::object_ext &body = argument.via.ext;
    return readLentBody(std::as_bytes(std::span(body.data(), body.size)), limits);
}

} // namespace decoy::wire
