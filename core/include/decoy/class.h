// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/event.h>
#include <decoy/later_answer.h>
#include <decoy/signature.h>
#include <decoy/target.h>
#include <decoy/value.h>

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace decoy {

/// Names a parameter of a bound method, and gives it a default: `arg("memo") = ""`.
class Argument {
public:
    explicit Argument(std::string name) : m_name(std::move(name)) {}
    template <ByValue T>
    Argument &&operator=(const T &value) && // NOLINT(misc-unconventional-assign-operator): reads as in a signature
    {
        m_default = Value(value);
        m_required = false;
        return std::move(*this);
    }

private:
    template <class T>
    friend class Class;
    std::string m_name;
    Value m_default;
    bool m_required = true;
};
[[nodiscard]] inline Argument arg(std::string name) { return Argument(std::move(name)); }

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

/// An object of a bound class.
struct BoundObject {
    const std::shared_ptr<void> self; ///< kept by results that point into it
    std::atomic<std::uint64_t> changes{
        0}; ///< calls so far that may have changed it; counted only where the class is iterated over
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
    virtual void set(const std::shared_ptr<void> &self, const msgpack::object &value) const = 0;
    AttributeDescription description;
};

struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};
template <class T>
using NameMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

/// A bound class, finished and shared by all its objects. Immutable.
struct ClassInfo {
    std::string name;
    std::string doc;
    Threading threading = Threading::Serialised;
    bool isIterable = false; ///< clients iterate over its objects in batches
    NameMap<std::unique_ptr<MethodBinding>> methods;
    NameMap<std::unique_ptr<AttributeBinding>> attributes;
    NameMap<std::unique_ptr<EventBinding>> events;
    std::vector<std::string> methodOrder;
    std::vector<std::string> attributeOrder;
    std::vector<std::string> eventOrder;

    [[nodiscard]] Description describe() const;
};

/// Converts an argument, or throws an ArgumentError that names the method, the parameter and both types. An empty `method`
/// says that the attribute `parameter` is being set.
template <class T>
[[nodiscard]] T convertArgument(const msgpack::object &object, std::string_view method, std::string_view parameter);
[[noreturn]] void throwArgumentMismatch(const msgpack::object &object, std::string_view expected,
                                        std::string_view method, std::string_view parameter);
[[noreturn]] void throwArgumentOutOfRange(const msgpack::object &object, std::int64_t least, std::uint64_t most,
                                          std::string_view method, std::string_view parameter);

/// Gives a method's C++ result to the caller: a copy where possible, a proxy otherwise.
template <class R>
void answer(const std::shared_ptr<void> &self, Reply &reply, R &&result);

template <class R>
[[nodiscard]] constexpr std::string_view resultTypeName() noexcept;

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
    [[nodiscard]] Parameter<I> argument(const std::array<const msgpack::object *, parameterCount> &found) const
    {
        const ParameterDescription &parameter = description.parameters[I];
        const msgpack::object &object = found[I] ? *found[I] : parameter.defaultValue.object();
        return convertArgument<Parameter<I>>(object, description.name, parameter.name);
    }

    template <std::size_t... I>
    void checkDefaults(std::index_sequence<I...>) const
    {
        [[maybe_unused]] const std::array<const msgpack::object *, parameterCount> nothingGiven{};
        ((description.parameters[I].required ? void() : void(argument<I>(nothingGiven))), ...);
    }

    template <std::size_t... I>
    void call(const std::shared_ptr<void> &self, const std::array<const msgpack::object *, parameterCount> &found,
              Reply &reply, std::index_sequence<I...>) const
    {
        T &object = *static_cast<T *>(self.get());
        // Converted before the call and in order, so that the first bad argument is the one reported.
        std::tuple<Parameter<I>...> values{argument<I>(found)...};
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

struct ReadOnly {};

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
    void set(const std::shared_ptr<void> &self, const msgpack::object &value) const override
    {
        if constexpr (!std::is_same_v<Setter, ReadOnly>) {
            using Given = std::remove_cvref_t<
                std::tuple_element_t<0, typename Tail<typename Signature<Setter>::Parameters>::Type>>;
            std::invoke(m_setter, *static_cast<T *>(self.get()), convertArgument<Given>(value, {}, description.name));
        }
    }

private:
    Getter m_getter;
    Setter m_setter;
};

} // namespace detail

