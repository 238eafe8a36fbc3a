// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/iteration.h>

#include <algorithm>
#include <string>

namespace decoy::detail {

namespace {

/// Bytes of a key in a cursor: longer ones cost more to send twice than to find their item without them.
constexpr std::size_t longestKey = 256;
/// Around the items of a batch: the frame's head and end (17), two array headers (4), and a cursor with its three numbers but
/// without its key (28).
constexpr std::size_t frameOverhead = 17 + 4 + 28;

/// What travels: `[items, cursor]`.
struct PackedBatch {
    std::uint32_t count;
    std::span<const std::byte> items;
    const Cursor *next; ///< null at the end

    template <class Packer>
    void msgpack_pack(Packer &packer) const
    {
        packer.pack_array(2);
        packer.pack_array(count);
        packer.pack_ext_body(reinterpret_cast<const char *>(items.data()), static_cast<std::uint32_t>(items.size()));
        if (next)
            packer.pack(*next);
        else
            packer.pack_nil();
    }
};

std::uint32_t mostItems(const msgpack::object *most)
{
    const auto wanted = most ? convertArgument<std::uint32_t>(*most, "__next_items__", "most") : itemsPerBatch;
    if (wanted == 0)
        throw ArgumentError("__next_items__(): 'most' must be at least 1");
    return std::min(wanted, mostItemsPerBatch);
}

} // namespace

Cursor Cursor::from(const msgpack::object *given, std::uint64_t changes, std::uint64_t size)
{
    if (!given || given->is_nil())
        return {changes, size, 0, {}};
    const auto cursor = convertArgument<Cursor>(*given, "__next_items__", "cursor");
    if (cursor.changes != changes || cursor.size != size)
        throwChanged();
    return cursor;
}

void throwChanged()
{
    throw ConcurrentModification("the container was changed while it was iterated over; begin again");
}

Batch::Batch(const msgpack::object *most, std::size_t bufsize)
    : m_keyRoom(std::min(longestKey, bufsize / 8)), m_overhead(frameOverhead + m_keyRoom), m_half(bufsize / 2),
      m_most(mostItems(most)), m_items(bufsize - std::min(bufsize, m_overhead))
{}

bool Batch::keep(std::size_t before, std::uint64_t index)
{
    const std::size_t size = m_items.size();
    const bool isFirst = m_count == 0;
    if (isFirst && m_items.overflowed())
        throw DataTooBigError("a batch of item " + std::to_string(index) + " alone", size + m_overhead,
                              m_items.limit() + m_overhead);
    if (!isFirst && (size > m_half || m_items.overflowed())) {
        m_items.truncate(before);
        return false;
    }
    ++m_count;
    return true;
}

void Batch::answer(Reply &reply) const { reply.value(PackedBatch{m_count, m_items.bytes(), nullptr}); }

void Batch::answer(Reply &reply, const Cursor &next) const
{
    reply.value(PackedBatch{m_count, m_items.bytes(), &next});
}

} // namespace decoy::detail
