// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "served_objects.h"

#include <decoy/future.h>
#include <decoy/proxy_server.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

/// An object that calls its clients: for the tests of what they lend.
namespace decoy::test {

class Pond {
public:
    using Counter = std::function<std::int64_t(std::int64_t)>;

    explicit Pond(Gates &gates) : m_gates(gates) {}

    /// Calls back within the call.
    [[nodiscard]] std::int64_t apply(const Counter &f, std::int64_t number);
    [[nodiscard]] std::int64_t applyBoth(const Counter &f, const Counter &g, std::int64_t number);
    /// Calls without the std::function.
    [[nodiscard]] Value ask(const Proxy &thing, const std::string &method);
    [[nodiscard]] Value invoke(const RemoteCallable &thing) { return thing(); }
    /// What kind of thing it got.
    [[nodiscard]] std::string kindOf(const Value &thing) const;
    /// Takes one, and fails.
    void refuse(const Counter &f);
    /// Calls back, waits no longer than so many milliseconds, and is at work again when that is over, however it ended.
    [[nodiscard]] Value askWithin(const Proxy &thing, int milliseconds);
    /// Calls back without waiting first.
    [[nodiscard]] std::int64_t applyLater(const Proxy &thing, std::int64_t number);
    /// Answers when the callback has, and no thread waits for it: by then(), and as a coroutine.
    [[nodiscard]] Future<std::int64_t> applyThen(const Proxy &thing, std::int64_t number);
    [[nodiscard]] Future<std::int64_t> applyAwait(Proxy thing, std::int64_t number);
    /// Calls, comes back at once, and notes the answer when it is there; -1 if none comes.
    void noteAnswer(const Proxy &thing);
    /// Calls, comes back at once, and does not want to know.
    void tell(const Proxy &thing);
    /// Calls and comes back at once; the answer is noted only from noteStarted() on.
    void start(const Proxy &thing);
    void noteStarted();

    /// Keeps what it gets after the call.
    void keep(const Proxy &thing);
    [[nodiscard]] Value askKept(const std::string &method) const;
    [[nodiscard]] std::size_t kept() const;
    void forget();

    void note(int number);
    /// At work until somebody opens the gate.
    void hold(const std::string &gate);
    [[nodiscard]] std::vector<int> notes() const;
    /// Calls that were in here at the same time as another one, those apart that wait for their callback.
    [[nodiscard]] int overlaps() const { return m_overlaps; }

    Proxy favourite;

private:
    class Working;
    void noteLater(Future<int> answer);
    Gates &m_gates;
    std::atomic<int> m_working{0};
    std::atomic<int> m_overlaps{0};
    mutable std::mutex m_mutex;
    std::vector<Proxy> m_kept;
    Future<int> m_started;
    std::vector<int> m_notes;
};
/// The same, where calls may overlap.
class Lake : public Pond {
public:
    using Pond::Pond;
};

/// Published as pond and lake.
class ServedPond {
public:
    ServedPond(ProxyServer &server, Gates &gates);

    Pond pond;
    Lake lake;
};

} // namespace decoy::test
