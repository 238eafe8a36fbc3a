// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/by_value.h>
#include <decoy/description.h>
#include <decoy/error.h>
#include <decoy/pack_buffer.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>

namespace decoy {

class EventSink;
class Proxy;

/// How the calls on one object may overlap.
enum class Threading : std::uint8_t {
    Serialised, ///< one at a time, in the order of arrival; on any server thread. The default. Objects that one owner keeps
                ///< alive (Target::owner) take turns as one: an account and the history inside it never overlap.
    Concurrent, ///< several at once, on several server threads; the object guards itself.
    Own, ///< on the server thread, but the object hands the work to a thread of its own at once (Reply::defer()).
};

/// The arguments of one call, as parsed and checked data. Valid only until the call returns; copy what is kept.
class Arguments {
public:
    Arguments(std::span<const msgpack::object> positional, std::span<const msgpack::object_kv> keywords) noexcept
        : m_positional(positional), m_keywords(keywords)
    {}

    [[nodiscard]] std::span<const msgpack::object> positional() const noexcept { return m_positional; }
    [[nodiscard]] std::span<const msgpack::object_kv> keywords() const noexcept { return m_keywords; }

    /// The keyword argument `name`, or null.
    [[nodiscard]] const msgpack::object *keyword(std::string_view name) const noexcept;

    /// The argument for each parameter, in order: positional first, then by name, null where it was left out.
    /// Throws ArgumentError that names the method and the argument if one is missing, unknown, given twice or one too many.
    /// `found` has one place per parameter.
    void bind(std::string_view method, std::span<const ParameterDescription> parameters,
              std::span<const msgpack::object *> found) const;

private:
    std::span<const msgpack::object> m_positional;
    std::span<const msgpack::object_kv> m_keywords;
};

class Target;

namespace detail {
/// What a Reply needs of the server: the only door from the object floor to the object table.
class ReplyContext {
public:
    virtual ~ReplyContext() = default;
    /// Writes the id, value and error of a result that is `target`. Throws LimitedProxyChaining, LimitExceeded.
    virtual void packObject(PackBuffer &out, std::shared_ptr<Target> target) = 0;
    virtual void packCallable(PackBuffer &out, std::string_view name) = 0;
    virtual void packFailure(PackBuffer &out, const Failure &failure) = 0;
    virtual void beginValue(PackBuffer &out) = 0;
    virtual void endValue(PackBuffer &out) = 0;
    /// Whether wrap() can serve objects of this class.
    [[nodiscard]] virtual bool isBound(std::type_index type) const = 0;
    /// The target for an object of a bound class. Throws ProxyError if the class was not bound.
    virtual std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) = 0;
    /// A context that outlives the call, for Reply::defer().
    virtual std::shared_ptr<ReplyContext> detach() = 0;
    /// Called once when a deferred reply was given.
    virtual void finished(PackBuffer &out) = 0;
    /// The stand-in for an argument that the client has lent; empty if it is none.
    [[nodiscard]] virtual Proxy lent(const msgpack::object &argument) const;
    /// Whether somebody is there who gets it.
    [[nodiscard]] virtual bool isWanted() const noexcept { return true; }
};
} // namespace detail

/// Takes the one answer to a request.
///
/// Exactly one of value(), object(), callable(), fail() or defer() is called; a later one replaces an earlier one, and a
/// target that gives none answers None. Not thread-safe, but a deferred reply may be answered from any thread.
class Reply {
public:
    Reply(detail::ReplyContext &context, PackBuffer &out) noexcept : m_context(&context), m_out(&out) {}
    virtual ~Reply() = default;
    Reply(const Reply &) = delete;
    Reply &operator=(const Reply &) = delete;

    /// Answers with a copy of `value`.
    template <ByValue T>
    void value(const T &value)
    {
        m_context->beginValue(*m_out);
        msgpack::pack(*m_out, value);
        m_context->endValue(*m_out);
        answered();
    }
    /// Answers None.
    void none() { value(msgpack::type::nil_t()); }

    /// Answers with a proxy to `target`, which the server keeps until the client releases it. The same real object
    /// (Target::identity) gets the same id again. A null `target` answers None.
    /// Throws LimitedProxyChaining if the client's chain is at its limit.
    void object(std::shared_ptr<Target> target);

