// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/frame_layout.h>

#include "frame_layout_format.h"
#include "wire/reader.h"

#include <decoy/error.h>
#include <decoy/frame.h>
#include <decoy/limits.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace decoy {

using Role = FrameElement::Role;
using wire::Token;
using wire::TokenType;

namespace {

/// The roles of an array's members, in order; empty where any number of items may stand.
using Shape = std::span<const Role>;

constexpr std::array frameShape = {Role::Opcode, Role::Payload};
constexpr std::array getShape = {Role::ObjectId, Role::Member};
constexpr std::array setShape = {Role::ObjectId, Role::Member, Role::Value};
constexpr std::array executeShape = {Role::ObjectId, Role::Member, Role::Arguments, Role::Keywords};
constexpr std::array resultShape = {Role::ObjectId, Role::Value, Role::Error};
constexpr std::array eventShape = {Role::ObjectId, Role::Member, Role::EventNumber, Role::Arguments};
constexpr std::array proxyShape = {Role::ProxyLevel, Role::TypeName};
constexpr std::array lentShape = {Role::LentId, Role::TypeName};
constexpr std::array failureShape = {Role::ErrorKind, Role::TypeName, Role::Where};

Shape payloadShape(std::int64_t opcode) noexcept
{
    switch (opcode) {
    case static_cast<int>(ProxyOpCode::Get): return getShape;
    case static_cast<int>(ProxyOpCode::Set): return setShape;
    case static_cast<int>(ProxyOpCode::Execute): return executeShape;
    case static_cast<int>(ProxyOpCode::ExecutionResult): return resultShape;
    case static_cast<int>(ProxyOpCode::Event): return eventShape;
    default: return {};
    }
}

Shape extensionShape(std::int8_t type) noexcept
{
    switch (static_cast<ExtensionType>(type)) {
    case ExtensionType::Proxy: return proxyShape;
    case ExtensionType::Failure: return failureShape;
    case ExtensionType::Lent: return lentShape;
    default: return {};
    }
}

std::string_view memberLabel(std::int64_t opcode) noexcept
{
    switch (opcode) {
    case static_cast<int>(ProxyOpCode::Execute): return "method";
    case static_cast<int>(ProxyOpCode::Event): return "event";
    default: return "attribute";
    }
}

std::string_view roleLabel(Role role, std::int64_t opcode) noexcept
{
    const bool isResult = opcode == static_cast<int>(ProxyOpCode::ExecutionResult);
    switch (role) {
    case Role::Prefix: return "length prefix";
    case Role::Frame: return "frame";
    case Role::Opcode: return "opcode";
    case Role::Payload: return "payload";
    case Role::ObjectId: return "object id";
    case Role::Member: return memberLabel(opcode);
    case Role::EventNumber: return "number";
    case Role::Value: return isResult ? "result" : "value";
    case Role::Arguments: return "arguments";
    case Role::Keywords: return "keyword arguments";
    case Role::Error: return "error";
    case Role::ProxyLevel: return "chain level";
    case Role::TypeName: return "type name";
    case Role::CallableName: return "method";
    case Role::LentId: return "number at the client";
    case Role::ErrorKind: return "error kind";
    case Role::Where: return "where";
    case Role::Key: return "key";
    case Role::CutOff: return "cut off";
    case Role::Invalid: return "invalid";
    case Role::Excess: return "excess";
    case Role::NotShown: return "not shown";
    case Role::Argument:
    case Role::Item: break;
    }
    return "value";
}

std::int64_t numberOf(const Token &token) noexcept
{
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    switch (token.type) {
    case TokenType::Unsigned: return static_cast<std::int64_t>(std::min(token.unsignedValue, largest));
    case TokenType::Negative: return token.negativeValue;
    case TokenType::Array:
    case TokenType::Map: return token.count;
    default: return 0;
    }
}

/// Where the next value begins, in a run of bytes of the frame.
struct Cursor {
    Cursor(std::span<const std::byte> frame, std::size_t begin, std::size_t end)
        : reader(frame.subspan(begin, end - begin)), base(begin)
    {}
    [[nodiscard]] std::size_t position() const noexcept { return base + reader.offset(); }

    wire::Reader reader;
    std::size_t base;
};

/// Builds the elements of one frame. Each read...() returns false when the rest cannot be understood or is not wanted; the
/// element that says so has been added then.
class LayoutBuilder {
public:
    LayoutBuilder(std::span<const std::byte> bytes, std::size_t size, const FrameLayoutOptions &options)
        : m_bytes(bytes), m_size(std::max(size, bytes.size())), m_options(options)
    {}

