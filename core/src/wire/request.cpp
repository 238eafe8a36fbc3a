// SPDX-License-Identifier: BSD-3-Clause
#include "request.h"

#include "big_endian.h"
#include "name.h"
#include "reader.h"
#include "utf8.h"

#include <decoy/error.h>

#include <array>
#include <string>

namespace decoy::wire {

namespace {

constexpr std::string_view releaseName = "__del__";
constexpr std::size_t longestPeekedName = 255;

/// How many containers stand around what: `[opcode, [id, attribute, value]]`, `[opcode, [id, name, [argument], {key: value}]]`.
constexpr std::uint32_t valueDepth = 2;
constexpr std::uint32_t argumentDepth = 3;

class RequestParser {
public:
    RequestParser(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits,
                  RequestView &request) noexcept
        : m_reader(payload, limits), m_arena(arena), m_limits(limits), m_request(request)
    {}

    void parse()
    {
        if (const auto elements = m_reader.readArrayHeader("the frame"); elements != 2)
            Reader::fail(0, "a frame has 2 elements, opcode and payload, not " + std::to_string(elements));
        readOpcode();
        const std::size_t begin = m_reader.offset();
        const std::uint32_t elements = m_reader.readArrayHeader("the payload");
        requireElements(begin, elements);
        m_request.object = m_reader.readUnsigned("the object id");
        m_request.name = readName(m_reader, m_limits, "the name");
        if (m_request.opcode == ProxyOpCode::Set)
            readObject(m_request.value, m_reader, m_arena, m_limits, valueDepth);
        if (m_request.opcode == ProxyOpCode::Execute)
            readArguments(elements);
        m_reader.expectEnd();
    }

private:
    void readOpcode()
    {
        const std::size_t begin = m_reader.offset();
        const std::int64_t opcode = m_reader.readInteger("the opcode");
        if (opcode < 0 || opcode > 2)
            Reader::fail(begin,
                         "opcode " + std::to_string(opcode)
                             + " is not a request's; known are GET 0, SET 1 and EXECUTE 2");
        m_request.opcode = static_cast<ProxyOpCode>(opcode);
    }

    void requireElements(std::size_t offset, std::uint32_t elements) const
    {
        switch (m_request.opcode) {
        case ProxyOpCode::Get:
            if (elements != 2)
                Reader::fail(offset,
                             "GET has a payload of 2 elements, id and attribute, not " + std::to_string(elements));
            return;
        case ProxyOpCode::Set:
            if (elements != 3)
                Reader::fail(offset,
                             "SET has a payload of 3 elements, id, attribute and value, not "
                                 + std::to_string(elements));
            return;
        default: // EXECUTE: the reference leaves trailing arguments out
            if (elements < 2 || elements > 4)
                Reader::fail(offset,
                             "EXECUTE has a payload of 2 to 4 elements, id, name, arguments and keyword arguments, not "
                                 + std::to_string(elements));
        }
    }

    void readArguments(std::uint32_t elements)
    {
        m_request.isRelease = m_request.name == releaseName;
        if (elements > 2 && !m_reader.readNil())
            readPositional();
        if (elements > 3 && !m_reader.readNil())
            readKeywords();
    }

    void readPositional()
    {
        const std::uint32_t count = m_reader.readArrayHeader("the arguments");
        msgpack::object *arguments = m_arena.allocateObjects(count);
        for (std::uint32_t i = 0; i < count; ++i)
            readObject(arguments[i], m_reader, m_arena, m_limits, argumentDepth);
        m_request.positional = {arguments, count};
    }

    void readKeywords()
    {
        const std::uint32_t count = m_reader.readMapHeader("the keyword arguments");
        if (count == 0)
            return;
        msgpack::object_kv *pairs = m_arena.allocatePairs(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::string_view key = readName(m_reader, m_limits, "a keyword");
            pairs[i].key.type = msgpack::type::STR;
            pairs[i].key.via.str = {static_cast<std::uint32_t>(key.size()), key.data()};
            readObject(pairs[i].val, m_reader, m_arena, m_limits, argumentDepth);
        }
        m_request.keywords = {pairs, count};
    }

    Reader m_reader;
    ObjectArena &m_arena;
    const Limits &m_limits;
    RequestView &m_request;
};

/// Fills `head` as far as the bytes go; throws where they end.
void readHead(Reader &reader, std::optional<FrameHead> &head)
{
    if (reader.readArrayHeader("the frame") == 0)
        return;
    head.emplace().opcode = reader.readInteger("the opcode");
    if (reader.readArrayHeader("the payload") == 0)
        return;
    head->object = reader.readUnsigned("the object id");
    if (head->opcode >= 0 || head->opcode == static_cast<int>(ProxyOpCode::Event))
        head->name = cutUtf8(reader.readString("the name"), longestPeekedName);
}

} // namespace

RequestView parseRequest(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits)
{
    if (payload.empty())
        throw EmptyData("the frame is empty");
    RequestView request;
    RequestParser(payload, arena, limits, request).parse();
    return request;
}

namespace {
/// Prefix, array of two, opcode, array of elements; then `cf` and eight bytes.
constexpr std::size_t wideObjectOffset = framePrefixSize + 3;
constexpr std::byte uint64Head{0xcf};
} // namespace

std::optional<std::uint64_t> wideObject(std::span<const std::byte> frame) noexcept
{
    if (frame.size() < wideObjectOffset + 1 + sizeof(std::uint64_t) || frame[wideObjectOffset] != uint64Head)
        return std::nullopt;
    return loadBigEndian<std::uint64_t>(frame.data() + wideObjectOffset + 1);
}

void setWideObject(std::span<std::byte> frame, std::uint64_t object) noexcept
{
    storeBigEndian(frame.data() + wideObjectOffset + 1, object);
}

namespace {
constexpr std::size_t requestHeadSize = framePrefixSize + 3;
/// By opcode: room for the prefix, then `[opcode, [` and how many elements follow.
constexpr std::array<std::array<char, requestHeadSize>, 3> requestHeads = {{
    {0, 0, 0, 0, '\x92', '\x00', '\x92'},
    {0, 0, 0, 0, '\x92', '\x01', '\x93'},
    {0, 0, 0, 0, '\x92', '\x02', '\x94'},
}};
} // namespace

void beginRequest(PackBuffer &out, ProxyOpCode opcode)
{
    out.clear();
    out.write(requestHeads[static_cast<std::size_t>(opcode)].data(), requestHeadSize);
}

std::optional<FrameHead> peekHead(std::span<const std::byte> payload) noexcept
{
    std::optional<FrameHead> head;
    try {
        Reader reader(payload);
        readHead(reader, head);
    } catch (const ProxyError &) {
        // What was read so far is all there is to say.
    } catch (const std::bad_alloc &) {
        // No memory for the message of an error that nobody reads.
    }
    return head;
}

} // namespace decoy::wire