/// Says what clients may do with objects of class T; only what is bound can be reached.
/// ```
/// server.bind(decoy::Class<Account>("Account", "A bank account.")
///     .property("owner", &Account::owner)                                // data member, or getter (+ setter)
///     .method("deposit", &Account::deposit, arg("amount"), arg("memo") = "", "Adds to the balance."));
/// ```
/// Methods are member functions, or functions and lambdas that take `T &` first. Results that can be copied are; a
/// `std::shared_ptr<U>`, `U &`, `U *` or reference() of a bound class U becomes a chained proxy. A plain reference or
/// pointer must live as long as its parent object, which the server keeps alive. A method may answer later: it returns a Future,
/// of a Promise that any thread keeps or as a coroutine (which takes its parameters by value), and holds up no server thread. Until then
/// the object is kept alive, and other calls on it take their turns. A builder: use it in one expression.
template <class T>
class Class {
public:
    explicit Class(std::string name, std::string doc = {}) : m_info(std::make_shared<detail::ClassInfo>())
    {
        m_info->name = std::move(name);
        m_info->doc = std::move(doc);
    }

    /// Binds a data member, writable unless it is const.
    template <class M, class U>
        requires std::is_member_object_pointer_v<M U::*>
    Class &&property(std::string name, M U::*member, std::string doc = {}) &&
    {
        if constexpr (std::is_const_v<M> || !ByValue<M>)
            return std::move(*this).add(
                std::move(name), [member](T &object) -> M & { return object.*member; }, detail::ReadOnly(),
                std::move(doc));
        else
            return std::move(*this).add(
                std::move(name), [member](T &object) -> M & { return object.*member; },
                [member](T &object, M value) { object.*member = std::move(value); }, std::move(doc));
    }
    /// Binds a getter: a const member function or anything that can be called with `T &`.
    template <class Getter>
        requires std::invocable<Getter, T &> && (!std::is_member_object_pointer_v<Getter>)
    Class &&property(std::string name, Getter getter, std::string doc = {}) &&
    {
        return std::move(*this).add(std::move(name), std::move(getter), detail::ReadOnly(), std::move(doc));
    }
    /// Binds a getter and a setter.
    template <class Getter, class Setter>
        requires std::invocable<Getter, T &> && (!std::is_convertible_v<Setter, std::string>)
    Class &&property(std::string name, Getter getter, Setter setter, std::string doc = {}) &&
    {
        return std::move(*this).add(std::move(name), std::move(getter), std::move(setter), std::move(doc));
    }
    /// Binds a data member that clients may only read.
    template <class M, class U>
        requires std::is_member_object_pointer_v<M U::*>
    Class &&readOnly(std::string name, M U::*member, std::string doc = {}) &&
    {
        return std::move(*this).add(
            std::move(name), [member](T &object) -> M & { return object.*member; }, detail::ReadOnly(), std::move(doc));
    }

    /// Binds a method. `extras` are arg(...) for each parameter, in order, and at most one doc string and one Effect.
    /// Throws ArgumentError if there are more names than parameters, or a default does not fit its parameter.
    template <class F, class... Extras>
    Class &&method(std::string name, F function, Extras &&...extras) &&
    {
        auto binding = std::make_unique<detail::BoundMethod<T, F>>(std::move(function));
        binding->description.name = name;
        [[maybe_unused]] std::size_t next = 0; // unused where there are no extras
        (applyExtra(*binding, next, std::forward<Extras>(extras)), ...);
        binding->checkDefaults();
        return std::move(*this).method(std::move(binding));
    }

    /// Binds an event: a member of type Event, or a function that takes `T &` and returns a reference to one. `extras` are arg(...) for
    /// each thing that it tells, in order, notifies(...) with attributes that were bound before, and at most one doc string.
    /// Throws ArgumentError for more names than arguments, and for an attribute that there is not.
    template <class F, class... Extras>
        requires std::invocable<const F &, T &>
    Class &&event(std::string name, F event, Extras &&...extras) &&
    {
        auto binding = std::make_unique<detail::BoundEvent<T, F>>(std::move(event));
        binding->description.name = name;
        [[maybe_unused]] std::size_t next = 0; // unused where there are no extras
        (applyExtra(binding->description, next, std::forward<Extras>(extras)), ...);
        if (!m_info->events.contains(name))
            m_info->eventOrder.push_back(name);
        m_info->events[std::move(name)] = std::move(binding);
        return std::move(*this);
    }

