// SPDX-License-Identifier: BSD-3-Clause
#include "object_reader.h"

#include "reader.h"

#include <algorithm>
#include <string>

namespace decoy::wire {

static_assert(alignof(msgpack::object_kv) <= alignof(std::max_align_t));
static_assert(sizeof(msgpack::object_kv) == 2 * sizeof(msgpack::object));

msgpack::object *ObjectArena::allocateObjects(std::size_t count)
{
    auto *objects = reinterpret_cast<msgpack::object *>(allocate(count * sizeof(msgpack::object)));
    std::uninitialized_default_construct_n(objects, count);
    return objects;
}

msgpack::object_kv *ObjectArena::allocatePairs(std::size_t count)
{
    auto *pairs = reinterpret_cast<msgpack::object_kv *>(allocate(count * sizeof(msgpack::object_kv)));
    std::uninitialized_default_construct_n(pairs, count);
    return pairs;
}

std::byte *ObjectArena::allocate(std::size_t size)
{
    if (size > static_cast<std::size_t>(m_end - m_next))
        addBlock(size);
    std::byte *place = m_next;
    m_next += size;
    return place;
}

void ObjectArena::addBlock(std::size_t size)
{
    const std::size_t wanted = m_blocks.empty() ? firstBlockSize : m_blocks.back().size * 2;
    const std::size_t blockSize = std::max(size, wanted);
    m_blocks.push_back({std::make_unique_for_overwrite<std::byte[]>(blockSize), blockSize});
    m_next = m_blocks.back().memory.get();
    m_end = m_next + blockSize;
}

/// One block that would have held everything is better than many; an outsized one is not kept.
void ObjectArena::keepOneBlock() noexcept
{
    const auto keep = std::ranges::max_element(
        m_blocks, {}, [](const Block &block) { return block.size <= largestBlockKept ? block.size : 0; });
    std::swap(m_blocks.front(), *keep);
    m_blocks.resize(1);
    m_end = m_blocks.front().memory.get() + m_blocks.front().size;
}

namespace {

class TreeBuilder {
public:
    TreeBuilder(Reader &reader, ObjectArena &arena) noexcept : m_reader(reader), m_arena(arena) {}

    void build(msgpack::object &object, std::uint32_t levelsLeft)
    {
        const Token token = m_reader.next();
        switch (token.type) {
        case TokenType::Nil: object.type = msgpack::type::NIL; return;
        case TokenType::Boolean:
            object.type = msgpack::type::BOOLEAN;
            object.via.boolean = token.boolean;
            return;
        case TokenType::Unsigned:
            object.type = msgpack::type::POSITIVE_INTEGER;
            object.via.u64 = token.unsignedValue;
            return;
        case TokenType::Negative:
            object.type = msgpack::type::NEGATIVE_INTEGER;
            object.via.i64 = token.negativeValue;
            return;
        case TokenType::Float32:
        case TokenType::Float64:
            object.type = token.type == TokenType::Float32 ? msgpack::type::FLOAT32 : msgpack::type::FLOAT64;
            object.via.f64 = token.floatValue;
            return;
        case TokenType::String:
        case TokenType::Binary:
        case TokenType::Extension: return setBody(object, token);
        case TokenType::Array: return buildArray(object, token, levelsLeft);
        case TokenType::Map: return buildMap(object, token, levelsLeft);
        }
    }

private:
    static void setBody(msgpack::object &object, const Token &token) noexcept
    {
        const char *bytes = token.text().data();
        const auto size = static_cast<std::uint32_t>(token.body.size());
        if (token.type == TokenType::String) {
            object.type = msgpack::type::STR;
            object.via.str = {size, bytes};
        } else if (token.type == TokenType::Binary) {
            object.type = msgpack::type::BIN;
            object.via.bin = {size, bytes};
        } else {
            object.type = msgpack::type::EXT;
            object.via.ext.ptr = bytes - 1; // msgpack-c wants the type byte first: on the wire it stands right there
            object.via.ext.size = size;
        }
    }

    void buildArray(msgpack::object &object, const Token &token, std::uint32_t levelsLeft)
    {
        requireLevel(token, levelsLeft);
        msgpack::object *members = m_arena.allocateObjects(token.count);
        object.type = msgpack::type::ARRAY;
        object.via.array = {token.count, members};
        for (std::uint32_t i = 0; i < token.count; ++i)
            build(members[i], levelsLeft - 1);
    }

    void buildMap(msgpack::object &object, const Token &token, std::uint32_t levelsLeft)
    {
        requireLevel(token, levelsLeft);
        msgpack::object_kv *pairs = m_arena.allocatePairs(token.count);
        object.type = msgpack::type::MAP;
        object.via.map = {token.count, pairs};
        for (std::uint32_t i = 0; i < token.count; ++i) {
            build(pairs[i].key, levelsLeft - 1);
            build(pairs[i].val, levelsLeft - 1);
        }
    }

    static void requireLevel(const Token &token, std::uint32_t levelsLeft)
    {
        if (levelsLeft == 0) [[unlikely]]
            Reader::fail(token.begin, "containers are nested deeper than Limits::nesting allows");
    }

    Reader &m_reader;
    ObjectArena &m_arena;
};

} // namespace

void readObject(msgpack::object &object, Reader &reader, ObjectArena &arena, const Limits &limits, std::uint32_t depth)
{
    const std::uint32_t levels = std::min(limits.nesting, deepestNesting);
    TreeBuilder(reader, arena).build(object, levels > depth ? levels - depth : 0);
}

msgpack::object readObject(std::span<const std::byte> bytes, ObjectArena &arena, const Limits &limits)
{
    Reader reader(bytes, limits);
    msgpack::object object;
    readObject(object, reader, arena, limits);
    reader.expectEnd();
    return object;
}

} // namespace decoy::wire
