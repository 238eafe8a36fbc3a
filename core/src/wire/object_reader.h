// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>

#include <msgpack.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace decoy::wire {

class Reader;

/// Memory for the arrays and maps of parsed frames, made to be reused: clear() keeps a moderate amount, so that small frames
/// cost no allocation. What it handed out is valid until clear(). Not thread-safe: one per thread.
class ObjectArena {
public:
    ObjectArena() = default;
    ObjectArena(const ObjectArena &) = delete;
    ObjectArena &operator=(const ObjectArena &) = delete;

    /// Uninitialised places; the caller has bounded `count` (Reader does).
    [[nodiscard]] msgpack::object *allocateObjects(std::size_t count);
    [[nodiscard]] msgpack::object_kv *allocatePairs(std::size_t count);

    /// Takes everything back. What a huge frame needed is freed, so that it does not stay in memory for ever.
    void clear() noexcept
    {
        if (m_blocks.size() > 1)
            keepOneBlock();
        if (!m_blocks.empty())
            m_next = m_blocks.front().memory.get();
    }

private:
    static constexpr std::size_t firstBlockSize = 16 * 1024;
    static constexpr std::size_t largestBlockKept = 256 * 1024;
    struct Block {
        std::unique_ptr<std::byte[]> memory;
        std::size_t size = 0;
    };
    [[nodiscard]] std::byte *allocate(std::size_t size);
    void addBlock(std::size_t size);
    void keepOneBlock() noexcept;

    std::vector<Block> m_blocks;
    std::byte *m_next = nullptr;
    std::byte *m_end = nullptr;
};

/// Reads one value and everything in it, into the place where it stays: to copy it just after it was written makes the processor wait.
/// Strings, binaries and extensions refer to the reader's bytes, arrays and maps to
/// the arena: the object is valid while both are. Throws DataDecodeError, also when `limits.nesting` is passed.
/// `depth` says how many containers already stand around the value.
void readObject(msgpack::object &object, Reader &reader, ObjectArena &arena, const Limits &limits,
                std::uint32_t depth = 0);

/// The same for bytes that hold exactly one value.
[[nodiscard]] msgpack::object readObject(std::span<const std::byte> bytes, ObjectArena &arena, const Limits &limits);

/// Whether a value is all there is to it: no text, bytes or members that stand somewhere else.
[[nodiscard]] inline bool isScalar(const msgpack::object &object) noexcept
{
    switch (object.type) {
    case msgpack::type::STR:
    case msgpack::type::BIN:
    case msgpack::type::EXT:
    case msgpack::type::ARRAY:
    case msgpack::type::MAP: return false;
    default: return true;
    }
}

/// However large Limits::nesting is set, no value is nested deeper: converting one to a user's type recurses.
inline constexpr std::uint32_t deepestNesting = 1024;

} // namespace decoy::wire
