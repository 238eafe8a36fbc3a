// SPDX-License-Identifier: BSD-3-Clause

// The members of Value that need a whole Proxy. Apart from value.cpp, so that plain data does not depend on the client.

#include "remote_object.h"

#include <decoy/proxy.h>
#include <decoy/value.h>

namespace decoy {

Value::Value(const Proxy &proxy) : m_remote(proxy.remote()), m_kind(Kind::Proxy) {}

Value::Value(const RemoteCallable &callable)
    : m_remote(callable.object().remote()), m_callableName(callable.name()), m_kind(Kind::Callable)
{}

Proxy Value::proxy() const
{
    if (!isProxy())
        throw DataDecodeError(std::string("expected a proxy, found ") + (isCallable() ? "a callable" : "data"));
    return Proxy(m_remote, m_remote ? m_remote->timeout() : defaultCallTimeout);
}

RemoteCallable Value::callable() const
{
    if (!isCallable())
        throw DataDecodeError(std::string("expected a callable, found ") + (isProxy() ? "a proxy" : "data"));
    return {Proxy(m_remote, m_remote->timeout()), m_callableName};
}

} // namespace decoy
