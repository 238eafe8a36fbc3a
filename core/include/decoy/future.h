// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/async_state.h>
#include <decoy/proxy.h>

#include <chrono>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace decoy {

template <class T>
class Promise;

/// What comes later: the answer of a call (Proxy::callAsync), what then() makes of it, what a coroutine returns, or what a
/// Promise is going to keep.
///
/// Move-only, and it owns what it waits for: destroying it abandons the call. The request may still run, but nothing that
/// follows it does, and an object that the late answer hands out is released. detach() lets it go on by itself. One thread at a
/// time; another one than that which made it may be the next.
///
/// *Where code runs.* There is no helper thread. What follows a call (a then(), the rest of a coroutine) runs in a thread that
/// asked for it: inside Connection::process(), or inside a wait for a future that depends on it, which runs only what leads to
/// that future. Calls that are not asynchronous read answers for others, and run nothing. What follows a Promise runs in the thread
/// that keeps it.
///
/// *Errors.* get() and `co_await` throw what the call failed with: see Proxy. A server that dies fails all its calls at once
/// with PeerDied; an answer that does not come in time is CallTimeout; one that cancel() has prevented is CallCancelled.
template <class T = Value>
class [[nodiscard]] Future {
public:
    using Result = T;
    using promise_type = detail::CoroutinePromise<T>; ///< a function that returns a Future may be a coroutine

    Future() = default;
    Future(Future &&) noexcept = default;
    Future &operator=(Future &&other) noexcept
    {
        if (this != &other) {
            abandon();
            m_state = std::move(other.m_state);
        }
        return *this;
    }
    ~Future() { abandon(); }

    /// False for a future that stands for nothing: default-constructed, moved from, or one whose result was taken.
    [[nodiscard]] bool isValid() const noexcept { return m_state != nullptr; }
    [[nodiscard]] bool isReady() const noexcept { return m_state && m_state->isReady(); }

    /// Waits for the result or the error, and runs what leads to it. False if the time was over first. Throws nothing else.
    bool wait(std::chrono::milliseconds timeout = waitForever) const
    {
        return state().waitUntil(detail::timeAfter(timeout));
    }

    /// Waits, and takes the result out or throws the error. Throws CallTimeout if `timeout` is over first; then the future can still be
    /// waited for. A call has its own deadline besides (Proxy::withTimeout).
    T get(std::chrono::milliseconds timeout = waitForever)
    {
        if (!wait(timeout))
            detail::throwNotYet(timeout);
        return take();
    }

    /// Says what became of the call, and takes it back if its target was not asked yet: then it fails with CallCancelled.
    /// Asks the server, which takes a round trip. Throws PeerDied, CallTimeout, and ProxyError for a future that is no call.
    CancelOutcome cancel() { return state().cancel(); }

    /// Has `follow(result)` run when the result is there; the new future is what it returns. An error goes past it, to the new
    /// future. A `follow` that takes a Future<T> gets this one, ready, whether it failed or not. Runs only while the new future
    /// lives: keep it, or detach() it.
    template <class F>
    auto then(F follow) &&;

    /// Lets what was begun go on without anybody who waits for its end. It runs in process(), and keeps the connection until then.
    void detach() && noexcept { m_state.reset(); }

    /// `co_await account.callAsync("audit")`
    auto operator co_await() && noexcept { return detail::FutureAwaiter<T>(std::move(*this)); }

    /// Calls a method of the object that this call will give, without waiting for that: `bank.callAsync("child").call("name")` costs one
    /// round trip, however long the chain. An error of this call is the error of those that depend on it; so is a result that is no
    /// object. Abandoning this one does not harm them. Throws what Proxy::callAsync() throws.
    template <class R = Value, CallArgument... Args>
    Future<R> call(std::string_view method, const Args &...args) const
        requires detail::mayBeObject<T>;
    template <class R = Value>
    Future<R> getAsync(std::string_view attribute) const
        requires detail::mayBeObject<T>;

    /// For the library.
    explicit Future(std::shared_ptr<detail::AsyncState> state) noexcept : m_state(std::move(state)) {}
    [[nodiscard]] const std::shared_ptr<detail::AsyncState> &shared() const noexcept { return m_state; }
    /// For the library: the result of a future that is ready.
    T take()
    {
        const auto state = std::exchange(m_state, nullptr);
        if constexpr (detail::CallResult<T>) {
            if (state->isCall())
                return detail::answerAs<T>(state->takeAnswer());
        }
        return static_cast<detail::ResultState<T> &>(*state).take();
    }

private:
    [[nodiscard]] detail::AsyncState &state() const
    {
        if (!m_state)
            detail::throwNoFuture();
        return *m_state;
    }
    void abandon() noexcept
    {
        if (const auto state = std::exchange(m_state, nullptr))
            state->abandon();
    }

    std::shared_ptr<detail::AsyncState> m_state;
};