    /// The same for an object of a bound class (ProxyServer::bind), served as what it really is if that class is bound, else
    /// as a T. Throws ProxyError if neither is. Constness ends here: bind only what may be called.
    template <class T>
        requires(!std::derived_from<T, Target>)
    void object(std::shared_ptr<T> object)
    {
        if (!object)
            return none();
        auto whole = std::const_pointer_cast<std::remove_const_t<T>>(std::move(object));
        if constexpr (std::is_polymorphic_v<T>) {
            // A base may lie anywhere within its object: the binding of the real class needs the real object's address.
            const std::type_index real = typeid(*whole);
            if (real != typeid(T) && m_context->isBound(real))
                return this->object(
                    m_context->wrap(real, std::shared_ptr<void>(whole, dynamic_cast<void *>(whole.get()))));
        }
        this->object(m_context->wrap(typeid(T), std::move(whole)));
    }

    /// Answers with the method `name` of the object that was asked.
    void callable(std::string_view name);

    /// Answers with an error.
    void fail(const Failure &failure);

    /// Promises an answer for later, from any thread, and returns the place to give it. If it is destroyed without one,
    /// the caller gets an error that says so. May outlive the server: then the answer goes nowhere.
    [[nodiscard]] std::shared_ptr<Reply> defer();
    /// The proxy for an argument, or the value of an attribute, that is an object or a callback of the client's own: valid until that
    /// client is gone, however long it is kept. Empty if the argument is plain data. See lending.h.
    [[nodiscard]] Proxy lent(const msgpack::object &argument) const;
    /// Bytes that the answer's frame may have, prefix included.
    [[nodiscard]] std::size_t bufsize() const noexcept { return m_out->limit(); }
    /// False once the client is gone: whoever works on a deferred answer may stop. From any thread.
    [[nodiscard]] bool isWanted() const noexcept { return m_context->isWanted(); }
    [[nodiscard]] bool isDeferred() const noexcept { return m_deferred; }
    [[nodiscard]] bool isAnswered() const noexcept { return m_answered; }

protected:
    virtual void finish() {}
    detail::ReplyContext *m_context;
    PackBuffer *m_out;

private:
    void answered()
    {
        m_answered = true;
        finish();
    }
    bool m_deferred = false;
    bool m_answered = false;
};

/// What the dispatcher can reach: the interface behind every object that is served.
///
/// You rarely write one: Class<T> binds any class, DynamicObject, the containers and QObjects have theirs. The dispatcher calls
/// it from server threads, as threading() allows. An exception that leaves a method becomes the caller's error: those of
/// error.h keep their kind, all others become RemoteError.
class Target {
public:
    Target() = default;
    virtual ~Target() = default;
    Target(const Target &) = delete;
    Target &operator=(const Target &) = delete;

    /// The name that people see: "Account". Stable for the target's life.
    [[nodiscard]] virtual std::string_view typeName() const noexcept = 0;
    [[nodiscard]] virtual Description describe() const = 0;
    /// Stable for the target's life.
    [[nodiscard]] virtual Threading threading() const noexcept { return Threading::Serialised; }
    /// The real object's address: targets with the same one and the same typeName() are one object to clients. (An object and
    /// its first member share an address.)
    [[nodiscard]] virtual const void *identity() const noexcept { return this; }
    /// What keeps the real object alive. Targets with the same owner are parts of one whole: their serialised calls take
    /// turns, and withdrawing the whole takes the parts along. Empty: the target itself.
    [[nodiscard]] virtual std::shared_ptr<const void> owner() const noexcept { return {}; }

    /// Answers with the attribute, or with the method as a callable. Throws AttributeNotFound.
    virtual void get(std::string_view attribute, Reply &reply) = 0;
    /// Changes the attribute and answers None. Throws AttributeNotFound, ArgumentError.
    virtual void set(std::string_view attribute, const msgpack::object &value, Reply &reply) = 0;
    /// Calls the method, dunder names included. Throws AttributeNotFound, ArgumentError.
    virtual void call(std::string_view method, const Arguments &arguments, Reply &reply) = 0;

    /// Gives the sink each event of this name from now on; see EventOutlet. `event` may also be an attribute: then it is the event that
    /// tells of its new values. What comes back ends the subscription when it is destroyed, from any thread.
    /// Throws AttributeNotFound; unless overridden, always.
    [[nodiscard]] virtual std::shared_ptr<void> subscribe(std::string_view event, std::shared_ptr<EventSink> sink);
};

namespace detail {
// For targets: why `name` cannot be used like that, with the nearest name that there is. All throw AttributeNotFound.
[[noreturn]] void throwAttributeNotFound(const Target &target, std::string_view what, std::string_view name);
[[noreturn]] void throwNotWritable(const Target &target, std::string_view name);
[[noreturn]] void throwNotCallable(const Target &target, std::string_view name);
[[noreturn]] void throwNoSuchEvent(const Target &target, std::string_view name);
} // namespace detail

} // namespace decoy
