// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/frame.h>

#include <decoy/json.h>
#include <decoy/pack_buffer.h>

#include "memory/looking.h"
#include "wire/big_endian.h"
#include "wire/event.h"
#include "wire/request.h"
#include "wire/result.h"

#include <algorithm>
#include <cstring>

namespace decoy {

namespace {

constexpr std::string_view unknownName = "UNKNOWN";

/// The opcode, once the whole frame has been checked against its shape.
ProxyOpCode checkedOpcode(std::span<const std::byte> data, wire::ObjectArena &arena, const Limits &limits)
{
    const auto head = wire::peekHead(data);
    if (head && head->opcode < 0 && head->opcode >= -2)
        return wire::parseResult(data, arena, limits).opcode;
    if (head && head->opcode == static_cast<int>(ProxyOpCode::Event)) {
        (void)wire::parseEvent(data, arena, limits);
        return ProxyOpCode::Event;
    }
    if (head && (head->opcode < 0 || head->opcode > 2))
        throw DataDecodeError(
            "opcode " + std::to_string(head->opcode)
            + " is unknown; known are GET 0, SET 1, EXECUTE 2, EXECUTION_RESULT -1, RESPONSE_PENDING -2 and "
              "EVENT -3");
    return wire::parseRequest(data, arena, limits).opcode; // also says what is wrong with a frame that has no head
}

/// The value of a result as JSON, if it is one of the protocol's own extensions as what it stands for.
std::string extensionText(const Frame &frame, const Value &value)
try {
    const std::vector<std::byte> bytes = frame.pack();
    wire::ObjectArena arena;
    const wire::ResultView result = wire::parseResult(bytes, arena, Limits{.bufsize = UINT32_MAX});
    if (result.kind == wire::ResultView::Kind::Proxy)
        return R"({"$proxy":{"id":)" + std::to_string(result.object) + R"(,"type":)" + toJson(Value(result.typeName))
            + R"(,"level":)" + std::to_string(result.level) + "}}";
    if (result.kind == wire::ResultView::Kind::Callable)
        return R"({"$callable":)" + toJson(Value(result.callableName)) + "}";
    return toJson(value);
} catch (const ProxyError &) { // a frame that was put together by hand need not be one that travels
    return toJson(value);
}

} // namespace

std::string_view opcodeName(int opcode) noexcept
{
    switch (opcode) {
    case static_cast<int>(ProxyOpCode::Get): return "GET";
    case static_cast<int>(ProxyOpCode::Set): return "SET";
    case static_cast<int>(ProxyOpCode::Execute): return "EXECUTE";
    case static_cast<int>(ProxyOpCode::ExecutionResult): return "EXECUTION_RESULT";
    case static_cast<int>(ProxyOpCode::ResponsePending): return "RESPONSE_PENDING";
    case static_cast<int>(ProxyOpCode::Event): return "EVENT";
    default: return unknownName;
    }
}

Frame Frame::parse(std::span<const std::byte> data, const Limits &limits)
{
    wire::ObjectArena arena;
    const ProxyOpCode opcode = checkedOpcode(data, arena, limits);
    const msgpack::object frame = wire::readObject(data, arena, limits);
    const msgpack::object_array &elements = frame.via.array.ptr[1].via.array;
    std::vector<Value> payload(elements.size);
    for (std::uint32_t i = 0; i < elements.size; ++i)
        payload[i].msgpack_unpack(elements.ptr[i]);
    return {opcode, std::move(payload)};
}

std::vector<std::byte> Frame::pack() const
{
    PackBuffer buffer(UINT32_MAX);
    msgpack::packer<PackBuffer> packer(buffer);
    packer.pack_array(2);
    packer.pack(static_cast<int>(m_opcode));
    packer.pack_array(static_cast<std::uint32_t>(m_payload.size()));
    for (const Value &value : m_payload)
        packer.pack(value);
    return {buffer.bytes().begin(), buffer.bytes().end()};
}

std::string Frame::toString() const
{
    std::string text = std::string(opcodeName(static_cast<int>(m_opcode))) + " [";
    for (std::size_t i = 0; i < m_payload.size(); ++i) {
        if (i > 0)
            text += ", ";
        const bool isExtension = m_opcode == ProxyOpCode::ExecutionResult
            && m_payload[i].object().type == msgpack::type::EXT;
        text += isExtension ? extensionText(*this, m_payload[i]) : toJson(m_payload[i]);
    }
    return text + "]";
}

std::size_t writeFrame(std::span<std::byte> memory, const Frame &frame)
{
    const std::vector<std::byte> payload = frame.pack();
    if (payload.size() + framePrefixSize > memory.size())
        throw DataTooBigError("the frame", payload.size() + framePrefixSize, memory.size());
    wire::storeBigEndian(memory.data(), static_cast<std::uint32_t>(payload.size()));
    std::memcpy(memory.data() + framePrefixSize, payload.data(), payload.size());
    return payload.size();
}

Frame readFrame(std::span<const std::byte> memory, const Limits &limits)
{
    if (memory.size() < framePrefixSize)
        throw EmptyData("the memory of " + std::to_string(memory.size()) + " bytes is too small for a frame");
    const std::size_t size = wire::loadBigEndian<std::uint32_t>(memory.data());
    if (size == 0)
        throw EmptyData("the memory holds no frame: its length is 0");
    if (size > memory.size() - framePrefixSize)
        throw DataTooBigError("the frame", size + framePrefixSize, memory.size());
    const std::vector<std::byte> payload(memory.begin() + framePrefixSize,
                                         memory.begin() + static_cast<std::ptrdiff_t>(framePrefixSize + size));
    return Frame::parse(payload, limits);
}

Frame awaitFrame(std::span<const std::byte> memory, std::optional<std::chrono::milliseconds> timeout,
                 const Limits &limits)
{
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds longestWait = std::chrono::hours(24 * 365);
    const auto end = Clock::now() + std::min(timeout.value_or(longestWait), longestWait);
    for (memory::Looking looking;;) {
        const bool isOver = timeout && Clock::now() >= end;
        try {
            return readFrame(memory, limits);
        } catch (const EmptyData &) {
            if (isOver)
                throw CallTimeout("no frame was written within " + std::to_string(timeout->count()) + " ms");
        } catch (const DataDecodeError &) {
            if (isOver)
                throw;
        }
        looking.pause();
    }
}

} // namespace decoy
