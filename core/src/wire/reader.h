// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace decoy::wire {

enum class TokenType : std::uint8_t {
    Nil, Boolean, Unsigned, Negative, Float32, Float64, String, Binary, Extension, Array, Map,
};

/// "nil", "an unsigned integer", "an array": as messages name it.
[[nodiscard]] std::string_view tokenTypeName(TokenType type) noexcept;

/// One msgpack value, or the header of a container: its members are the tokens that follow.
struct Token {
    TokenType type = TokenType::Nil;
    std::int8_t extensionType = 0;   ///< Extension
    bool boolean = false;            ///< Boolean
    std::uint32_t count = 0;         ///< Array: elements; Map: pairs
    std::uint64_t unsignedValue = 0; ///< Unsigned
    std::int64_t negativeValue = 0;  ///< Negative: always below zero
    double floatValue = 0;           ///< Float32, Float64
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
        return type == TokenType::Map ? std::uint64_t{count} * 2 : count;
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
        : m_begin(bytes.data()), m_cursor(m_begin + start), m_end(m_begin + bytes.size()), m_elementsLeft(limits.elements) {}

    /// The next token, whatever it is.
    [[nodiscard]] Token next();
    /// Passes over one value and everything in it.
    void skip();

    // Each reads exactly one thing; `what` names it in the error: "the object id".
    [[nodiscard]] std::uint64_t readUnsigned(std::string_view what);
    [[nodiscard]] std::int64_t readInteger(std::string_view what);
    [[nodiscard]] std::string_view readString(std::string_view what);
    [[nodiscard]] std::uint32_t readArrayHeader(std::string_view what);
    [[nodiscard]] std::uint32_t readMapHeader(std::string_view what);
    /// Passes over a nil and says true, or stays.
    bool readNil() noexcept;
    /// Throws if bytes are left.
    void expectEnd() const;

    [[nodiscard]] bool atEnd() const noexcept { return m_cursor == m_end; }
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(m_cursor - m_begin); }
    [[nodiscard]] std::size_t remaining() const noexcept { return static_cast<std::size_t>(m_end - m_cursor); }

    /// Throws the DataDecodeError for something wrong at `offset`.
    [[noreturn]] static void fail(std::size_t offset, std::string_view message);

private:
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
