// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace decoy::wire {

enum class TokenType : std::uint8_t {
    Nil,
    Boolean,
    Unsigned,
    Negative,
    Float32,
    Float64,
    String,
    Binary,
    Extension,
    Array,
    Map,
};

/// "nil", "an unsigned integer", "an array": as messages name it.
[[nodiscard]] std::string_view tokenTypeName(TokenType type) noexcept;

/// One msgpack value, or the header of a container: its members are the tokens that follow.
struct Token {
    TokenType type = TokenType::Nil;
    std::int8_t extensionType = 0; ///< Extension
    union {
        std::uint64_t unsignedValue = 0; ///< Unsigned
        std::int64_t negativeValue;      ///< Negative: always below zero
        double floatValue;               ///< Float32, Float64
        bool boolean;                    ///< Boolean
        std::uint32_t count;             ///< Array: elements; Map: pairs
    };
    std::span<const std::byte> body; ///< String, Binary, Extension: refers to the reader's bytes
    std::size_t begin = 0;           ///< offset of the first byte
    std::size_t end = 0;             ///< offset after the last byte; of a container, after its header

    [[nodiscard]] std::string_view text() const noexcept
    {
        return {reinterpret_cast<const char *>(body.data()), body.size()};
    }
    /// Values that follow because of this token.
    [[nodiscard]] std::uint64_t members() const noexcept
    {
        return type == TokenType::Map ? std::uint64_t{count} * 2 : type == TokenType::Array ? count : 0;
    }
};

/// Walks over msgpack bytes, token by token, and believes nothing that they claim.
///
/// Lengths and counts are checked against the bytes that are there and against Limits::elements before anyone can reserve
/// memory for them. Never allocates and never recurses; whoever builds a tree from the tokens keeps Limits::nesting.
/// Throws DataDecodeError that names the offset and what was expected. After an error the reader stands where it stood before
/// the bad token. Refers to the bytes; not thread-safe.
class Reader {
public:
    /// Starts at `start`, which must not be behind the end; offsets count from the first byte.
    explicit Reader(std::span<const std::byte> bytes, const Limits &limits = {}, std::size_t start = 0) noexcept
        : m_begin(bytes.data()), m_cursor(m_begin + start), m_end(m_begin + bytes.size()),
          m_elementsLeft(limits.elements)
    {}

    /// The next token, whatever it is.
    [[nodiscard]] Token next();
    /// Passes over one value and everything in it.
    void skip();

    // Each reads exactly one thing; `what` names it in the error: "the object id".
    [[nodiscard]] std::uint64_t readUnsigned(std::string_view what)
    {
        const int small = takeFirst(0x00, 0x7f); // most are: an opcode, a young object's id
        return small >= 0 ? static_cast<std::uint64_t>(small) : readAnyUnsigned(what);
    }
    [[nodiscard]] std::int64_t readInteger(std::string_view what)
    {
        // One byte from -32 to 127 stands for itself: most are, an opcode always.
        if (const int small = atEnd() ? INT8_MIN : static_cast<std::int8_t>(*m_cursor); small >= -32) {
            ++m_cursor;
            return small;
        }
        return readAnyInteger(what);
    }
    [[nodiscard]] std::string_view readString(std::string_view what)
    {
        const int first = takeFirst(0xa0, 0xbf);
        const std::size_t size = static_cast<unsigned>(first) & 0x1f;
        if (first < 0 || size > remaining())
            return readAnyString(first, what);
        m_cursor += size;
        return {reinterpret_cast<const char *>(m_cursor - size), size};
    }
    [[nodiscard]] std::uint32_t readArrayHeader(std::string_view what)
    {
        const int first = takeFirst(0x90, 0x9f);
        const std::uint32_t count = static_cast<unsigned>(first) & 0x0f;
        return first >= 0 && takeMembers(count) ? count : readAnyHeader(first, TokenType::Array, what);
    }
    [[nodiscard]] std::uint32_t readMapHeader(std::string_view what)
    {
        const int first = takeFirst(0x80, 0x8f);
        const std::uint32_t count = static_cast<unsigned>(first) & 0x0f;
        return first >= 0 && takeMembers(std::uint64_t{count} * 2) ? count : readAnyHeader(first, TokenType::Map, what);
    }
    /// Passes over a nil and says true, or stays.
    bool readNil() noexcept { return takeFirst(0xc0, 0xc0) >= 0; }
    /// Throws if bytes are left.
    void expectEnd() const;

    [[nodiscard]] bool atEnd() const noexcept { return m_cursor == m_end; }
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(m_cursor - m_begin); }
    [[nodiscard]] std::size_t remaining() const noexcept { return static_cast<std::size_t>(m_end - m_cursor); }

    /// Throws the DataDecodeError for something wrong at `offset`.
    [[noreturn]] static void fail(std::size_t offset, std::string_view message);

private:
    /// The next byte if it is in this range, and then it is taken; -1 otherwise.
    int takeFirst(unsigned lowest, unsigned highest) noexcept
    {
        if (atEnd() || std::to_integer<unsigned>(*m_cursor) - lowest > highest - lowest)
            return -1;
        return std::to_integer<int>(*m_cursor++);
    }
    /// Counts the members of a container, if there can be so many: each takes a byte at least.
    bool takeMembers(std::uint64_t members) noexcept
    {
        if (members > remaining() || members > m_elementsLeft)
            return false;
        m_elementsLeft -= members;
        return true;
    }

    // What the short forms above leave: the long forms and all errors. A `first` that is not -1 was taken in vain.
    [[nodiscard]] std::uint64_t readAnyUnsigned(std::string_view what);
    [[nodiscard]] std::int64_t readAnyInteger(std::string_view what);
    [[nodiscard]] std::string_view readAnyString(int first, std::string_view what);
    [[nodiscard]] std::uint32_t readAnyHeader(int first, TokenType type, std::string_view what);
    [[nodiscard]] Token expect(TokenType type, std::string_view what);
    void readWide(Token &token, unsigned first);
    void readSigned(Token &token, std::size_t width);
    void readExtension(Token &token, std::uint64_t size);
    [[nodiscard]] std::uint64_t takeNumber(const Token &token, std::size_t width);
    void takeBody(Token &token, TokenType type, std::uint64_t size);
    void takeCount(Token &token, TokenType type, std::uint64_t count);
    /// Goes back to the token's first byte and throws.
    [[noreturn]] void reject(const Token &token, std::string_view message);

    const std::byte *m_begin;
    const std::byte *m_cursor;
    const std::byte *m_end;
    std::uint64_t m_elementsLeft;
};

} // namespace decoy::wire
