// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/class.h>

#include <array>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace decoy {

namespace detail {

/// "int", "str" …: what typeNameOf() says of the C++ type that fits best.
[[nodiscard]] std::string_view wireTypeOf(const msgpack::object &object) noexcept;

struct Reversed {
    template <class F>
    struct Of {
        template <class A, class B>
        auto operator()(A &&a, B &&b) const -> decltype(F()(std::forward<B>(b), std::forward<A>(a)))
        {
            return F()(std::forward<B>(b), std::forward<A>(a));
        }
    };
};
struct AddTo {
    template <class A, class B>
    auto operator()(A &a, B &&b) const -> decltype(void(a += std::forward<B>(b)))
    {
        a += std::forward<B>(b);
    }
};
struct TakeFrom {
    template <class A, class B>
    auto operator()(A &a, B &&b) const -> decltype(void(a -= std::forward<B>(b)))
    {
        a -= std::forward<B>(b);
    }
};
struct MultiplyBy {
    template <class A, class B>
    auto operator()(A &a, B &&b) const -> decltype(void(a *= std::forward<B>(b)))
    {
        a *= std::forward<B>(b);
    }
};
struct DivideBy {
    template <class A, class B>
    auto operator()(A &a, B &&b) const -> decltype(void(a /= std::forward<B>(b)))
    {
        a /= std::forward<B>(b);
    }
};

/// An operator of two operands: the object, and a value of one of these types.
template <class T, class Operation, class... Operands>
class BoundOperator final : public MethodBinding {
    template <class Operand>
    static constexpr bool takes = std::is_invocable_v<Operation, T &, const Operand &>;

public:
    static constexpr bool exists = (takes<Operands> || ...);

    BoundOperator(std::string name, std::string doc)
    {
        description.name = std::move(name);
        description.doc = std::move(doc);
        description.parameters = {{"other", parameterType(), true, {}}};
        if constexpr ((std::is_invocable_v<Operation, const T &, const Operands &> || ...))
            effect = Effect::Reads;
        (describeResult<Operands>(), ...);
    }

    void invoke(const BoundObject &object, const Arguments &arguments, Reply &reply) const override
    {
        std::array<const msgpack::object *, 1> found{};
        arguments.bind(description.name, description.parameters, found);
        // What is of the very type goes first, so that 2.5 never meets an int; then what fits without loss: 2 where a float is meant.
        const std::string_view type = wireTypeOf(*found[0]);
        if ((... || (type == typeNameOf<Operands>() && apply<Operands>(object, *found[0], reply)))
            || (... || apply<Operands>(object, *found[0], reply)))
            return;
        throwArgumentMismatch(*found[0], description.parameters[0].type, description.name, "other");
    }

private:
    [[nodiscard]] static std::string parameterType()
    {
        std::string types;
        const auto add = [&types](bool isTaken, std::string_view name) {
            if (isTaken && types.find(name) == std::string::npos)
                types.append(types.empty() ? "" : " or ").append(name);
        };
        (add(takes<Operands>, typeNameOf<Operands>()), ...);
        return types;
    }

    template <class Operand>
    void describeResult()
    {
        if constexpr (takes<Operand>)
            description.returns = resultTypeName<std::invoke_result_t<Operation, T &, const Operand &>>();
    }

