// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/error.h>

#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>
#include <utility>

namespace decoy {

namespace {

constexpr std::array<std::string_view, 19> kindNames = {
    "ProxyError",    "DataDecodeError",        "DataEncodeError",     "DataTooBigError",
    "EmptyData",     "LimitedProxyChaining",   "ProxyObjectNotFound", "PeerDied",
    "CallTimeout",   "AccessDenied",           "RemoteError",         "AttributeNotFound",
    "ArgumentError", "ServerNotFound",         "NameTaken",           "AlreadyRunning",
    "LimitExceeded", "ConcurrentModification", "CallCancelled",
};
static_assert(kindNames.size() == static_cast<std::size_t>(lastErrorKind) + 1);

/// `name` behind its last `::` that stands outside of template arguments and parameters: "bank::Error<std::string>" ->
/// "Error<std::string>".
std::string_view withoutScope(std::string_view name)
{
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '<' || name[i] == '(')
            ++depth;
        else if (name[i] == '>' || name[i] == ')')
            --depth;
        else if (depth == 0 && name[i] == ':')
            begin = i + 1;
    }
    return name.substr(begin);
}

std::string typeName(const std::type_info &type)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> demangled(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
    return std::string(withoutScope(status == 0 && demangled ? demangled.get() : type.name()));
}

std::string chainingMessage(int maxLevel, std::string_view targetObject)
{
    return (targetObject.empty() ? "the object" : std::string(targetObject)) + " would be at chain level "
        + std::to_string(maxLevel + 1) + ", the maximum is " + std::to_string(maxLevel)
        + "; keep a reference nearer to the root, or raise the server's maximum chain level";
}

} // namespace

std::string_view errorKindName(ErrorKind kind) noexcept
{
    const auto index = static_cast<std::size_t>(kind);
    return index < kindNames.size() ? kindNames[index] : kindNames[0];
}

DataTooBigError::DataTooBigError(std::string_view what, std::size_t size, std::size_t bufsize)
    : ProxyError(ErrorKind::DataTooBigError,
                 std::string(what) + " is " + std::to_string(size) + " bytes, prefix included, but bufsize is "
                     + std::to_string(bufsize) + "; make the data smaller, or raise the server's bufsize")
{}

LimitedProxyChaining::LimitedProxyChaining(int maxLevel, std::string_view targetObject)
    : ProxyError(ErrorKind::LimitedProxyChaining, chainingMessage(maxLevel, targetObject))
{}

RemoteError::RemoteError(std::string type, std::string message, std::string where)
    : ProxyError(ErrorKind::RemoteError, Failure{ErrorKind::RemoteError, type, message, where}.text()),
      m_type(std::move(type)), m_message(std::move(message)), m_where(std::move(where))
{}

std::string Failure::text() const
{
    const std::string_view name = kind == ErrorKind::RemoteError ? std::string_view(type) : errorKindName(kind);
    return name.empty() ? message : std::string(name) + ": " + message;
}

void Failure::raise() const
{
    switch (kind) {
    case ErrorKind::ProxyError: break;
    case ErrorKind::DataDecodeError: throw DataDecodeError(message);
    case ErrorKind::DataEncodeError: throw DataEncodeError(message);
    case ErrorKind::DataTooBigError: throw DataTooBigError(message);
    case ErrorKind::EmptyData: throw EmptyData(message);
    case ErrorKind::LimitedProxyChaining: throw LimitedProxyChaining(message);
    case ErrorKind::ProxyObjectNotFound: throw ProxyObjectNotFound(message);
    case ErrorKind::PeerDied: throw PeerDied(message);
    case ErrorKind::CallTimeout: throw CallTimeout(message);
    case ErrorKind::AccessDenied: throw AccessDenied(message);
    case ErrorKind::RemoteError: throw RemoteError(type, message, where);
    case ErrorKind::AttributeNotFound: throw AttributeNotFound(message);
    case ErrorKind::ArgumentError: throw ArgumentError(message);
    case ErrorKind::ServerNotFound: throw ServerNotFound(message);
    case ErrorKind::NameTaken: throw NameTaken(message);
    case ErrorKind::AlreadyRunning: throw AlreadyRunning(message);
    case ErrorKind::LimitExceeded: throw LimitExceeded(message);
    case ErrorKind::ConcurrentModification: throw ConcurrentModification(message);
    case ErrorKind::CallCancelled: throw CallCancelled(message);
    }
    throw ProxyError(message);
}

Failure Failure::fromCurrentException(std::string_view where)
{
    try {
        throw;
    } catch (const RemoteError &error) {
        return {ErrorKind::RemoteError, error.type(), error.message(), error.where()};
    } catch (const ProxyError &error) {
        return {error.kind(), {}, error.what(), {}};
    } catch (const std::exception &error) {
        return {ErrorKind::RemoteError, typeName(typeid(error)), error.what(), std::string(where)};
    } catch (...) {
        const std::type_info *type = abi::__cxa_current_exception_type();
        const std::string name = type ? typeName(*type) : "unknown";
        return {ErrorKind::RemoteError, name, "an exception that is not a std::exception was thrown",
                std::string(where)};
    }
}

} // namespace decoy