    std::vector<FrameElement> build()
    {
        if (m_bytes.size() < framePrefixSize) {
            stop(0, m_bytes.size(), Role::Invalid, "the frame is shorter than its prefix");
            return std::move(m_elements);
        }
        const std::uint64_t announced = readPrefix();
        const std::size_t end = std::min<std::uint64_t>(m_bytes.size(), framePrefixSize + announced);
        Cursor cursor(m_bytes, framePrefixSize, end);
        const bool whole = readValue(cursor, end, Role::Frame, {}, frameShape);
        if (whole && framePrefixSize + announced > m_size)
            stop(m_bytes.size(), m_bytes.size(), Role::Invalid, "the prefix announces more bytes than the frame has");
        const std::size_t understood = whole ? cursor.position() : end;
        if (understood < m_bytes.size())
            add(Role::Excess, understood, m_bytes.size()).value = bytesText(m_bytes.size() - understood)
                + " after the frame's end";
        return std::move(m_elements);
    }

private:
    [[nodiscard]] bool isCut() const noexcept { return m_bytes.size() < m_size; }
    static std::string bytesText(std::size_t count)
    {
        return std::to_string(count) + (count == 1 ? " byte" : " bytes");
    }

    FrameElement &add(Role role, std::size_t begin, std::size_t end)
    {
        FrameElement &element = m_elements.emplace_back();
        element.role = role;
        element.begin = static_cast<std::uint32_t>(begin);
        element.end = element.headerEnd = static_cast<std::uint32_t>(end);
        element.parent = m_parent;
        element.label = roleLabel(role, m_opcode);
        return element;
    }

    std::uint64_t readPrefix()
    {
        std::uint64_t length = 0;
        for (const std::byte byte : m_bytes.first(framePrefixSize))
            length = length << 8U | std::to_integer<std::uint64_t>(byte);
        FrameElement &prefix = add(Role::Prefix, 0, framePrefixSize);
        prefix.type = "big-endian uint 32";
        prefix.number = static_cast<std::int64_t>(length);
        prefix.value = std::to_string(length);
        return length;
    }

    bool stop(std::size_t begin, std::size_t end, Role role, std::string_view why)
    {
        const bool cut = role == Role::Invalid && isCut();
        FrameElement &element = add(cut ? Role::CutOff : role, begin, end);
        element.value = cut ? "after " + std::to_string(m_bytes.size()) + " of " + bytesText(m_size) : std::string(why);
        return false;
    }

    bool readValue(Cursor &cursor, std::size_t end, Role role, std::string label, Shape shape = {});
    bool readCutValue(std::size_t begin, std::size_t end, Role role, std::string label, Shape shape,
                      std::string_view why);
    bool readContent(const Token &token, Cursor &cursor, std::size_t end, Role role, Shape shape);
    bool readArray(std::uint32_t count, Cursor &cursor, std::size_t end, Role role, Shape shape);
    bool readMap(std::uint32_t count, Cursor &cursor, std::size_t end, Role role);
    [[nodiscard]] bool isOpened(const Token &token, Role role) const noexcept;
    bool readExtension(const Token &token, std::size_t end);
    FrameElement &addValue(const Token &token, std::size_t begin, Role role, std::string label);

