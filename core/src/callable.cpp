// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/callable.h>

#include "object/demangle.h"
#include "remote_object.h"

#include <algorithm>
#include <dlfcn.h>

namespace decoy {

namespace detail {

std::string callableTypeName(const std::type_info &type) { return object::demangled(type.name()); }

std::string functionName(const void *function, const std::type_info &type)
{
    Dl_info symbol = {};
    if (function && dladdr(function, &symbol) != 0 && symbol.dli_sname && symbol.dli_saddr == function)
        return object::demangled(symbol.dli_sname);
    return object::demangled(type.name());
}

} // namespace detail

namespace {

/// Ids mean something only at one server, whatever number of connections lead there.
bool haveOneServer(const Proxy &a, const Proxy &b)
{
    const detail::ServerFacts &one = a.remote()->lane().server();
    const detail::ServerFacts &other = b.remote()->lane().server();
    return &one == &other || (one.name == other.name && one.process == other.process);
}

} // namespace

std::string callableName(const RemoteCallable &callable) { return callable.name(); }

std::string callableName(const Value &value) { return value.callable().name(); }

bool isMethodOf(const RemoteCallable &callable, const Proxy &proxy)
{
    const Proxy &owner = callable.object();
    if (!owner || !proxy || !haveOneServer(owner, proxy))
        return false;
    if (owner.id() == proxy.id())
        return true;
    if (owner.typeName() != proxy.typeName())
        return false;
    const Description description = proxy.describe();
    return std::ranges::any_of(description.methods,
                               [&callable](const MethodDescription &method) { return method.name == callable.name(); });
}

} // namespace decoy
