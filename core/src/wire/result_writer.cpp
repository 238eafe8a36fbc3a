// SPDX-License-Identifier: BSD-3-Clause
#include "result.h"

#include "big_endian.h"
#include "duck_value.h"
#include "extension_body.h"
#include "utf8.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace decoy::wire {

namespace {

/// Room for the prefix, then `[-1, [` of a result: id, value and error follow.
constexpr std::array<char, 7> resultHead = {0, 0, 0, 0, '\x92', '\xff', '\x93'};
/// `[-2, []]` with its prefix.
constexpr std::array<char, 7> pendingFrame = {0, 0, 0, 3, '\x92', '\xfe', '\x90'};

/// What a failure's frame needs beside its texts: head, id, headers of the extension, its members and the error text.
constexpr std::size_t failureOverhead = resultHead.size() + 9 + 4 + 8 + 5;

void beginResult(PackBuffer &out, std::uint64_t object)
{
    out.clear();
    out.write(resultHead.data(), resultHead.size());
    msgpack::pack(out, object);
}

void packNil(PackBuffer &out) { msgpack::packer<PackBuffer>(out).pack_nil(); }

/// What stands behind the id, whose first byte says how wide it is. Empty if it did not fit.
std::span<const std::byte> packedValue(const PackBuffer &out) noexcept
{
    const std::span<const std::byte> frame = out.bytes().subspan(std::min(resultHead.size(), out.bytes().size()));
    if (frame.empty())
        return {};
    const auto id = std::to_integer<unsigned>(frame[0]);
    const std::size_t idSize = id < 0x80 ? 1 : 1 + (std::size_t{1} << (id - 0xcc));
    return frame.subspan(std::min(idSize, frame.size()));
}

bool isReservedExtension(std::span<const std::byte> value) noexcept
{
    const auto first = value.empty() ? 0U : std::to_integer<unsigned>(value[0]);
    std::size_t typeOffset = 0;
    if (first >= 0xd4 && first <= 0xd8) // fixext 1 to 16: the type follows at once
        typeOffset = 1;
    else if (first >= 0xc7 && first <= 0xc9) // ext 8, 16, 32: a size of 1, 2 or 4 bytes stands before the type
        typeOffset = 1 + (std::size_t{1} << (first - 0xc7));
    if (typeOffset == 0 || typeOffset >= value.size())
        return false;
    const auto type = std::to_integer<std::int8_t>(value[typeOffset]);
    return type >= static_cast<std::int8_t>(ExtensionType::Proxy)
        && type <= static_cast<std::int8_t>(ExtensionType::Failure);
}

} // namespace

void beginFrame(PackBuffer &out)
{
    out.clear();
    out.write(resultHead.data(), framePrefixSize);
}

void endFrame(PackBuffer &out, std::string_view what, std::size_t bufsize)
{
    const std::size_t size = out.size();
    if (size > bufsize || out.overflowed())
        throw DataTooBigError(what, size, std::min(bufsize, out.limit()));
    storeBigEndian(out.writableBytes().data(), static_cast<std::uint32_t>(size - framePrefixSize));
}

void beginValue(PackBuffer &out, std::uint64_t object) { beginResult(out, object); }

void endValue(PackBuffer &out, Dialect dialect)
{
    const std::span<const std::byte> value = packedValue(out);
    if (dialect == Dialect::Native && isReservedExtension(value))
        throw DataEncodeError(
            "a value may not be a msgpack extension of type 1 to 3: these stand for proxies, callables and "
            "failures");
    if (dialect == Dialect::Duck && !out.overflowed()) // what is too big is refused for that
        requireDuckValue(value);
    packNil(out);
}

void packProxy(PackBuffer &out, Dialect dialect, std::uint64_t object, int level, std::string_view typeName)
{
    const std::string type = wireText(typeName, longestTypeName);
    beginResult(out, object);
    if (dialect == Dialect::Duck) {
        msgpack::pack(out, std::string(duckProxyPrefix) + type);
    } else {
        ExtensionBody body;
        msgpack::packer<ExtensionBody>(body).pack_array(2).pack(level).pack(type);
        body.packInto(out, ExtensionType::Proxy);
    }
    packNil(out);
}

void packCallable(PackBuffer &out, Dialect dialect, std::uint64_t object, std::string_view name)
{
    const std::string valid = wireText(name, longestTypeName);
    beginResult(out, object);
    if (dialect == Dialect::Duck) {
        msgpack::pack(out, std::string(duckCallablePrefix) + valid);
    } else {
        ExtensionBody body;
        msgpack::pack(body, valid);
        body.packInto(out, ExtensionType::Callable);
    }
    packNil(out);
}

void packFailure(PackBuffer &out, Dialect dialect, std::uint64_t object, const Failure &failure)
{
    const std::size_t room = out.limit() - std::min(out.limit(), failureOverhead);
    const std::size_t namesRoom = std::min(longestTypeName, room / 8);
    const Failure sent{failure.kind, wireText(failure.type, namesRoom), wireText(failure.message, room),
                       wireText(failure.where, namesRoom)};
    beginResult(out, object);
    if (dialect == Dialect::Duck) {
        packNil(out);
    } else {
        ExtensionBody body;
        msgpack::packer<ExtensionBody>(body)
            .pack_array(3)
            .pack(static_cast<std::uint8_t>(sent.kind))
            .pack(sent.type)
            .pack(sent.where);
        body.packInto(out, ExtensionType::Failure);
    }
    msgpack::pack(out, wireText(sent.text(), room - sent.type.size() - sent.where.size()));
}

void packPending(PackBuffer &out)
{
    out.clear();
    out.write(pendingFrame.data(), pendingFrame.size());
}

} // namespace decoy::wire
