// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/tap.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace decoy::ui {

/// Reads msgpack where it stands: without copies and allocations, for millions of frames a second. The bytes may be
/// anything and may be cut off; what cannot be read is absent. Only for filters: what people see is decodeFrame()'s.
class MsgpackReader {
public:
    explicit MsgpackReader(std::span<const std::byte> bytes) noexcept
        : m_at(bytes.data()), m_end(bytes.data() + bytes.size())
    {}

    [[nodiscard]] bool atEnd() const noexcept { return m_at == m_end; }
    /// The number of members of the array (or pairs of the map) that begins here, and goes behind its header.
    std::optional<std::uint32_t> array() noexcept;
    std::optional<std::uint32_t> map() noexcept;
    /// A str, which may be shorter than it says where the bytes were cut.
    std::optional<std::string_view> string() noexcept;
    /// Any number.
    struct Number {
        bool isInteger = false; ///< and fits; beyond 2^63 `integer` holds the bits of the unsigned number
        std::int64_t integer = 0;
        double real = 0;
    };
    std::optional<Number> number() noexcept;
    struct Extension {
        std::int8_t type = 0;
        std::span<const std::byte> body;
    };
    std::optional<Extension> extension() noexcept;
    /// Goes behind the value that begins here, with all that is in it. False where the bytes end before it does.
    bool skip() noexcept;
    /// Appends the value as text: texts bare where `isBare`, and everything else as JSON, about `most` characters at most.
    bool appendText(std::string &text, bool isBare, std::size_t most);

private:
    struct Header {
        enum class Type : std::uint8_t { Nil, Boolean, Integer, Real, String, Binary, Extension, Array, Map };
        Type type = Type::Nil;
        std::uint32_t size = 0; ///< bytes of the body, or members, or pairs
        Number number;          ///< of scalars
        std::int8_t extension = 0;
    };
    std::optional<Header> header() noexcept;
    [[nodiscard]] std::optional<std::uint64_t> bigEndian(std::size_t bytes) noexcept;
    std::string_view take(std::uint32_t size) noexcept;
    bool appendValue(std::string &text, bool isBare, std::size_t most, int depth);
    bool appendMembers(std::string &text, const Header &header, std::size_t most, int depth);

    const std::byte *m_at;
    const std::byte *m_end;
};

/// The attribute or method that a request names, or the event of an EVENT. Absent where it names none.
[[nodiscard]] std::optional<std::string_view> requestMember(std::span<const std::byte> frame) noexcept;

/// The error text of a failed result.
[[nodiscard]] std::optional<std::string_view> resultError(std::span<const std::byte> frame) noexcept;

/// Visits what a frame carries: the value of SET and RESULT, the arguments of EXECUTE and EVENT one by one. The visitor gets a
/// reader that stands at the value, and says whether it has seen enough; so does visitValues().
template <typename Visitor>
bool visitValues(const FrameEvent &event, std::span<const std::byte> frame, Visitor &&visit);

/// All of what visitValues() visits as one text, as the table shows it except that a text alone has no quotation marks:
/// `5`, `gift`, `(50, memo="gift")`, `proxy Node #13, level 2`.
void appendValueText(const FrameEvent &event, std::span<const std::byte> frame, std::string &text);

/// A reader that stands at the element of the payload with this index, if the frame has it.
[[nodiscard]] std::optional<MsgpackReader> payloadElement(std::span<const std::byte> frame,
                                                          std::uint32_t index) noexcept;

template <typename Visitor>
bool visitValues(const FrameEvent &event, std::span<const std::byte> frame, Visitor &&visit)
{
    constexpr int set = 1;
    constexpr int execute = 2;
    constexpr int result = -1;
    constexpr int told = -3;
    if (event.opcode != execute && event.opcode != told) {
        if (event.isFailed() || (event.opcode != set && event.opcode != result))
            return false;
        auto value = payloadElement(frame, event.opcode == set ? 2 : 1);
        return value && visit(*value);
    }
    auto arguments = payloadElement(frame, event.opcode == told ? 3 : 2);
    if (!arguments)
        return false;
    const std::uint32_t positional = arguments->array().value_or(0);
    for (std::uint32_t i = 0; i < positional && !arguments->atEnd(); ++i) {
        MsgpackReader argument = *arguments;
        if (visit(argument))
            return true;
        if (!arguments->skip())
            return false;
    }
    auto keywords = event.opcode == told ? std::nullopt : payloadElement(frame, 3);
    const std::uint32_t named = keywords ? keywords->map().value_or(0) : 0;
    for (std::uint32_t i = 0; i < named && !keywords->atEnd(); ++i) {
        if (!keywords->skip())
            return false;
        MsgpackReader argument = *keywords;
        if (visit(argument))
            return true;
        if (!keywords->skip())
            return false;
    }
    return false;
}

} // namespace decoy::ui
