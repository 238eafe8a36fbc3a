// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace decoy {

/// What went wrong, as a value that crosses the wire. The numbers are part of the protocol: never renumber, only append.
enum class ErrorKind : std::uint8_t {
    ProxyError = 0,              ///< anything without a kind of its own
    DataDecodeError = 1,         ///< the bytes are not a frame, or not one that fits here
    DataEncodeError = 2,         ///< a value cannot be written as msgpack
    DataTooBigError = 3,         ///< prefix + payload would not fit into `bufsize`
    EmptyData = 4,               ///< nothing there to read
    LimitedProxyChaining = 5,    ///< one more proxy would pass the maximum chain level
    ProxyObjectNotFound = 6,     ///< no such object for this client: never handed out, released, or withdrawn
    PeerDied = 7,                ///< the other process is gone; whether the call ran is not known
    CallTimeout = 8,             ///< no answer before the deadline; the target may still be working
    AccessDenied = 9,            ///< the server does not serve this user
    RemoteError = 10,            ///< the target itself failed: its own exception
    AttributeNotFound = 11,      ///< the object has no such attribute or method, or it may not be written
    ArgumentError = 12,          ///< too many, too few, unknown or unfitting arguments
    ServerNotFound = 13,         ///< no live server has this name
    NameTaken = 14,              ///< a live server already has this name, or an object of the server has it
    AlreadyRunning = 15,         ///< run() on a server that runs
    LimitExceeded = 16,          ///< a quota of `Limits` is used up
    ConcurrentModification = 17, ///< a container was changed while it was iterated over
    CallCancelled = 18,          ///< the call was taken back before its target was asked
};
/// The kind with the highest number; a newer peer may know more.
inline constexpr ErrorKind lastErrorKind = ErrorKind::CallCancelled;

/// The kind's name, as written in messages and by the `decoy` command: "DataTooBigError". "ProxyError" for unknown numbers.
[[nodiscard]] std::string_view errorKindName(ErrorKind kind) noexcept;

/// Base of every error that the library throws. Catch it, or one of the classes below; kind() tells them apart.
/// Source: the reference's ProxyError.
class ProxyError : public std::runtime_error {
public:
    explicit ProxyError(const std::string &message) : ProxyError(ErrorKind::ProxyError, message) {}
    ProxyError(ErrorKind kind, const std::string &message) : std::runtime_error(message), m_kind(kind) {}
    [[nodiscard]] ErrorKind kind() const noexcept { return m_kind; }

private:
    ErrorKind m_kind;
};

namespace detail {
template <ErrorKind Kind>
class KindOfError : public ProxyError {
public:
    explicit KindOfError(const std::string &message) : ProxyError(Kind, message) {}
};
} // namespace detail

// Mend the data. (Source: the reference's errors of the same names.)
using DataDecodeError = detail::KindOfError<ErrorKind::DataDecodeError>;
using DataEncodeError = detail::KindOfError<ErrorKind::DataEncodeError>;
using EmptyData = detail::KindOfError<ErrorKind::EmptyData>;

/// Make the data smaller, or the server's `bufsize` larger. Names both sizes.
class DataTooBigError : public ProxyError {
public:
    explicit DataTooBigError(const std::string &message) : ProxyError(ErrorKind::DataTooBigError, message) {}
    /// `size` and `bufsize` in bytes, prefix included; `what` says which frame: "the request", "the result".
    DataTooBigError(std::string_view what, std::size_t size, std::size_t bufsize);
};

/// Keep a reference to an object nearer to the root, or raise the server's maximum chain level.
class LimitedProxyChaining : public ProxyError {
public:
    explicit LimitedProxyChaining(const std::string &message) : ProxyError(ErrorKind::LimitedProxyChaining, message) {}
    /// `targetObject` names the object that could not be handed out; may be empty. Source: the reference's constructor.
    explicit LimitedProxyChaining(int maxLevel, std::string_view targetObject = {});
};

// Look again at what is asked for.
using ProxyObjectNotFound = detail::KindOfError<ErrorKind::ProxyObjectNotFound>;
using AttributeNotFound = detail::KindOfError<ErrorKind::AttributeNotFound>;
using ArgumentError = detail::KindOfError<ErrorKind::ArgumentError>;
using ServerNotFound = detail::KindOfError<ErrorKind::ServerNotFound>;
using NameTaken = detail::KindOfError<ErrorKind::NameTaken>;
using AlreadyRunning = detail::KindOfError<ErrorKind::AlreadyRunning>;
using AccessDenied = detail::KindOfError<ErrorKind::AccessDenied>;
using LimitExceeded = detail::KindOfError<ErrorKind::LimitExceeded>;
using CallCancelled = detail::KindOfError<ErrorKind::CallCancelled>;

// Begin the iteration again.
using ConcurrentModification = detail::KindOfError<ErrorKind::ConcurrentModification>;

// Connect again, or wait longer. In both cases the target may or may not have run.
using PeerDied = detail::KindOfError<ErrorKind::PeerDied>;
using CallTimeout = detail::KindOfError<ErrorKind::CallTimeout>;

/// The target's own failure: an exception that left a bound method.
class RemoteError : public ProxyError {
public:
    /// `type` is the exception's name at the server ("InsufficientFunds"), `message` its text, `where` the object and
    /// member that was used ("Account.withdraw").
    RemoteError(std::string type, std::string message, std::string where);
    [[nodiscard]] const std::string &type() const noexcept { return m_type; }
    [[nodiscard]] const std::string &message() const noexcept { return m_message; }
    [[nodiscard]] const std::string &where() const noexcept { return m_where; }

private:
    std::string m_type;
    std::string m_message;
    std::string m_where;
};

/// An error as data: what a result frame carries, and what a Reply takes.
struct Failure {
    ErrorKind kind = ErrorKind::ProxyError;
    std::string type;    ///< RemoteError only: the exception's name
    std::string message; ///< for a person: what was wrong and what to do
    std::string where;   ///< RemoteError only: "Account.withdraw"

    /// "InsufficientFunds: balance 40 is less than 50", "ArgumentError: deposit() needs 'amount'".
    [[nodiscard]] std::string text() const;
    /// Throws the exception class that belongs to `kind`.
    [[noreturn]] void raise() const;
    /// The failure that describes the exception being handled now; call it only inside a catch block.
    /// Errors of the library keep their kind; every other exception becomes a RemoteError with its demangled name.
    [[nodiscard]] static Failure fromCurrentException(std::string_view where);
};

} // namespace decoy
