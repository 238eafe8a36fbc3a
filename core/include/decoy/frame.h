// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>
#include <decoy/value.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace decoy {

/// The first element of every frame. Source: the reference's ProxyOpCode.
enum class ProxyOpCode : std::int8_t {
    Get = 0,              ///< [object id, attribute]
    Set = 1,              ///< [object id, attribute, value]
    Execute = 2,          ///< [object id, method, positional arguments, keyword arguments]
    ExecutionResult = -1, ///< [object id, value, error text or nil]
    ResponsePending = -2, ///< []: the request was taken and is still being worked on
    Event = -3, ///< [object id, event, number, arguments]: for a subscriber, without a request. Native lane only
};

/// "GET", "SET", "EXECUTE", "EXECUTION_RESULT", "RESPONSE_PENDING", "EVENT"; "UNKNOWN" for any other number.
[[nodiscard]] std::string_view opcodeName(int opcode) noexcept;

/// Bytes of the big-endian payload length that stands before every payload. Source: the reference's _DATA_SIZE_PREFIX_LEN.
inline constexpr std::size_t framePrefixSize = 4;

/// How a string result of the Duck lane says that it is a proxy or a callable: what follows is the type or the method's name.
/// Source: the reference's _proxy_prefix and _callable_prefix.
inline constexpr std::string_view duckProxyPrefix = "<proxy>-";
inline constexpr std::string_view duckCallablePrefix = "<callable>-";

/// The msgpack extension types of the native lane. A string can never be mistaken for one of them.
/// Their bodies are described in docs/wire-format.md.
enum class ExtensionType : std::int8_t {
    Proxy = 1,    ///< a result that stays at the server: msgpack [level, type name]; the result's id is the object's
    Callable = 2, ///< a result that is a method: its name as msgpack str; the result's id is the object's
    Failure = 3,  ///< the value of a failed result: msgpack [kind, type, where]
    Lent = 4,     ///< an argument that stays at the client: msgpack [id, type name]
};

/// One frame as a value: for tools, tests and the monitor. The library's own path never builds one.
///
/// A plain value without threads or resources of its own; copying shares the immutable payload.
class Frame {
public:
    Frame() = default;
    Frame(ProxyOpCode opcode, std::vector<Value> payload) : m_opcode(opcode), m_payload(std::move(payload)) {}

    [[nodiscard]] ProxyOpCode opcode() const noexcept { return m_opcode; }
    [[nodiscard]] const std::vector<Value> &payload() const noexcept { return m_payload; }

    /// Reads the bytes that follow the prefix. Throws EmptyData for none, DataDecodeError for anything that is not exactly
    /// one frame with a known opcode and a payload of that opcode's shape. Source: the reference's Frame.parse.
    [[nodiscard]] static Frame parse(std::span<const std::byte> data, const Limits &limits = {});

    /// The bytes that parse() reads, without the prefix. Throws DataEncodeError if the payload holds a proxy.
    [[nodiscard]] std::vector<std::byte> pack() const;

    /// For a person: `EXECUTE [1, "add", [5], {}]`. Source: the reference's Frame.__str__.
    [[nodiscard]] std::string toString() const;

private:
    ProxyOpCode m_opcode = ProxyOpCode::ResponsePending;
    std::vector<Value> m_payload;
};

/// How long readFrame() waits unless told otherwise. Source: the reference's read_frame.
inline constexpr std::chrono::milliseconds defaultFrameTimeout{500};

/// Writes `frame` into `memory` as a mailbox: prefix first, then payload. Returns the payload's size in bytes, prefix not
/// included. Throws DataTooBigError if prefix + payload do not fit. Source: the reference's write_frame.
std::size_t writeFrame(std::span<std::byte> memory, const Frame &frame);

/// Reads the frame that stands in `memory`, which another process may be changing: the bytes are copied before they are
/// parsed. Throws EmptyData for a length of zero, DataTooBigError for one beyond the memory, DataDecodeError for the rest.
/// Returns at once. Source: the reference's read_frame.
[[nodiscard]] Frame readFrame(std::span<const std::byte> memory, const Limits &limits = {});

/// The same, but waits until a frame stands there: while the length is zero or the bytes are no frame, it looks again, without
/// burning the processor. No `timeout` waits for ever. Throws CallTimeout when nothing has been written by then, and otherwise as
/// above: DataTooBigError at once, DataDecodeError for what is still no frame when the time is over.
[[nodiscard]] Frame awaitFrame(std::span<const std::byte> memory, std::optional<std::chrono::milliseconds> timeout,
                               const Limits &limits = {});

} // namespace decoy
