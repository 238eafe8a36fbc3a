// SPDX-License-Identifier: BSD-3-Clause
#include "result.h"

#include "reader.h"
#include "request.h"
#include "utf8.h"

#include <string>

namespace decoy::wire {

namespace {

/// `[opcode, [id, value, error]]`: two containers stand around the value.
constexpr std::uint32_t valueDepth = 2;
constexpr std::uint64_t highestLevel = 255;

std::string_view readText(Reader &reader, std::string_view what)
{
    const std::size_t begin = reader.offset();
    const std::string_view text = reader.readString(what);
    if (!isUtf8(text))
        Reader::fail(begin, std::string(what) + " is not valid UTF-8");
    return text;
}

ErrorKind errorKind(std::uint64_t number) noexcept
{
    const auto last = static_cast<std::uint64_t>(lastErrorKind); // a newer server may know more
    return number <= last ? static_cast<ErrorKind>(number) : ErrorKind::ProxyError;
}

/// The message inside `text`, which the sender made with Failure::text(): "TYPE: MESSAGE".
std::string messageOf(std::string_view text, std::string_view type)
{
    if (!type.empty() && text.starts_with(type) && text.substr(type.size()).starts_with(": "))
        text.remove_prefix(type.size() + 2);
    return toUtf8(text);
}

class ResultParser {
public:
    ResultParser(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits, Dialect dialect,
                 ResultView &result) noexcept
        : m_payload(payload), m_reader(payload, limits), m_arena(arena), m_limits(limits), m_dialect(dialect),
          m_result(result)
    {}

    void parse()
    {
        if (const auto elements = m_reader.readArrayHeader("the frame"); elements != 2)
            Reader::fail(0, "a frame has 2 elements, opcode and payload, not " + std::to_string(elements));
        const std::size_t opcodeOffset = m_reader.offset();
        const std::int64_t opcode = m_reader.readInteger("the opcode");
        m_result.opcode = static_cast<ProxyOpCode>(opcode);
        if (opcode == static_cast<int>(ProxyOpCode::ExecutionResult))
            readResult();
        else if (opcode == static_cast<int>(ProxyOpCode::ResponsePending))
            requirePayload(0, "RESPONSE_PENDING has an empty payload");
        else
            Reader::fail(opcodeOffset,
                         "opcode " + std::to_string(opcode)
                             + " is not an answer's; known are EXECUTION_RESULT -1 and RESPONSE_PENDING -2");
        m_reader.expectEnd();
    }

private:
    void requirePayload(std::uint32_t elements, std::string_view shape)
    {
        const std::size_t begin = m_reader.offset();
        if (const auto found = m_reader.readArrayHeader("the payload"); found != elements)
            Reader::fail(begin, std::string(shape) + ", not " + std::to_string(found) + " elements");
    }

    void readResult()
    {
        requirePayload(3, "EXECUTION_RESULT has a payload of 3 elements, id, value and error");
        m_result.object = m_reader.readUnsigned("the object id");
        readObject(m_result.value, m_reader, m_arena, m_limits, valueDepth);
        if (!m_reader.readNil())
            return readFailure(m_reader.readString("the error"));
        if (m_dialect == Dialect::Duck && m_result.value.type == msgpack::type::STR)
            return readDuckDescriptor();
        if (m_dialect == Dialect::Native && m_result.value.type == msgpack::type::EXT)
            readExtension();
    }

    void readExtension()
    {
        Reader body = extensionReader();
        switch (static_cast<ExtensionType>(m_result.value.via.ext.type())) {
        case ExtensionType::Proxy: m_result.kind = ResultView::Kind::Proxy; return readProxy(body);
        case ExtensionType::Callable:
            m_result.kind = ResultView::Kind::Callable;
            m_result.callableName = readText(body, "the callable's name");
            return body.expectEnd();
        case ExtensionType::Failure: Reader::fail(body.offset(), "a failure came without an error text");
        case ExtensionType::Lent: return; // only a request lends
        }
        // Every other extension is the user's data.
    }