    /// False if the value is no Operand.
    template <class Operand>
    [[nodiscard]] bool apply(const BoundObject &object, const msgpack::object &value, Reply &reply) const
    {
        if constexpr (takes<Operand>) {
            using Result = std::invoke_result_t<Operation, T &, const Operand &>;
            std::optional<Operand> operand;
            try {
                operand.emplace(convertWhole<Operand>(value));
            } catch (const msgpack::type_error &) {
                return false;
            }
            T &self = *static_cast<T *>(object.self.get());
            if constexpr (std::is_void_v<Result>) {
                Operation()(self, *operand);
                reply.none();
            } else {
                answer<Result>(object.self, reply, Operation()(self, *operand));
            }
            return true;
        } else {
            return false;
        }
    }
};

template <class Operation, class... Operands, class T>
void addOperator(Class<T> &binding, const char *name, const char *doc)
{
    using Bound = BoundOperator<T, Operation, Operands...>;
    if constexpr (Bound::exists)
        std::move(binding).method(std::make_unique<Bound>(name, doc));
}

template <class... Operands, class T>
void addComparisons(Class<T> &binding)
{
    addOperator<std::equal_to<>, Operands...>(binding, "__eq__", "Whether it is equal.");
    addOperator<std::not_equal_to<>, Operands...>(binding, "__ne__", "Whether it is not equal.");
    addOperator<std::less<>, Operands...>(binding, "__lt__", "Whether it is less.");
    addOperator<std::less_equal<>, Operands...>(binding, "__le__", "Whether it is less or equal.");
    addOperator<std::greater<>, Operands...>(binding, "__gt__", "Whether it is greater.");
    addOperator<std::greater_equal<>, Operands...>(binding, "__ge__", "Whether it is greater or equal.");
}

template <class... Operands, class T>
void addArithmetic(Class<T> &binding)
{
    addOperator<std::plus<>, Operands...>(binding, "__add__", "The sum.");
    addOperator<std::minus<>, Operands...>(binding, "__sub__", "The difference.");
    addOperator<std::multiplies<>, Operands...>(binding, "__mul__", "The product.");
    addOperator<std::divides<>, Operands...>(binding, "__truediv__", "The quotient.");
    addOperator<std::modulus<>, Operands...>(binding, "__mod__", "The remainder.");
    addOperator<Reversed::Of<std::plus<>>, Operands...>(binding, "__radd__", "The sum, this being the right side.");
    addOperator<Reversed::Of<std::minus<>>, Operands...>(binding, "__rsub__", "What is left of the other.");
    addOperator<Reversed::Of<std::multiplies<>>, Operands...>(binding, "__rmul__",
                                                              "The product, this being the right side.");
    addOperator<Reversed::Of<std::divides<>>, Operands...>(binding, "__rtruediv__", "The other, divided by it.");
    addOperator<AddTo, Operands...>(binding, "__iadd__", "Adds to it.");
    addOperator<TakeFrom, Operands...>(binding, "__isub__", "Takes from it.");
    addOperator<MultiplyBy, Operands...>(binding, "__imul__", "Multiplies it.");
    addOperator<DivideBy, Operands...>(binding, "__itruediv__", "Divides it.");
}

template <class T>
void addUnary(Class<T> &binding)
{
    if constexpr (requires(T &object) { -object; })
        std::move(binding).method(
            "__neg__", [](T &object) { return -object; }, Effect::Reads, "Its negative.");
    if constexpr (requires { &T::operator(); })
        std::move(binding).method("__call__", &T::operator(), "Calls it.");
}

} // namespace detail

/// Adds to a binding the operators that the class has: `== != < <= > >=`, `+ - * / %` from both sides, `+= -= *= /=`, negation and a
/// call operator that is not overloaded. The other operand is a T, if that travels by value, or one of `Operands`:
/// `server.bind(decoy::operators<double>(decoy::Class<Vector>("Vector")))` for `Vector * 2.5`.
///
/// An argument becomes the operand whose type it has; only a whole number may become a float, nothing is ever rounded. Anything else is
/// an ArgumentError. Results travel as those of methods do. What was bound before stays.
template <ByValue... Operands, class T>
[[nodiscard]] Class<T> operators(Class<T> binding)
{
    Class<T> found("");
    if constexpr (ByValue<T>) {
        detail::addComparisons<T, Operands...>(found);
        detail::addArithmetic<T, Operands...>(found);
    } else {
        detail::addComparisons<Operands...>(found);
        detail::addArithmetic<Operands...>(found);
    }
    detail::addUnary(found);
    return std::move(binding).complete(std::move(found));
}

} // namespace decoy