/// The other end of a Future: whoever has it says what the result is, once, from any thread. Move-only. Destroyed without that,
/// it fails its future with a ProxyError that says so.
template <class T>
class Promise {
public:
    Promise() : m_state(std::make_shared<detail::ResultState<T>>()) {}
    Promise(Promise &&) noexcept = default;
    Promise &operator=(Promise &&other) noexcept
    {
        breakIt();
        m_state = std::move(other.m_state);
        return *this;
    }
    ~Promise() { breakIt(); }

    /// The future that this promise keeps; to be taken once. Throws ProxyError the second time.
    [[nodiscard]] Future<T> future()
    {
        if (!m_state || std::exchange(m_isTaken, true))
            detail::throwNoFuture();
        return Future<T>(m_state);
    }
    /// Nobody waits for it any more, so that work for it can be saved: the future is gone, or the client whose call it answers.
    [[nodiscard]] bool isAbandoned() const { return !m_state || m_state->isAbandoned(); }

    /// Keeps the promise: what follows the future runs in here. Only the first of these counts.
    template <class... Result>
        requires(sizeof...(Result) == (std::is_void_v<T> ? 0 : 1))
    void set(Result &&...result)
    {
        if (const auto state = std::exchange(m_state, nullptr))
            state->setValue(std::forward<Result>(result)...);
    }
    void fail(std::exception_ptr error)
    {
        if (const auto state = std::exchange(m_state, nullptr))
            state->setError(std::move(error));
    }
    void fail(const Failure &failure) { fail(detail::exceptionOf(failure)); }

private:
    void breakIt() noexcept
    {
        if (m_state)
            fail(detail::brokenPromise());
    }
    std::shared_ptr<detail::ResultState<T>> m_state;
    bool m_isTaken = false;
};

// ---- implementation ----

template <class T>
template <class F>
auto Future<T>::then(F follow) &&
{
    using State = detail::ThenState<T, F>;
    (void)state();
    auto next = std::make_shared<State>(std::move(*this), std::move(follow));
    next->begin();
    return Future<typename State::Result>(std::move(next));
}

namespace detail {

// A request whose object is the result of another call.
[[nodiscard]] BorrowedBuffer beginRequestOn(AsyncState &call, ProxyOpCode opcode, std::string_view name);
/// Null if that result has arrived: then it can be asked as any proxy. `isReferable`: see AsyncSending.
[[nodiscard]] std::shared_ptr<AsyncState> startOn(AsyncState &call, BorrowedBuffer request, bool isReferable);
/// The result of a call that is ready; throws its error, or DataDecodeError if it is no proxy.
[[nodiscard]] Proxy arrivedProxy(AsyncState &call);

/// `ask(proxy)` where the result of `call` is there, or its error as the future's.
template <class R, class Ask>
[[nodiscard]] Future<R> askArrived(AsyncState &call, Ask ask)
{
    try {
        return ask(arrivedProxy(call));
    } catch (const ProxyError &) {
        auto failed = std::make_shared<ResultState<R>>();
        failed->setError(std::current_exception());
        return Future<R>(std::move(failed));
    }
}

} // namespace detail

template <class T>
template <class R, CallArgument... Args>
Future<R> Future<T>::call(std::string_view method, const Args &...args) const
    requires detail::mayBeObject<T>
{
    if (!state().isReady()) {
        detail::BorrowedBuffer request = detail::beginRequestOn(state(), ProxyOpCode::Execute, method);
        detail::packArguments(request, args...);
        if (auto call = detail::startOn(state(), std::move(request), detail::mayBeObject<R>))
            return Future<R>(std::move(call));
    }
    return detail::askArrived<R>(state(), [&](const Proxy &proxy) { return proxy.callAsync<R>(method, args...); });
}

template <class T>
template <class R>
Future<R> Future<T>::getAsync(std::string_view attribute) const
    requires detail::mayBeObject<T>
{
    if (!state().isReady()) {
        detail::BorrowedBuffer request = detail::beginRequestOn(state(), ProxyOpCode::Get, attribute);
        if (auto call = detail::startOn(state(), std::move(request), detail::mayBeObject<R>))
            return Future<R>(std::move(call));
    }
    return detail::askArrived<R>(state(), [&](const Proxy &proxy) { return proxy.getAsync<R>(attribute); });
}

template <class T, CallArgument... Args>
Future<T> Proxy::callAsync(std::string_view method, const Args &...args) const
{
    return Future<T>(start(packCall(method, args...), {detail::mayBeObject<T>}));
}

template <class T>
Future<T> Proxy::getAsync(std::string_view attribute) const
{
    return Future<T>(start(beginRequest(ProxyOpCode::Get, attribute), {detail::mayBeObject<T>}));
}

template <detail::Passable T>
Future<void> Proxy::setAsync(std::string_view attribute, const T &value) const
{
    detail::BorrowedBuffer request = beginRequest(ProxyOpCode::Set, attribute);
    detail::packArgument(request, value);
    return Future<void>(start(std::move(request), {detail::mayBeObject<void>}));
}

} // namespace decoy
