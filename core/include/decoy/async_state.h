// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// What stands behind a Future, a Promise and a coroutine. Nothing here is meant to be used directly.

#include <decoy/error.h>

#include <atomic>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace decoy {

class Value;
template <class T>
class Future;

/// What Future::cancel() found.
enum class CancelOutcome : std::uint8_t {
    NeverRan, ///< it came in time: the target was not asked and will not be; the call fails with CallCancelled
    Running,  ///< too late: the target was asked; the answer will come as if nothing had happened
    Answered, ///< too late: the answer, or the error, is here
};

namespace detail {

using TimePoint = std::chrono::steady_clock::time_point;

/// TimePoint::max() for a wait that never ends.
[[nodiscard]] TimePoint timeAfter(std::chrono::milliseconds timeout);
[[noreturn]] void throwNotYet(std::chrono::milliseconds timeout);
[[noreturn]] void throwNoFuture();
[[nodiscard]] std::exception_ptr exceptionOf(const Failure &failure);
[[nodiscard]] std::exception_ptr brokenPromise();

/// The user's code that something from a server has made due: what follows a call, or listens to an event.
class DueWork {
public:
    virtual ~DueWork() = default;
    virtual void run() noexcept = 0;
    /// False if nobody will see what it does.
    [[nodiscard]] virtual bool isWanted() const noexcept { return true; }
};

/// Work that several threads may come to, and that the first one does.
class Step : public DueWork {
public:
    [[nodiscard]] bool claim() noexcept { return !m_isClaimed.exchange(true, std::memory_order_acq_rel); }
    void run() noexcept final
    {
        if (claim())
            proceed();
    }

protected:
    virtual void proceed() noexcept = 0;

private:
    std::atomic<bool> m_isClaimed{false};
};

/// What a future waits for.
class AsyncState {
public:
    AsyncState() = default;
    virtual ~AsyncState() = default;
    AsyncState(const AsyncState &) = delete;
    AsyncState &operator=(const AsyncState &) = delete;

    [[nodiscard]] bool isReady() const noexcept { return m_isReady.load(std::memory_order_acquire); }
    /// Waits, and runs what leads to it. False if the time is over.
    virtual bool waitUntil(TimePoint deadline) = 0;
    /// Has `next` run when this is ready, in a thread that may run the user's code.
    virtual void follow(std::shared_ptr<DueWork> next) = 0;
    /// Nobody will ask for the result; what was to follow does not.
    virtual void abandon() noexcept = 0;
    virtual CancelOutcome cancel();

    /// A call's answer; all other states are a ResultState.
    [[nodiscard]] virtual bool isCall() const noexcept { return false; }
    virtual Value takeAnswer();

protected:
    std::atomic<bool> m_isReady{false};
};

/// A state that some thread of this process makes ready.
class LocalState : public AsyncState {
public:
    bool waitUntil(TimePoint deadline) override;
    void follow(std::shared_ptr<DueWork> next) override;
    void abandon() noexcept override;
    /// Nobody will ask for the result: the future is gone, or what follows it is not wanted any more.
    [[nodiscard]] bool isAbandoned() const;

    /// Nobody else looks at the error or the value before finish().
    void storeError(std::exception_ptr error) noexcept { m_error = std::move(error); }
    /// Once; runs what follows.
    void finish() noexcept;
    void setError(std::exception_ptr error) noexcept
    {
        storeError(std::move(error));
        finish();
    }

protected:
    template <class Condition>
    [[nodiscard]] bool waitChanged(std::unique_lock<std::mutex> &lock, TimePoint deadline, Condition condition)
    {
        if (deadline != TimePoint::max())
            return m_changed.wait_until(lock, deadline, condition);
        m_changed.wait(lock, condition);
        return true;
    }
    void throwError() const
    {
        if (m_error)
            std::rethrow_exception(m_error);
    }
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isAbandoned = false; // guarded by the mutex, as what follows

private:
    std::shared_ptr<DueWork> m_next;
    std::exception_ptr m_error;
};

template <class T>
class ResultState : public LocalState {
public:
    template <class V>
    void storeValue(V &&value)
    {
        m_value.emplace(std::forward<V>(value));
    }
    template <class V>
    void setValue(V &&value)
    {
        storeValue(std::forward<V>(value));
        finish();
    }
    T take()
    {
        throwError();
        return std::move(*m_value);
    }

private:
    std::optional<T> m_value;
};

template <>
class ResultState<void> : public LocalState {
public:
    void setValue() { finish(); }
    void take() const { throwError(); }
};

/// A coroutine that has not ended: where it waits, so that whoever waits for it can go on with it.
class CoroutineBase {
public:
    /// It is about to wait for `awaited`; `step` will resume it. False if nobody wants it any more: then it is to be destroyed.
    [[nodiscard]] virtual bool suspendAt(std::shared_ptr<AsyncState> awaited, std::shared_ptr<Step> step) = 0;
    virtual void resumes() noexcept = 0;
    [[nodiscard]] virtual bool isAwaited() const = 0;

protected:
    ~CoroutineBase() = default;
};

template <class T>
class CoroutineState final : public ResultState<T>, public CoroutineBase {
public:
    explicit CoroutineState(std::coroutine_handle<> frame) noexcept : m_frame(frame) {}

