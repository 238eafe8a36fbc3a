// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/by_value.h>
#include <decoy/description.h>
#include <decoy/later_answer.h>
#include <decoy/lent_parameter.h>
#include <decoy/signature.h>
#include <decoy/target.h>
#include <decoy/value.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// The bound methods and attributes of a class: how the arguments of a request become those of a C++ function, and its
/// result the answer. Class, the builder in class.h, makes them.
namespace decoy {

/// A result that goes by reference although it could be copied: `return decoy::reference(m_history);`
/// The object must live as long as the one whose method returns it; the server keeps that one alive.
template <class T>
struct Reference {
    T *object;
};
template <class T>
[[nodiscard]] Reference<T> reference(T &object) noexcept
{
    return {&object};
}

/// What a method does to its object, for those who iterate over it meanwhile. Methods that can be called on a const object read, all
/// others change it; where that is wrong, say so: `.method("refresh", &Cache::refresh, Effect::Reads)`.
enum class Effect : std::uint8_t {
    Reads,
    Changes, ///< ends iterations over the object with ConcurrentModification
};

namespace detail {

[[noreturn]] void throwArgumentMismatch(const msgpack::object &object, std::string_view expected,
                                        std::string_view method, std::string_view parameter);
[[noreturn]] void throwArgumentOutOfRange(const msgpack::object &object, std::int64_t least, std::uint64_t most,
                                          std::string_view method, std::string_view parameter);

/// Converts an argument, or throws an ArgumentError that names the method, the parameter and both types. An empty `method`
/// says that the attribute `parameter` is being set.
template <class T>
[[nodiscard]] T convertArgument(const msgpack::object &object, std::string_view method, std::string_view parameter)
{
    static_assert(ByValue<T>, "a parameter has to be something that travels by value");
    static_assert(!std::is_pointer_v<T>, "take a std::string or a std::string_view instead of a char pointer");
    if constexpr (std::is_same_v<T, Value>) {
        Value value;
        value.msgpack_unpack(object);
        return value;
    } else {
        try {
            return convertWhole<T>(object);
        } catch (const msgpack::type_error &) {
            if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
                if (object.type == msgpack::type::POSITIVE_INTEGER || object.type == msgpack::type::NEGATIVE_INTEGER)
                    throwArgumentOutOfRange(object, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                                            method, parameter);
            }
            throwArgumentMismatch(object, typeNameOf<T>(), method, parameter);
        }
    }
}

/// The same for a parameter that may also be an object or a callback of the client's; `reply` is null for a default.
template <class T>
[[nodiscard]] T takeArgument(const msgpack::object &object, const Reply *reply, std::string_view method,
                             std::string_view parameter)
{
    if constexpr (LentParameter<T>) {
        if (object.is_nil())
            return standIn<T>(Proxy());
        if (Proxy proxy = reply ? reply->lent(object) : Proxy())
            return standIn<T>(std::move(proxy));
        throwArgumentMismatch(object, typeNameOf<T>(), method, parameter);
    } else {
        if constexpr (std::is_same_v<T, Value>) {
            if (object.type == msgpack::type::EXT && reply) {
                if (const Proxy proxy = reply->lent(object))
                    return proxy;
            }
        }
        return convertArgument<T>(object, method, parameter);
    }
}

template <class T>
inline constexpr bool isSharedPointer = false;
template <class T>
inline constexpr bool isSharedPointer<std::shared_ptr<T>> = true;
template <class T>
inline constexpr bool isUniquePointer = false;
template <class T>
inline constexpr bool isUniquePointer<std::unique_ptr<T>> = true;
template <class T>
inline constexpr bool isReference = false;
template <class T>
inline constexpr bool isReference<Reference<T>> = true;

template <class R>
[[nodiscard]] constexpr std::string_view resultTypeName() noexcept
{
    using Plain = std::remove_cvref_t<R>;
    if constexpr (std::is_void_v<R> || ByValue<Plain>)
        return typeNameOf<Plain>();
    else if constexpr (isFuture<Plain>)
        return resultTypeName<typename Plain::Result>();
    else
        return "object";
}

/// Gives a method's C++ result to the caller: a copy where possible, a proxy otherwise.
template <class R>
void answer(const std::shared_ptr<void> &self, Reply &reply, R &&result)
{
    using Plain = std::remove_cvref_t<R>;
    if constexpr (ByValue<Plain>) {
        reply.value(result);
    } else if constexpr (isFuture<Plain>) {
        LaterAnswer<typename Plain::Result>::arrange(self, reply, std::forward<R>(result));
    } else if constexpr (isSharedPointer<Plain>) {
        reply.object(std::forward<R>(result));
    } else if constexpr (isUniquePointer<Plain> && std::is_lvalue_reference_v<R>) {
        reply.object(result ? std::shared_ptr<typename Plain::element_type>(self, result.get()) : nullptr);
    } else if constexpr (isUniquePointer<Plain>) {
        reply.object(std::shared_ptr<typename Plain::element_type>(std::forward<R>(result)));
    } else if constexpr (isReference<Plain>) {
        using Object = std::remove_pointer_t<decltype(result.object)>;
        reply.object(std::shared_ptr<Object>(self, result.object));
    } else if constexpr (std::is_pointer_v<Plain>) {
        reply.object(result ? std::shared_ptr<std::remove_pointer_t<Plain>>(self, result) : nullptr);
    } else if constexpr (std::is_lvalue_reference_v<R>) {
        reply.object(std::shared_ptr<std::remove_reference_t<R>>(self, &result));
    } else {
        reply.object(std::make_shared<Plain>(std::forward<R>(result)));
    }
}

/// An object of a bound class.
struct BoundObject {
    const std::shared_ptr<void> self; ///< kept by results that point into it
    /// Calls so far that may have changed it; counted only where the class is iterated over.
    std::atomic<std::uint64_t> changes{0};
};

/// One bound method.
class MethodBinding {
public:
    virtual ~MethodBinding() = default;
    virtual void invoke(const BoundObject &object, const Arguments &arguments, Reply &reply) const = 0;
    MethodDescription description;
    Effect effect = Effect::Changes;
};

/// One bound attribute. `self` is the object; kept by results that point into it.
class AttributeBinding {
public:
    virtual ~AttributeBinding() = default;
    virtual void get(const std::shared_ptr<void> &self, Reply &reply) const = 0;
    /// `reply` knows what the client has lent; it is not answered here.
    virtual void set(const std::shared_ptr<void> &self, const msgpack::object &value, const Reply &reply) const = 0;
    AttributeDescription description;
};

/// A method that calls `F`: a member function of T, or a function that takes `T &` first.
template <class T, class F>
class BoundMethod final : public MethodBinding {
    using Parameters = typename Tail<typename Signature<F>::Parameters>::Type;
    using Result = typename Signature<F>::Result;

public:
    static constexpr std::size_t parameterCount = std::tuple_size_v<Parameters>;

