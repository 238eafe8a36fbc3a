// SPDX-License-Identifier: BSD-3-Clause
#include "served_pond.h"

#include <stdexcept>

namespace decoy::test {

/// Nobody else may be at work meanwhile.
class Pond::Working {
public:
    explicit Working(Pond &pond) : m_pond(pond)
    {
        if (m_pond.m_working.fetch_add(1) != 0)
            ++m_pond.m_overlaps;
    }
    ~Working() { --m_pond.m_working; }
    Working(const Working &) = delete;
    Working &operator=(const Working &) = delete;

private:
    Pond &m_pond;
};

std::int64_t Pond::apply(const Counter &f, std::int64_t number) { return f ? f(number) : -1; }

std::int64_t Pond::applyBoth(const Counter &f, const Counter &g, std::int64_t number) { return g(f(number)); }

Value Pond::ask(const Proxy &thing, const std::string &method) { return thing.call(method); }

std::string Pond::kindOf(const Value &thing) const
{
    return thing.isProxy() ? "proxy of " + thing.proxy().typeName() : thing.toString();
}

void Pond::refuse(const Counter & /*f*/) { throw std::runtime_error("not today"); }

Value Pond::askWithin(const Proxy &thing, int milliseconds)
{
    try {
        const Value answer = thing.withTimeout(std::chrono::milliseconds(milliseconds)).call("__call__");
        const Working working(*this);
        return answer;
    } catch (const ProxyError &) {
        const Working working(*this);
        throw;
    }
}

std::int64_t Pond::applyLater(const Proxy &thing, std::int64_t number)
{
    Future<std::int64_t> one = thing.callAsync<std::int64_t>("__call__", number);
    Future<std::int64_t> other = thing.callAsync<std::int64_t>("__call__", number + 1);
    return one.get() + other.get();
}

Future<std::int64_t> Pond::applyThen(const Proxy &thing, std::int64_t number)
{
    return thing.callAsync<std::int64_t>("__call__", number).then([](std::int64_t answer) { return answer + 1; });
}

Future<std::int64_t> Pond::applyAwait(Proxy thing, std::int64_t number)
{
    const std::int64_t one = co_await thing.callAsync<std::int64_t>("__call__", number);
    co_return one + co_await thing.callAsync<std::int64_t>("__call__", number + 1);
}

void Pond::noteAnswer(const Proxy &thing) { noteLater(thing.callAsync<int>("__call__")); }

void Pond::noteLater(Future<int> answer)
{
    std::move(answer)
        .then([this](Future<int> given) {
            try {
                note(given.get());
            } catch (const PeerDied &) {
                note(-1);
            }
        })
        .detach();
}

void Pond::tell(const Proxy &thing) { thing.callAsync("__call__").detach(); }

void Pond::start(const Proxy &thing)
{
    const std::lock_guard lock(m_mutex);
    m_started = thing.callAsync<int>("__call__");
}

void Pond::noteStarted()
{
    Future<int> started;
    {
        const std::lock_guard lock(m_mutex);
        started = std::move(m_started);
    }
    noteLater(std::move(started));
}

void Pond::keep(const Proxy &thing)
{
    const std::lock_guard lock(m_mutex);
    m_kept.push_back(thing);
}

Value Pond::askKept(const std::string &method) const
{
    Proxy thing;
    {
        const std::lock_guard lock(m_mutex);
        thing = m_kept.back();
    }
    return thing.call(method);
}

std::size_t Pond::kept() const
{
    const std::lock_guard lock(m_mutex);
    return m_kept.size();
}

void Pond::forget()
{
    const std::lock_guard lock(m_mutex);
    m_kept.clear();
    favourite = {};
}

void Pond::note(int number)
{
    const Working working(*this);
    const std::lock_guard lock(m_mutex);
    m_notes.push_back(number);
}

void Pond::hold(const std::string &gate)
{
    const Working working(*this);
    m_gates.pass(gate);
}

std::vector<int> Pond::notes() const
{
    const std::lock_guard lock(m_mutex);
    return m_notes;
}

namespace {

template <class T>
Class<T> pondClass(std::string name)
{
    return Class<T>(std::move(name))
        .property(
            "favourite", [](T &pond) { return pond.favourite.typeName(); },
            [](T &pond, const Proxy &favourite) { pond.favourite = favourite; })
        .method("apply", &T::apply, arg("f"), arg("number") = 1)
        .method("applyBoth", &T::applyBoth, arg("f"), arg("g"), arg("number"))
        .method("ask", &T::ask, arg("thing"), arg("method"))
        .method("invoke", &T::invoke, arg("thing"))
        .method("kindOf", &T::kindOf, arg("thing"))
        .method("refuse", &T::refuse, arg("f"))
        .method("askWithin", &T::askWithin, arg("thing"), arg("milliseconds"))
        .method("applyLater", &T::applyLater, arg("thing"), arg("number"))
        .method("applyThen", &T::applyThen, arg("thing"), arg("number"))
        .method("applyAwait", &T::applyAwait, arg("thing"), arg("number"))
        .method("noteAnswer", &T::noteAnswer, arg("thing"))
        .method("tell", &T::tell, arg("thing"))
        .method("start", &T::start, arg("thing"))
        .method("noteStarted", &T::noteStarted)
        .method("keep", &T::keep, arg("thing"))
        .method("askKept", &T::askKept, arg("method") = "__call__")
        .method("kept", &T::kept)
        .method("forget", &T::forget)
        .method("note", &T::note, arg("number"))
        .method("hold", &T::hold, arg("gate"))
        .method("notes", &T::notes)
        .method("overlaps", &T::overlaps);
}

} // namespace

ServedPond::ServedPond(ProxyServer &server, Gates &gates) : pond(gates), lake(gates)
{
    server.bind(pondClass<Pond>("Pond"));
    server.bind(pondClass<Lake>("Lake").threading(Threading::Concurrent));
    server.publish("pond", pond);
    server.publish("lake", lake);
}

} // namespace decoy::test