    bool waitUntil(TimePoint deadline) override
    {
        for (;;) {
            std::unique_lock lock(this->m_mutex);
            if (!this->waitChanged(lock, deadline, [this] { return this->isReady() || m_awaited; }))
                return false;
            if (this->isReady())
                return true;
            const auto awaited = m_awaited;
            const auto step = m_step;
            lock.unlock();
            if (!awaited->waitUntil(deadline))
                return false;
            step->run();
            lock.lock();
            if (!this->waitChanged(lock, deadline, [&] { return this->isReady() || m_step != step; }))
                return false; // another thread runs it
        }
    }
    void abandon() noexcept override
    {
        std::shared_ptr<AsyncState> awaited; // these two know us, so they have to go
        std::shared_ptr<Step> step;
        {
            const std::lock_guard lock(this->m_mutex);
            this->m_isAbandoned = true;
            awaited.swap(m_awaited);
            step.swap(m_step);
        }
        if (step && step->claim())
            m_frame.destroy(); // it stood still; one that runs just now is destroyed where it waits next
        ResultState<T>::abandon();
    }

    bool suspendAt(std::shared_ptr<AsyncState> awaited, std::shared_ptr<Step> step) override
    {
        const std::lock_guard lock(this->m_mutex);
        if (this->m_isAbandoned)
            return false;
        m_awaited = std::move(awaited);
        m_step = std::move(step);
        this->m_changed.notify_all();
        return true;
    }
    void resumes() noexcept override
    {
        const std::lock_guard lock(this->m_mutex);
        m_awaited = nullptr;
        m_step = nullptr;
        this->m_changed.notify_all();
    }
    [[nodiscard]] bool isAwaited() const override { return !this->isAbandoned(); }

private:
    const std::coroutine_handle<> m_frame; // owns itself, and us; valid until it has ended
    std::shared_ptr<AsyncState> m_awaited; // guarded by the mutex, both
    std::shared_ptr<Step> m_step;
};

/// Resumes a coroutine that waits for a future.
class ResumeStep final : public Step {
public:
    /// `state` is the coroutine's, if it is one of ours.
    ResumeStep(std::coroutine_handle<> frame, CoroutineBase *state, std::shared_ptr<AsyncState> keep) noexcept
        : m_frame(frame), m_state(state), m_keep(std::move(keep))
    {}
    [[nodiscard]] bool isWanted() const noexcept override { return !m_state || m_state->isAwaited(); }

private:
    void proceed() noexcept override
    {
        if (m_state)
            m_state->resumes();
        m_frame.resume();
    }
    const std::coroutine_handle<> m_frame;
    CoroutineBase *const m_state;
    const std::shared_ptr<AsyncState> m_keep;
};

/// What a coroutine's frame has besides its variables. The frame owns the state; the state only knows the frame.
template <class T>
class CoroutinePromiseBase {
public:
    Future<T> get_return_object() { return Future<T>(m_state); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    /// Its variables are gone before anybody is told.
    auto final_suspend() noexcept
    {
        struct End {
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<> frame) noexcept
            {
                const auto ended = std::move(state);
                frame.destroy();
                ended->finish();
            }
            void await_resume() noexcept {}
            std::shared_ptr<CoroutineState<T>> state;
        };
        return End{std::move(m_state)};
    }
    void unhandled_exception() noexcept { m_state->storeError(std::current_exception()); }
    [[nodiscard]] const std::shared_ptr<CoroutineState<T>> &state() const noexcept { return m_state; }

protected:
    explicit CoroutinePromiseBase(std::coroutine_handle<> frame) : m_state(std::make_shared<CoroutineState<T>>(frame))
    {}
    std::shared_ptr<CoroutineState<T>> m_state;
};

template <class T>
class CoroutinePromise final : public CoroutinePromiseBase<T> {
public:
    CoroutinePromise() : CoroutinePromiseBase<T>(std::coroutine_handle<CoroutinePromise>::from_promise(*this)) {}
    template <std::convertible_to<T> V>
    void return_value(V &&value)
    {
        this->m_state->storeValue(std::forward<V>(value));
    }
};

template <>
class CoroutinePromise<void> final : public CoroutinePromiseBase<void> {
public:
    CoroutinePromise() : CoroutinePromiseBase<void>(std::coroutine_handle<CoroutinePromise>::from_promise(*this)) {}
    void return_void() noexcept {}
};

template <class P>
concept OwnCoroutine = requires(P &promise) {
    {
        promise.state()->suspendAt(nullptr, nullptr)
    } -> std::same_as<bool>;
};

template <class T>
class FutureAwaiter {
public:
    explicit FutureAwaiter(Future<T> future) noexcept : m_future(std::move(future)) {}
    FutureAwaiter(FutureAwaiter &&) noexcept = default;
    ~FutureAwaiter()
    {
        if (m_step)
            (void)m_step->claim(); // the frame goes: nobody must resume it
    }