    void readProxy(Reader &body)
    {
        const std::size_t begin = body.offset();
        if (body.readArrayHeader("the proxy's description") != 2)
            Reader::fail(begin, "a proxy's description has 2 elements, level and type name");
        const std::uint64_t level = body.readUnsigned("the chain level");
        if (level > highestLevel)
            Reader::fail(begin, "chain level " + std::to_string(level) + " is higher than any server hands out");
        m_result.level = static_cast<int>(level);
        m_result.typeName = readText(body, "the type name");
        body.expectEnd();
    }

    /// Without the extension (a Duck peer has none) the text is all there is: its first word names the remote exception.
    void readFailure(std::string_view text)
    {
        m_result.kind = ResultView::Kind::Failure;
        Failure &failure = m_result.failure;
        const msgpack::object &value = m_result.value;
        const bool described = value.type == msgpack::type::EXT
            && value.via.ext.type() == static_cast<std::int8_t>(ExtensionType::Failure);
        if (m_dialect == Dialect::Native && described) {
            readFailureDescription(failure);
        } else {
            failure.kind = ErrorKind::RemoteError;
            failure.type = toUtf8(text.substr(0, text.find(": ")));
            if (failure.type.size() == text.size() || failure.type.find(' ') != std::string::npos)
                failure.type.clear();
        }
        failure.message = messageOf(
            text, failure.kind == ErrorKind::RemoteError ? failure.type : errorKindName(failure.kind));
    }

    void readFailureDescription(Failure &failure)
    {
        Reader body = extensionReader();
        const std::size_t begin = body.offset();
        if (body.readArrayHeader("the failure's description") != 3)
            Reader::fail(begin, "a failure's description has 3 elements, kind, type and place");
        failure.kind = errorKind(body.readUnsigned("the kind of error"));
        failure.type = readText(body, "the exception's name");
        failure.where = readText(body, "the exception's place");
        body.expectEnd();
    }

    void readDuckDescriptor()
    {
        const auto [size, pointer] = m_result.value.via.str;
        const std::string_view text(pointer, size);
        if (text.starts_with(duckProxyPrefix)) {
            m_result.kind = ResultView::Kind::Proxy;
            m_result.typeName = text.substr(duckProxyPrefix.size());
        } else if (text.starts_with(duckCallablePrefix)) {
            m_result.kind = ResultView::Kind::Callable;
            m_result.callableName = text.substr(duckCallablePrefix.size());
        } else {
            return;
        }
        if (!isUtf8(text))
            throw DataDecodeError("the name in a proxy or callable descriptor is not valid UTF-8");
    }

    /// Over the value, an extension, so that offsets in errors are those of the frame.
    [[nodiscard]] Reader extensionReader() const noexcept
    {
        const msgpack::object_ext &extension = m_result.value.via.ext;
        const auto begin = static_cast<std::size_t>(extension.data()
                                                    - reinterpret_cast<const char *>(m_payload.data()));
        return Reader(m_payload.first(begin + extension.size), m_limits, begin);
    }

    std::span<const std::byte> m_payload;
    Reader m_reader;
    ObjectArena &m_arena;
    const Limits &m_limits;
    Dialect m_dialect;
    ResultView &m_result;
};

} // namespace

bool isPending(std::span<const std::byte> frame) noexcept
{
    if (frame.size() < framePrefixSize + 2)
        return false;
    constexpr std::byte arrayOfTwo{0x92};
    constexpr std::byte result{0xff}; // -1: nearly every frame that comes from a server
    if (frame[framePrefixSize] == arrayOfTwo && frame[framePrefixSize + 1] == result)
        return false;
    const auto head = peekHead(frame.subspan(framePrefixSize));
    return head && head->opcode == static_cast<int>(ProxyOpCode::ResponsePending);
}

ResultView parseResult(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits, Dialect dialect)
{
    if (payload.empty())
        throw EmptyData("the frame is empty");
    ResultView result;
    ResultParser(payload, arena, limits, dialect, result).parse();
    return result;
}

} // namespace decoy::wire
