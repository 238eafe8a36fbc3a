// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>
#include <decoy/proxy.h>
#include <decoy/target.h>

#include <memory>
#include <tuple>
#include <utility>

/// Objects and callbacks that a client passes to its server, which calls them:
/// ```
/// pond.call("onQuack", decoy::callback([](std::string who, int volume) { std::cout << who << '\n'; }));
/// connection.bind(decoy::Class<Listener>("Listener").method("heard", &Listener::heard));
/// pond.call("addListener", connection.lend(listener)); // a std::shared_ptr<Listener>
/// ```
/// The server's method takes a `std::function`, a Proxy or a RemoteCallable (a Value takes anything). What it keeps of them stays valid after
/// the call, and keeps the object alive here, until it is dropped or either process ends: then calls throw PeerDied.
///
/// *Where the code runs:* on threads of this library, which are started with the first thing that a connection lends; so a caller that
/// waits in call(), or does anything else, needs no loop. Calls on one object or callback take turns, unless its class says otherwise;
/// different ones may run at once. What then() adds at the server runs there, in no turn.
///
/// *How long the code must live:* a callback may run on after the call it was passed to has ended with an error, such as CallTimeout, so it
/// should own what it uses; what it only refers to must outlive the connection, whose last handle waits for the callbacks that run.
/// A Proxy or Connection that it owns keeps its connection open until the server has dropped the callback.
///
/// *Calling back into the waiting caller:* a callback may call the object from which it is called, although calls on that take
/// turns, and so on to and fro: what is called while its thread waits for that very call runs at once, on another thread, and the waiting
/// call comes back after it. That is so for calls that wait (call(), get(), set(), a `std::function`); a call back that was started with
/// callAsync() is none that anybody waits in. Limits::callsBack says how deep, and LimitExceeded that it is too deep.
namespace decoy {

/// Something of this process as an argument of a call, or as the value that an attribute is set to; only as a whole, not within
/// containers. A handle: copies stand for the same object, and it can be passed again, to other servers too. On the Duck lane, and to a
/// server of a version that takes none, passing it throws DataEncodeError.
class Lent {
public:
    /// Any target: of a QObject, a DynamicObject or one of yours. Throws ArgumentError if it is null.
    explicit Lent(std::shared_ptr<Target> target);

    [[nodiscard]] const std::shared_ptr<Target> &target() const noexcept { return m_target; }

private:
    std::shared_ptr<Target> m_target;
};

namespace detail {

/// An object of a class that `info` was bound for, as a target.
[[nodiscard]] std::shared_ptr<Target> makeTarget(std::shared_ptr<const ClassInfo> info, std::shared_ptr<void> object);

template <class F>
struct Callback {
    F function;
};

template <class F, class Parameters = typename Signature<F>::Parameters>
struct CallbackClass;
template <class F, class... Args>
struct CallbackClass<F, std::tuple<Args...>> {
    using Result = typename Signature<F>::Result;
    [[nodiscard]] static std::shared_ptr<const ClassInfo> make()
    {
        return Class<Callback<F>>("callable")
            .method(
                "__call__",
                [](Callback<F> &self, Args... args) -> Result { return self.function(std::forward<Args>(args)...); })
            .finish();
    }
};

} // namespace detail

/// A function, a lambda or a std::function as an argument. Its own arguments and its result travel by value; a result may also be what
/// results of bound methods may be, of classes that the connection has bound.
template <class F>
[[nodiscard]] Lent callback(F function)
{
    return Lent(detail::makeTarget(detail::CallbackClass<F>::make(),
                                   std::make_shared<detail::Callback<F>>(std::move(function))));
}

} // namespace decoy