    [[nodiscard]] bool await_ready() const noexcept { return m_future.isReady(); }
    template <class P>
    void await_suspend(std::coroutine_handle<P> frame)
    {
        const std::shared_ptr<AsyncState> awaited = m_future.shared(); // this may be gone as soon as it is known
        if (!awaited)
            throwNoFuture();
        if constexpr (OwnCoroutine<P>) {
            const auto &state = frame.promise().state();
            const auto step = m_step = std::make_shared<ResumeStep>(frame, state.get(), state);
            if (state->suspendAt(awaited, step))
                awaited->follow(step);
            else
                frame.destroy();
        } else {
            const auto step = m_step = std::make_shared<ResumeStep>(frame, nullptr, nullptr);
            awaited->follow(step);
        }
    }
    T await_resume() { return m_future.take(); }

private:
    Future<T> m_future;
    std::shared_ptr<Step> m_step;
};

// What then() gives, for what takes the value, nothing where there is none, or the future itself.
template <class T, class F>
inline constexpr bool takesResult = std::is_invocable_v<F, T>;
template <class F>
inline constexpr bool takesResult<void, F> = std::is_invocable_v<F>;
template <class T, class F, bool takesIt = takesResult<T, F>>
struct ThenResult : std::invoke_result<F, Future<T>> {};
template <class T, class F>
struct ThenResult<T, F, true> : std::invoke_result<F, T> {};
template <class F>
struct ThenResult<void, F, true> : std::invoke_result<F> {};

template <class T, class F>
class ThenState final : public ResultState<std::decay_t<typename ThenResult<T, F>::type>>,
                        public Step,
                        public std::enable_shared_from_this<ThenState<T, F>> {
public:
    using Result = std::decay_t<typename ThenResult<T, F>::type>;

    ThenState(Future<T> source, F follow)
        : m_awaited(source.shared()), m_source(std::move(source)), m_follow(std::move(follow))
    {}
    void begin() { m_awaited->follow(this->shared_from_this()); }

    bool waitUntil(TimePoint deadline) override
    {
        if (!m_awaited->waitUntil(deadline))
            return false;
        this->run();
        return ResultState<Result>::waitUntil(deadline); // another thread may run it
    }
    void abandon() noexcept override
    {
        if (this->claim())
            m_source = Future<T>();
        ResultState<Result>::abandon();
    }
    CancelOutcome cancel() override { return m_awaited->cancel(); }
    [[nodiscard]] bool isWanted() const noexcept override { return !this->isAbandoned(); }

private:
    void proceed() noexcept override
    {
        try {
            if constexpr (std::is_void_v<Result>)
                callFollow();
            else
                this->storeValue(callFollow());
        } catch (...) {
            this->storeError(std::current_exception());
        }
        this->finish();
    }
    decltype(auto) callFollow()
    {
        F follow = std::move(m_follow); // what it has captured goes now
        if constexpr (!takesResult<T, F>) {
            return std::invoke(follow, std::move(m_source));
        } else if constexpr (std::is_void_v<T>) {
            m_source.take();
            return std::invoke(follow);
        } else {
            return std::invoke(follow, m_source.take());
        }
    }

    const std::shared_ptr<AsyncState> m_awaited;
    Future<T> m_source; // for whoever has claimed the step
    F m_follow;
};

} // namespace detail
} // namespace decoy