    std::span<const std::byte> m_bytes;
    std::size_t m_size;
    FrameLayoutOptions m_options;
    std::vector<FrameElement> m_elements;
    std::int64_t m_opcode = std::numeric_limits<std::int64_t>::min();
    std::int32_t m_parent = -1;
    std::uint32_t m_depth = 0;
};

FrameElement &LayoutBuilder::addValue(const Token &token, std::size_t begin, Role role, std::string label)
{
    FrameElement &element = add(role, begin, begin + (token.end - token.begin));
    element.type = formatName(m_bytes[begin]);
    element.number = numberOf(token);
    element.value = tokenText(token, m_options.maxText);
    if (!label.empty())
        element.label = std::move(label);
    const bool isInteger = token.type == TokenType::Unsigned || token.type == TokenType::Negative;
    if (role == Role::Opcode && isInteger) {
        m_opcode = element.number;
        const bool fits = m_opcode >= -128 && m_opcode <= 127;
        element.value.append(" ").append(opcodeName(fits ? static_cast<int>(m_opcode) : 127));
    } else if (role == Role::ErrorKind && token.type == TokenType::Unsigned && token.unsignedValue <= 255) {
        element.value.append(" ").append(errorKindName(static_cast<ErrorKind>(token.unsignedValue)));
    }
    return element;
}

bool LayoutBuilder::readValue(Cursor &cursor, std::size_t end, Role role, std::string label, Shape shape)
{
    const std::size_t begin = cursor.position();
    if (m_elements.size() >= m_options.maxElements)
        return stop(begin, end, Role::NotShown, "the frame has more elements than are shown");
    if (m_depth > Limits().nesting)
        return stop(begin, end, Role::Invalid, "nested deeper than any frame may be");
    Token token;
    try {
        token = cursor.reader.next();
    } catch (const DataDecodeError &error) {
        return readCutValue(begin, end, role, std::move(label), shape, error.what());
    }
    addValue(token, begin, role, std::move(label));
    const auto index = static_cast<std::int32_t>(m_elements.size() - 1);

    const std::int32_t outer = std::exchange(m_parent, index);
    ++m_depth;
    const bool whole = readContent(token, cursor, end, role, shape);
    --m_depth;
    m_parent = outer;
    m_elements[static_cast<std::size_t>(index)].end = static_cast<std::uint32_t>(whole ? cursor.position() : end);
    return whole;
}

bool LayoutBuilder::readCutValue(std::size_t begin, std::size_t end, Role role, std::string label, Shape shape,
                                 std::string_view why)
{
    // Only a frame that was kept in part is read beyond what the reader refuses: there is no more to come that could lie.
    const std::optional<FormatHeader> header = isCut() ? cutHeader(m_bytes.subspan(begin, end - begin)) : std::nullopt;
    if (!header)
        return stop(begin, end, Role::Invalid, why);

    Token token;
    token.type = header->type;
    token.count = header->length;
    token.end = header->headerSize;
    const std::size_t content = begin + header->headerSize;
    if (header->type == TokenType::String || header->type == TokenType::Binary) {
        token.body = m_bytes.subspan(content, end - content);
        FrameElement &element = addValue(token, begin, role, std::move(label));
        element.end = static_cast<std::uint32_t>(end);
        element.value = header->type == TokenType::String ? quotedText(token.text(), m_options.maxText, true)
                                                          : bytesText(header->length);
        return stop(end, end, Role::Invalid, why);
    }
    addValue(token, begin, role, std::move(label)).end = static_cast<std::uint32_t>(end);
    const std::int32_t outer = std::exchange(m_parent, static_cast<std::int32_t>(m_elements.size() - 1));
    ++m_depth;
    Cursor cursor(m_bytes, content, end);
    readContent(token, cursor, end, role, shape);
    --m_depth;
    m_parent = outer;
    return false;
}

/// Whether an extension in this place is one of ours, and no data of the user's.
bool LayoutBuilder::isOpened(const Token &token, Role role) const noexcept
{
    const auto type = static_cast<ExtensionType>(token.extensionType);
    if (type == ExtensionType::Lent)
        return m_opcode == static_cast<int>(ProxyOpCode::Set)
            ? role == Role::Value
            : m_opcode == static_cast<int>(ProxyOpCode::Execute) && role == Role::Argument;
    return role == Role::Value && type >= ExtensionType::Proxy && type < ExtensionType::Lent;
}

bool LayoutBuilder::readContent(const Token &token, Cursor &cursor, std::size_t end, Role role, Shape shape)
{
    switch (token.type) {
    case TokenType::Array:
        return readArray(token.count, cursor, end, role, role == Role::Payload ? payloadShape(m_opcode) : shape);
    case TokenType::Map: return readMap(token.count, cursor, end, role);
    case TokenType::Extension: return !isOpened(token, role) || readExtension(token, cursor.position());
    default: return true;
    }
}

bool LayoutBuilder::readArray(std::uint32_t count, Cursor &cursor, std::size_t end, Role role, Shape shape)
{
    for (std::uint32_t i = 0; i < count; ++i) {
        bool whole = false;
        if (role == Role::Arguments)
            whole = readValue(cursor, end, Role::Argument, "argument " + std::to_string(i + 1));
        else if (shape.empty())
            whole = readValue(cursor, end, Role::Item, "[" + std::to_string(i) + "]");
        else
            whole = readValue(cursor, end, i < shape.size() ? shape[i] : Role::Excess, {});
        if (!whole)
            return false;
    }
    return true;
}

bool LayoutBuilder::readMap(std::uint32_t count, Cursor &cursor, std::size_t end, Role role)
{
    const Role valueRole = role == Role::Keywords ? Role::Argument : Role::Item;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::size_t key = m_elements.size();
        if (!readValue(cursor, end, Role::Key, {}))
            return false;
        std::string label = m_elements[key].value;
        if (label.size() > 2 && label.front() == '"')
            label = label.substr(1, label.size() - 2);
        if (!readValue(cursor, end, valueRole, std::move(label)))
            return false;
    }
    return true;
}

bool LayoutBuilder::readExtension(const Token &token, std::size_t end)
{
    const auto type = static_cast<ExtensionType>(token.extensionType);
    const std::size_t begin = end - token.body.size();
    FrameElement &extension = m_elements.back();
    extension.headerEnd = static_cast<std::uint32_t>(begin);
    extension.value = type == ExtensionType::Proxy ? "a proxy"
        : type == ExtensionType::Callable          ? "a method"
        : type == ExtensionType::Lent              ? lentText(token.body)
                                                   : "a failure";
    Cursor body(m_bytes, begin, end);
    // What is wrong inside an extension does not hide what stands behind it.
    if (type == ExtensionType::Callable)
        readValue(body, end, Role::CallableName, {});
    else
        readValue(body, end, Role::Item, "content", extensionShape(token.extensionType));
    return true;
}

} // namespace

std::vector<FrameElement> frameLayout(std::span<const std::byte> bytes, std::size_t size,
                                      const FrameLayoutOptions &options)
{
    return LayoutBuilder(bytes, size, options).build();
}

} // namespace decoy
