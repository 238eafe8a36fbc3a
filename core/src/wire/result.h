// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object_reader.h"

#include <decoy/error.h>
#include <decoy/frame.h>
#include <decoy/pack_buffer.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace decoy::wire {

/// How a result says that it is not plain data.
enum class Dialect : std::uint8_t {
    Native, ///< msgpack extension types, see ExtensionType: cannot be forged by data
    Duck,   ///< the reference's strings `<proxy>-TYPE` and `<callable>-NAME`, for unmodified peers
};

// ---- writing: each function below writes a whole frame into `out`, prefix included, replacing what is there ----

/// Starts a frame: empties `out` and leaves room for the prefix. Requests begin with it too.
void beginFrame(PackBuffer &out);
/// Fills the prefix in. Throws DataTooBigError that names `what` ("the result"), its size and `bufsize`.
void endFrame(PackBuffer &out, std::string_view what, std::size_t bufsize);

/// Starts the result of a request on `object`; the value is packed after it, then endValue().
void beginValue(PackBuffer &out, std::uint64_t object);
/// Ends a plain value. Throws DataEncodeError if it would be taken for something else in this dialect, or not be understood.
void endValue(PackBuffer &out, Dialect dialect = Dialect::Native);

/// The result is the object `object`, which stays at the server.
void packProxy(PackBuffer &out, Dialect dialect, std::uint64_t object, int level, std::string_view typeName);
/// The result is the method `name` of `object`.
void packCallable(PackBuffer &out, Dialect dialect, std::uint64_t object, std::string_view name);
/// The request on `object` failed. Long texts are cut so that the frame fits into out.limit(): an error always arrives.
void packFailure(PackBuffer &out, Dialect dialect, std::uint64_t object, const Failure &failure);
/// RESPONSE_PENDING, finished: no endFrame() needed.
void packPending(PackBuffer &out);

// ---- reading ----

/// Whether a frame, prefix included, says that its call is being worked on. Checks no more than that.
[[nodiscard]] bool isPending(std::span<const std::byte> frame) noexcept;

/// A checked answer. Refers to the payload's bytes and to the arena; valid while both are (`failure` has its own memory).
struct ResultView {
    enum class Kind : std::uint8_t { Data, Proxy, Callable, Failure };

    ProxyOpCode opcode = ProxyOpCode::ExecutionResult; ///< or ResponsePending: then nothing below is set
    Kind kind = Kind::Data;
    std::uint64_t object = 0;      ///< of a proxy or a callable: the object that was handed out
    msgpack::object value;         ///< Data
    int level = 0;                 ///< Proxy; the Duck dialect does not say it: 0
    std::string_view typeName;     ///< Proxy: valid UTF-8
    std::string_view callableName; ///< Callable: valid UTF-8
    Failure failure;               ///< Failure
};

/// Reads exactly one EXECUTION_RESULT or RESPONSE_PENDING. `payload` is what follows the 4-byte prefix.
/// Throws EmptyData for no bytes and DataDecodeError, which names the offset, for anything else. Does not clear the arena.
[[nodiscard]] ResultView parseResult(std::span<const std::byte> payload, ObjectArena &arena, const Limits &limits,
                                     Dialect dialect = Dialect::Native);

} // namespace decoy::wire
