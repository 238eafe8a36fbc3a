// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/future.h>
#include <decoy/proxy.h>

#include <memory>
#include <string_view>
#include <vector>

namespace decoy {

/// Many calls that their servers see at once: one publication and one wake-up for all, instead of one each.
/// ```
/// decoy::Batch batch;
/// for (const auto &[account, amount] : payments)
///     results.push_back(batch.call<double>(account, "deposit", amount));
/// batch.send(); // or the end of its scope
/// ```
/// The calls are those of Proxy::callAsync(), in the order in which they were made; none waits for another one. They go earlier where
/// the channel is full, or when this connection is used for another call or waited for. Not thread-safe.
class Batch {
public:
    Batch() = default;
    ~Batch() { send(); }
    Batch(const Batch &) = delete;
    Batch &operator=(const Batch &) = delete;

    template <class T = Value, CallArgument... Args>
    Future<T> call(const Proxy &proxy, std::string_view method, const Args &...args)
    {
        return start<T>(proxy, proxy.packCall(method, args...));
    }
    template <class T = Value>
    Future<T> get(const Proxy &proxy, std::string_view attribute)
    {
        return start<T>(proxy, proxy.beginRequest(ProxyOpCode::Get, attribute));
    }
    template <detail::Passable T>
    Future<void> set(const Proxy &proxy, std::string_view attribute, const T &value)
    {
        detail::BorrowedBuffer request = proxy.beginRequest(ProxyOpCode::Set, attribute);
        detail::packArgument(request, value);
        return start<void>(proxy, std::move(request));
    }

    /// Sends what was not sent yet. The batch can be used again.
    void send() noexcept;

private:
    template <class T>
    Future<T> start(const Proxy &proxy, detail::BorrowedBuffer request)
    {
        addServerOf(proxy);
        return Future<T>(proxy.start(std::move(request), {detail::mayBeObject<T>, false}));
    }
    void addServerOf(const Proxy &proxy);

    std::vector<std::shared_ptr<detail::ClientLane>> m_servers;
};

} // namespace decoy
