// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_peek.h"

#include <decoy/error.h>
#include <decoy/frame.h>

#include <algorithm>

namespace decoy::ui {

namespace {

/// Reads msgpack as far as it is well formed. After the first thing that is not what was asked for, everything fails.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) noexcept : m_bytes(bytes) {}

    [[nodiscard]] bool failed() const noexcept { return m_failed; }

    /// The number of members; 0 after a failure.
    std::uint64_t array() noexcept
    {
        const std::uint8_t first = byte();
        if ((first & 0xf0U) == 0x90U)
            return first & 0x0fU;
        if (first == 0xdcU || first == 0xddU)
            return bigEndian(first == 0xdcU ? 2 : 4);
        return fail();
    }

    std::int64_t integer() noexcept
    {
        const std::uint8_t first = byte();
        if (first < 0x80U || first >= 0xe0U)
            return static_cast<std::int8_t>(first);
        if (first >= 0xccU && first <= 0xcfU)
            return static_cast<std::int64_t>(bigEndian(1U << (first - 0xccU)));
        switch (first) {
        case 0xd0: return static_cast<std::int8_t>(bigEndian(1));
        case 0xd1: return static_cast<std::int16_t>(bigEndian(2));
        case 0xd2: return static_cast<std::int32_t>(bigEndian(4));
        case 0xd3: return static_cast<std::int64_t>(bigEndian(8));
        default: return static_cast<std::int64_t>(fail());
        }
    }

    /// A string; one that was cut off only where `mayBeCut`.
    std::string_view string(bool mayBeCut = false) noexcept
    {
        const std::uint8_t first = byte();
        std::uint64_t size = 0;
        if ((first & 0xe0U) == 0xa0U)
            size = first & 0x1fU;
        else if (first >= 0xd9U && first <= 0xdbU)
            size = bigEndian(1U << (first - 0xd9U));
        else
            fail();
        if (mayBeCut)
            size = std::min<std::uint64_t>(size, m_bytes.size());
        const std::span<const std::byte> text = take(size);
        return {reinterpret_cast<const char *>(text.data()), text.size()};
    }

    /// The body of an extension of this type.
    std::span<const std::byte> extension(ExtensionType type) noexcept
    {
        const std::uint8_t first = byte();
        std::uint64_t size = 0;
        if (first >= 0xd4U && first <= 0xd8U)
            size = 1U << (first - 0xd4U);
        else if (first >= 0xc7U && first <= 0xc9U)
            size = bigEndian(1U << (first - 0xc7U));
        else
            fail();
        if (static_cast<std::int8_t>(byte()) != static_cast<std::int8_t>(type))
            fail();
        return take(size);
    }

    bool nil() noexcept
    {
        if (m_bytes.empty() || m_bytes.front() != std::byte{0xc0})
            return false;
        m_bytes = m_bytes.subspan(1);
        return true;
    }

private:
    std::uint64_t fail() noexcept
    {
        m_failed = true;
        m_bytes = {};
        return 0;
    }

    std::span<const std::byte> take(std::uint64_t size) noexcept
    {
        if (m_failed || size > m_bytes.size()) {
            fail();
            return {};
        }
        const std::span<const std::byte> taken = m_bytes.first(size);
        m_bytes = m_bytes.subspan(size);
        return taken;
    }

    std::uint8_t byte() noexcept
    {
        const std::span<const std::byte> one = take(1);
        return one.empty() ? 0xc1U : std::to_integer<std::uint8_t>(one.front()); // 0xc1 begins nothing
    }

    std::uint64_t bigEndian(std::size_t size) noexcept
    {
        std::uint64_t number = 0;
        for (const std::byte part : take(size))
            number = number << 8U | std::to_integer<std::uint64_t>(part);
        return number;
    }

    std::span<const std::byte> m_bytes;
    bool m_failed = false;
};

Cursor afterPrefix(std::span<const std::byte> bytes) noexcept
{
    return Cursor(bytes.subspan(std::min(bytes.size(), framePrefixSize)));
}

enum class Kind : std::uint8_t { Request, Result, Event };

bool isOf(Kind kind, std::int64_t opcode) noexcept
{
    switch (kind) {
    case Kind::Request: return opcode >= 0;
    case Kind::Result: return opcode == static_cast<int>(ProxyOpCode::ExecutionResult);
    case Kind::Event: return opcode == static_cast<int>(ProxyOpCode::Event);
    }
    return false;
}

/// Goes to the payload's members. False for frames of another kind.
bool enter(Cursor &cursor, Kind kind) noexcept
{
    return cursor.array() >= 2 && isOf(kind, cursor.integer()) && cursor.array() >= 2 && !cursor.failed();
}

std::string_view nameIn(std::span<const std::byte> bytes, Kind kind) noexcept
{
    Cursor cursor = afterPrefix(bytes);
    if (!enter(cursor, kind))
        return {};
    cursor.integer();
    return cursor.string();
}

} // namespace

std::string_view peekMember(std::span<const std::byte> bytes) noexcept { return nameIn(bytes, Kind::Request); }

std::string_view peekEvent(std::span<const std::byte> bytes) noexcept { return nameIn(bytes, Kind::Event); }

std::optional<PeekedSubscriptionCall> peekSubscriptionCall(std::span<const std::byte> bytes) noexcept
{
    Cursor cursor = afterPrefix(bytes);
    if (!enter(cursor, Kind::Request))
        return {};
    cursor.integer();
    const std::string_view method = cursor.string();
    const bool begins = method == "__subscribe__";
    if (!begins && method != "__unsubscribe__")
        return {};
    if (cursor.array() != (begins ? 2U : 1U))
        return {};
    if (begins)
        cursor.string();
    const auto number = static_cast<std::uint64_t>(cursor.integer());
    return cursor.failed() ? std::nullopt : std::optional(PeekedSubscriptionCall{begins, number});
}

std::optional<PeekedProxy> peekProxy(std::span<const std::byte> bytes) noexcept
{
    Cursor cursor = afterPrefix(bytes);
    if (!enter(cursor, Kind::Result))
        return {};
    PeekedProxy proxy;
    proxy.object = static_cast<std::uint64_t>(cursor.integer());
    Cursor body(cursor.extension(ExtensionType::Proxy));
    if (cursor.failed() || body.array() < 2)
        return {};
    proxy.level = static_cast<int>(body.integer());
    proxy.type = body.string();
    if (body.failed())
        return {};
    return proxy;
}

PeekedError peekError(std::span<const std::byte> bytes) noexcept
{
    Cursor cursor = afterPrefix(bytes);
    if (!enter(cursor, Kind::Result))
        return {};
    PeekedError error;
    cursor.integer();
    if (!cursor.nil()) {
        Cursor body(cursor.extension(ExtensionType::Failure));
        if (cursor.failed() || body.array() < 2)
            return {};
        const auto kind = static_cast<ErrorKind>(body.integer());
        error.type = kind == ErrorKind::RemoteError ? body.string() : errorKindName(kind);
    }
    error.message = cursor.string(true);
    return error;
}

} // namespace decoy::ui
