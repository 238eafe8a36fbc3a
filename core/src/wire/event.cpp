// SPDX-License-Identifier: BSD-3-Clause
#include "event.h"

#include "name.h"
#include "result.h"

#include <array>
#include <string>

namespace decoy::wire {

namespace {
/// Containers that stand around an argument: frame, payload, arguments.
constexpr std::uint32_t argumentDepth = 3;
constexpr std::size_t numberSize = 9; // always the widest form, so that the head keeps its size

std::array<char, numberSize> packedNumber(std::uint64_t number) noexcept
{
    std::array<char, numberSize> bytes{'\xcf'};
    for (std::size_t i = 1; i < numberSize; ++i)
        bytes[i] = static_cast<char>(number >> 8 * (numberSize - 1 - i));
    return bytes;
}

void requireElements(Reader &reader, std::uint32_t elements, std::string_view what)
{
    const std::size_t begin = reader.offset();
    if (const std::uint32_t found = reader.readArrayHeader(what); found != elements)
        Reader::fail(begin,
                     std::string(what) + " of an EVENT has " + std::to_string(elements) + " elements, not "
                         + std::to_string(found));
}
} // namespace

EventWriter::EventWriter(std::uint64_t object, std::string_view event, std::size_t limit) : m_frame(limit)
{
    beginFrame(m_frame);
    msgpack::packer<PackBuffer> packer(m_frame);
    packer.pack_array(2);
    packer.pack(static_cast<int>(ProxyOpCode::Event));
    packer.pack_array(4);
    packer.pack(object);
    packer.pack(event);
    m_headSize = m_frame.size();
}

std::span<const std::byte> EventWriter::write(std::uint64_t number, std::span<const std::byte> arguments)
{
    if (m_headSize + numberSize + arguments.size() > m_frame.limit())
        return {};
    m_frame.truncate(m_headSize);
    m_frame.write(packedNumber(number).data(), numberSize);
    m_frame.write(reinterpret_cast<const char *>(arguments.data()), arguments.size());
    endFrame(m_frame, "the event", m_frame.limit());
    return m_frame.bytes();
}

EventView parseEvent(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits)
{
    if (payload.empty())
        throw EmptyData("the frame is empty");
    Reader reader(payload, limits);
    requireElements(reader, 2, "the frame");
    const std::size_t opcodeOffset = reader.offset();
    if (reader.readInteger("the opcode") != static_cast<int>(ProxyOpCode::Event))
        Reader::fail(opcodeOffset, "expected the opcode EVENT, -3");
    requireElements(reader, 4, "the payload");
    EventView event;
    event.object = reader.readUnsigned("the object id");
    event.name = readName(reader, limits, "the event");
    event.number = reader.readUnsigned("the event's number");
    const std::uint32_t count = reader.readArrayHeader("the arguments");
    msgpack::object *arguments = arena.allocateObjects(count);
    for (std::uint32_t i = 0; i < count; ++i)
        readObject(arguments[i], reader, arena, limits, argumentDepth);
    event.arguments = {arguments, count};
    reader.expectEnd();
    return event;
}

} // namespace decoy::wire
