// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <tuple>

namespace decoy::detail {

/// What a bound function takes, the object first, and gives.
// clang-format off
template <class F> struct Signature {
    static_assert(!sizeof(F *), "bind a function with one signature; choose an overload with static_cast, and give a generic "
                                "lambda its parameter types");
};
template <class R, class... A> struct Signature<R (*)(A...)> { using Result = R; using Parameters = std::tuple<A...>; };
template <class R, class... A> struct Signature<R (*)(A...) noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...)> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) &> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) const> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) const &> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) noexcept> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) & noexcept> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) const noexcept> : Signature<R (*)(C &, A...)> {};
template <class R, class C, class... A> struct Signature<R (C::*)(A...) const & noexcept> : Signature<R (*)(C &, A...)> {};

template <class F> struct CallOperator;
template <class R, class C, class... A> struct CallOperator<R (C::*)(A...) const> : Signature<R (*)(A...)> {};
template <class R, class C, class... A> struct CallOperator<R (C::*)(A...) const noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A> struct CallOperator<R (C::*)(A...)> : Signature<R (*)(A...)> {
    static_assert(!sizeof(C *), "a bound function object is shared by all calls: its call operator must be const (no mutable lambda)");
};
template <class F>
    requires requires { &F::operator(); }
struct Signature<F> : CallOperator<decltype(&F::operator())> {};

template <class Tuple> struct Tail;
template <class First, class... Rest> struct Tail<std::tuple<First, Rest...>> { using Type = std::tuple<Rest...>; };
// clang-format on
template <>
struct Tail<std::tuple<>> {
    using Type = std::tuple<>; // the function takes not even the object; BoundMethod says so
};

} // namespace decoy::detail