    /// How calls on one object may overlap; Serialised unless said.
    Class &&threading(Threading threading) &&
    {
        m_info->threading = threading;
        return std::move(*this);
    }

    /// Adds the members of `other` that this binding does not have itself.
    Class &&complete(Class other) &&
    {
        for (const std::string &name : other.m_info->methodOrder) {
            if (!m_info->methods.contains(name))
                std::move(*this).method(std::move(other.m_info->methods[name]));
        }
        for (const std::string &name : other.m_info->attributeOrder) {
            if (!m_info->attributes.contains(name))
                std::move(*this).attribute(std::move(other.m_info->attributes[name]));
        }
        for (const std::string &name : other.m_info->eventOrder) {
            if (m_info->events.try_emplace(name, std::move(other.m_info->events[name])).second)
                m_info->eventOrder.push_back(name);
        }
        m_info->isIterable |= other.m_info->isIterable;
        return std::move(*this);
    }

    /// For the library.
    Class &&method(std::unique_ptr<detail::MethodBinding> binding) &&
    {
        const std::string &name = binding->description.name;
        if (!m_info->methods.contains(name))
            m_info->methodOrder.push_back(name);
        m_info->methods[name] = std::move(binding);
        return std::move(*this);
    }
    Class &&iterable() &&
    {
        m_info->isIterable = true;
        return std::move(*this);
    }
    [[nodiscard]] std::shared_ptr<const detail::ClassInfo> finish() && { return std::move(m_info); }

private:
    template <class Getter, class Setter>
    Class &&add(std::string name, Getter getter, Setter setter, std::string doc) &&
    {
        auto binding = std::make_unique<detail::BoundAttribute<T, Getter, Setter>>(std::move(getter),
                                                                                   std::move(setter));
        binding->description.name = name;
        binding->description.doc = std::move(doc);
        return std::move(*this).attribute(std::move(binding));
    }
    Class &&attribute(std::unique_ptr<detail::AttributeBinding> binding) &&
    {
        const std::string &name = binding->description.name;
        if (!m_info->attributes.contains(name))
            m_info->attributeOrder.push_back(name);
        m_info->attributes[name] = std::move(binding);
        return std::move(*this);
    }

    static void applyExtra(detail::MethodBinding &binding, std::size_t &next, Argument &&argument)
    {
        MethodDescription &description = binding.description;
        if (next >= description.parameters.size())
            throw ArgumentError(description.name + "() has no parameter for arg(\"" + argument.m_name + "\")");
        ParameterDescription &parameter = description.parameters[next++];
        parameter.name = std::move(argument.m_name);
        parameter.required = argument.m_required;
        parameter.defaultValue = std::move(argument.m_default);
    }
    static void applyExtra(detail::MethodBinding &binding, std::size_t &, std::string doc)
    {
        binding.description.doc = std::move(doc);
    }
    static void applyExtra(detail::MethodBinding &binding, std::size_t &, Effect effect) { binding.effect = effect; }

    void applyExtra(EventDescription &description, std::size_t &next, Argument &&argument)
    {
        if (next >= description.parameters.size())
            throw ArgumentError("the event " + description.name + " has nothing for arg(\"" + argument.m_name + "\")");
        description.parameters[next++].name = std::move(argument.m_name);
    }
    void applyExtra(EventDescription &description, std::size_t &, const Notifies &notifies)
    {
        for (const std::string &attribute : notifies.attributes) {
            const auto found = m_info->attributes.find(attribute);
            if (found == m_info->attributes.end())
                throw ArgumentError("the event " + description.name + " cannot notify of \"" + attribute
                                    + "\": bind that attribute first");
            found->second->description.notifiedBy = description.name;
        }
    }
    static void applyExtra(EventDescription &description, std::size_t &, std::string doc)
    {
        description.doc = std::move(doc);
    }

    std::shared_ptr<detail::ClassInfo> m_info;
};

// ---- implementation ----

namespace detail {

template <class T>
T convertArgument(const msgpack::object &object, std::string_view method, std::string_view parameter)
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
constexpr std::string_view resultTypeName() noexcept
{
    using Plain = std::remove_cvref_t<R>;
    if constexpr (std::is_void_v<R> || ByValue<Plain>)
        return typeNameOf<Plain>();
    else if constexpr (isFuture<Plain>)
        return resultTypeName<typename Plain::Result>();
    else
        return "object";
}

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

} // namespace detail
} // namespace decoy
