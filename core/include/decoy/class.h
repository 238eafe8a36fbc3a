// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/by_value.h>
#include <decoy/description.h>
#include <decoy/error.h>
#include <decoy/event.h>
#include <decoy/member_bindings.h>
#include <decoy/target.h>
#include <decoy/value.h>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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

namespace detail {

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

} // namespace decoy