    explicit BoundMethod(F function) : m_function(std::move(function))
    {
        static_assert(std::is_invocable_v<const F &, T &> || parameterCount > 0,
                      "a bound function takes the object, T &, first");
        describeParameters(std::make_index_sequence<parameterCount>());
        description.returns = resultTypeName<Result>();
        effect = canBeConst(std::make_index_sequence<parameterCount>()) ? Effect::Reads : Effect::Changes;
    }

    /// Converts every default once, so that one that does not fit is reported where it was written.
    void checkDefaults() const { checkDefaults(std::make_index_sequence<parameterCount>()); }

    void invoke(const BoundObject &object, const Arguments &arguments, Reply &reply) const override
    {
        std::array<const msgpack::object *, parameterCount> found{};
        arguments.bind(description.name, description.parameters, found);
        call(object.self, found, reply, std::make_index_sequence<parameterCount>());
    }

private:
    template <std::size_t I>
    using Parameter = std::remove_cvref_t<std::tuple_element_t<I, Parameters>>;

    template <std::size_t... I>
    [[nodiscard]] static constexpr bool canBeConst(std::index_sequence<I...>) noexcept
    {
        return std::is_invocable_v<const F &, const T &, std::tuple_element_t<I, Parameters>...>;
    }

    template <std::size_t... I>
    void describeParameters(std::index_sequence<I...>)
    {
        (description.parameters.push_back(
             {"arg" + std::to_string(I), std::string(typeNameOf<Parameter<I>>()), true, {}}),
         ...);
    }

    template <std::size_t I>
    [[nodiscard]] Parameter<I> argument(const std::array<const msgpack::object *, parameterCount> &found,
                                        const Reply *reply) const
    {
        const ParameterDescription &parameter = description.parameters[I];
        const msgpack::object &object = found[I] ? *found[I] : parameter.defaultValue.object();
        return takeArgument<Parameter<I>>(object, reply, description.name, parameter.name);
    }

    template <std::size_t... I>
    void checkDefaults(std::index_sequence<I...>) const
    {
        [[maybe_unused]] const std::array<const msgpack::object *, parameterCount> nothingGiven{};
        ((description.parameters[I].required ? void() : void(argument<I>(nothingGiven, nullptr))), ...);
    }

    template <std::size_t... I>
    void call(const std::shared_ptr<void> &self, const std::array<const msgpack::object *, parameterCount> &found,
              Reply &reply, std::index_sequence<I...>) const
    {
        T &object = *static_cast<T *>(self.get());
        // Converted before the call and in order, so that the first bad argument is the one reported.
        std::tuple<Parameter<I>...> values{argument<I>(found, &reply)...};
        // Each is passed as it was declared, so that `T &` and `T &&` parameters work too.
        if constexpr (std::is_void_v<Result>) {
            std::invoke(m_function, object,
                        static_cast<std::tuple_element_t<I, Parameters> &&>(std::get<I>(values))...);
            reply.none();
        } else {
            answer<Result>(self, reply,
                           std::invoke(m_function, object,
                                       static_cast<std::tuple_element_t<I, Parameters> &&>(std::get<I>(values))...));
        }
    }

    F m_function;
};

/// Stands where a setter would.
struct ReadOnly {};

/// An attribute that is read and set by calling functions, or read only.
template <class T, class Getter, class Setter>
class BoundAttribute final : public AttributeBinding {
    using Result = std::invoke_result_t<const Getter &, T &>;
    using Plain = std::remove_cvref_t<Result>;

public:
    BoundAttribute(Getter getter, Setter setter) : m_getter(std::move(getter)), m_setter(std::move(setter))
    {
        description.type = resultTypeName<Result>();
        description.writable = !std::is_same_v<Setter, ReadOnly>;
    }
    void get(const std::shared_ptr<void> &self, Reply &reply) const override
    {
        answer<Result>(self, reply, std::invoke(m_getter, *static_cast<T *>(self.get())));
    }
    void set(const std::shared_ptr<void> &self, const msgpack::object &value, const Reply &reply) const override
    {
        if constexpr (!std::is_same_v<Setter, ReadOnly>) {
            using Given = std::remove_cvref_t<
                std::tuple_element_t<0, typename Tail<typename Signature<Setter>::Parameters>::Type>>;
            std::invoke(m_setter, *static_cast<T *>(self.get()),
                        takeArgument<Given>(value, &reply, {}, description.name));
        }
    }

private:
    Getter m_getter;
    Setter m_setter;
};

} // namespace detail
} // namespace decoy
