// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/description.h>
#include <decoy/frame.h>
#include <decoy/limits.h>
#include <decoy/pack_buffer.h>
#include <decoy/value.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace decoy {

/// How long a call may wait for its answer unless told otherwise.
inline constexpr std::chrono::milliseconds defaultCallTimeout = std::chrono::seconds(30);

/// A timeout that never ends; has to be asked for.
inline constexpr std::chrono::milliseconds waitForever = std::chrono::milliseconds::max();

/// One keyword argument: `p.call("deposit", 50, kw("memo", "gift"))`. Refers to its value; use it within the call.
template <class T>
struct KeywordArgument {
    std::string_view name;
    const T &value;
};
/// An object or a callback of this process as an argument: see lending.h.
class Lent;

namespace detail {
/// What may be an argument, or the value that an attribute is set to.
template <class T>
concept Passable = std::same_as<std::remove_cvref_t<T>, Lent> || ByValue<T>;
} // namespace detail

template <detail::Passable T>
[[nodiscard]] KeywordArgument<T> kw(std::string_view name, const T &value) noexcept
{
    return {name, value};
}

namespace detail {
class ClientLane;
class Lending;

/// A buffer that belongs to the calling thread and goes back to it; nested use gets another one.
struct ReturnBuffer {
    void operator()(PackBuffer *buffer) const noexcept;
};

/// A request that is being packed: such a buffer, and what the request lends.
struct BorrowedBuffer {
    [[nodiscard]] PackBuffer &operator*() const noexcept { return *buffer; }
    [[nodiscard]] PackBuffer *operator->() const noexcept { return buffer.get(); }

    std::unique_ptr<PackBuffer, ReturnBuffer> buffer;
    ClientLane *lane = nullptr;       ///< that it will be sent over
    std::shared_ptr<Lending> lending; ///< null: nothing
};
/// Packs an argument that stays here.
void packLent(BorrowedBuffer &request, const Lent &lent);
template <Passable T>
void packArgument(BorrowedBuffer &request, const T &value)
{
    if constexpr (std::is_same_v<T, Lent>)
        packLent(request, value);
    else
        msgpack::pack(*request, value);
}

/// How an item's key is kept: text stays where it is.
template <class Key>
using StoredKey = std::conditional_t<std::is_convertible_v<const Key &, std::string_view>, std::string_view,
                                     std::remove_cvref_t<Key>>;
class AsyncState;

/// What a call can be asked to give.
template <class T>
concept CallResult = std::is_void_v<T> || ByValue<T> || std::is_same_v<T, Value> || std::is_same_v<T, Proxy>;
/// Whether such a result may be an object, so that more can be asked of it before it is there.
template <class T>
inline constexpr bool mayBeObject = std::is_same_v<T, Value> || std::is_same_v<T, Proxy>;
/// How a call is sent that nobody waits for just now.
struct AsyncSending {
    bool isReferable = true; ///< requests may be made on its result before that is there
    bool isPublished = true; ///< it goes at once; false: with the next one, or when it is waited for
};
/// A result as the C++ type that the user asks for.
template <class T>
[[nodiscard]] T answerAs(Value value);
/// The arguments of a call: an array and a map.
template <class... Args>
void packArguments(BorrowedBuffer &request, const Args &...args);

template <class T>
inline constexpr bool isKeyword = false;
template <class T>
inline constexpr bool isKeyword<KeywordArgument<T>> = true;
} // namespace detail

/// An argument of a call: what msgpack-c can pack, an object or a callback that is lent (lending.h), or one of them in kw().
template <class T>
concept CallArgument = detail::Passable<T> || detail::isKeyword<std::remove_cvref_t<T>>;

class AttributeReference;
class EventHandler;
template <class Key>
class RemoteItem;
template <class T>
class RemoteRange;
class SharedMemory;
class Subscription;
struct DuckAddress;
struct SubscriptionOptions;
template <class T>
class Future;

/// Stands in for an object that lives in another process: reads and sets its attributes, calls its methods.
///
/// A handle: copies stand for the same reference, and the last one destroyed releases it at the server (without waiting: a
/// release that finds the channel full goes with the next call). A method must not call its own object through a proxy: calls
/// on one object take turns, so it would wait for itself until its deadline. (A callback of its caller may: see lending.h.)
/// A default-constructed or closed proxy throws ProxyObjectNotFound on every use. All methods may be used from several
/// threads; calls of one thread on one object keep their order. Every method that talks to the server throws PeerDied,
/// CallTimeout, ProxyObjectNotFound, DataTooBigError, DataDecodeError and whatever the target failed with (RemoteError,
/// AttributeNotFound, ArgumentError, LimitedProxyChaining).
/// Source: the reference's Proxy.
class Proxy {
public:
    Proxy() = default;

    /// Reads an attribute. A method comes as a callable, an object as a chained proxy.
    template <class T = Value>
    [[nodiscard]] T get(std::string_view attribute) const
    {
        return as<T>(getValue(attribute));
    }

    /// Sets an attribute.
    template <detail::Passable T>
    void set(std::string_view attribute, const T &value) const;

    /// Removes an attribute, where the object allows that. Source: the reference's `del proxy.attribute`.
    void remove(std::string_view attribute) const;

    /// How many items a container has, and whether it has this one: of a dictionary, this key.
    [[nodiscard]] std::size_t size() const { return call<std::size_t>("__len__"); }
    template <ByValue T>
    [[nodiscard]] bool contains(const T &item) const
    {
        return call<bool>("__contains__", item);
    }

    /// `p[0]` and `p.at("key")` read and write an item: `int first = p[0]; p.at("volume") = 7;` (`p["a"]` is an attribute, see below.)
    template <std::integral Index>
        requires(!std::same_as<Index, bool>)
    [[nodiscard]] RemoteItem<Index> operator[](Index index) const
    {
        return at(index);
    }
    template <ByValue Key>
    [[nodiscard]] RemoteItem<detail::StoredKey<Key>> at(const Key &key) const;

    /// Adds an item to a list, at the end or before an index, or a key to a set: then whether it is new.
    template <ByValue T>
    void append(const T &item) const
    {
        call<void>("append", item);
    }
    template <ByValue T>
    void insert(std::int64_t index, const T &item) const
    {
        call<void>("insert", index, item);
    }
    template <ByValue T>
    bool insert(const T &key) const
    {
        return call<bool>("add", key);
    }
    /// Removes the item at an index of a list, or of a key. Throws ArgumentError if there is none.
    template <ByValue Key>
    void erase(const Key &key) const
    {
        call<void>("__delitem__", key);
    }

    /// The container's items one after the other, fetched in batches, each as a T: see remote_range.h.
    /// `for (int number : p.range<int>())`; to go through Values, the proxy itself is a range.
    template <class T = Value>
    [[nodiscard]] RemoteRange<T> range(std::uint32_t batch = itemsPerBatch) const;

    /// Calls a method with positional and keyword arguments: `p.call("deposit", 50, kw("memo", "gift"))`.
    template <class T = Value, CallArgument... Args>
    T call(std::string_view method, const Args &...args) const;

    /// The same without waiting: the future is the answer. Many calls may be under way at once, up to Limits::callsInFlight of the
    /// server, beyond which this waits until one was answered (CallTimeout if none is before this call's own deadline, which begins
    /// now). Throws what can be known at once: PeerDied, DataTooBigError, ProxyObjectNotFound. Only on the native lane: one mailbox
    /// carries one call (ProxyError).
    template <class T = Value, CallArgument... Args>
    Future<T> callAsync(std::string_view method, const Args &...args) const;
    template <class T = Value>
    Future<T> getAsync(std::string_view attribute) const;
    template <detail::Passable T>
    Future<void> setAsync(std::string_view attribute, const T &value) const;

    /// The same with arguments that are only known at run time.
    Value callWith(std::string_view method, const std::vector<Value> &positional,
                   const std::vector<std::pair<std::string, Value>> &keywords = {}) const;

    /// `p["a"]` reads and writes the attribute: `double b = p["balance"]; p["owner"] = "Ada";`
    [[nodiscard]] AttributeReference operator[](std::string_view attribute) const;

    /// Calls the object itself, where it can be: `__call__`.
    template <CallArgument... Args>
    Value operator()(const Args &...args) const
    {
        return call("__call__", args...);
    }

    /// Sends one request frame and returns the answer as a value; raises the error that it carries.
    /// Source: the reference's get_response.
    Value getResponse(const Frame &frame, std::optional<std::chrono::milliseconds> timeout = {}) const;

    /// The mailbox of a proxy of the Duck lane. Lives as long as the proxy or a copy of it. Throws ProxyError on the native lane.
    /// Source: the reference's get_shared_memory.
    [[nodiscard]] const SharedMemory &sharedMemory() const;
    /// What another process needs to use the same object through the same mailbox: see openProxy(). Throws ProxyError on the
    /// native lane, where it needs the server's name and nothing else.
    [[nodiscard]] DuckAddress address() const;
    /// Waits until a frame stands in `memory` that has been written to its end, and reads it; see readFrame() in frame.h.
    /// Source: the reference's read_frame.
    [[nodiscard]] static Frame readFrame(const SharedMemory &memory,
                                         std::optional<std::chrono::milliseconds> timeout = defaultFrameTimeout);
    /// Writes a frame into `memory`; see writeFrame() in frame.h. Source: the reference's write_frame.
    static std::size_t writeFrame(const SharedMemory &memory, const Frame &frame);

    /// Has `handler` called with each event of this name from now on, or, if it is the name of an attribute, with each event that tells
    /// of its new values. See subscription.h, which has to be included: how events get lost, and that handlers run inside
    /// Connection::process() alone. Throws AttributeNotFound if there is no such event, LimitExceeded, and ProxyError on the Duck lane.
    [[nodiscard]] Subscription subscribe(std::string_view event, EventHandler handler) const;
    [[nodiscard]] Subscription subscribe(std::string_view event, EventHandler handler,
                                         const SubscriptionOptions &options) const;

    /// What the object can be asked for.
    [[nodiscard]] Description describe() const;

    /// The object's id at its server; never used again for another object. 0 for an empty proxy.
    [[nodiscard]] std::uint64_t id() const noexcept;
    /// How many proxies stand between the root proxy and this one; 0 again after a result that is plain data.
    [[nodiscard]] int level() const noexcept;
    /// The object's type name, as its server gave it.
    [[nodiscard]] std::string typeName() const;
    /// For a person: `<Proxy of Account, object 3, level 0>`. Source: the reference's __str__.
    [[nodiscard]] std::string toString() const;
    [[nodiscard]] bool isValid() const noexcept;
    explicit operator bool() const noexcept { return isValid(); }

    /// The same object, with another deadline for each call. The copy shares the reference; what its calls return has the
    /// same deadline.
    [[nodiscard]] Proxy withTimeout(std::chrono::milliseconds timeout) const;
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return m_timeout; }

    /// Releases the reference now, for all copies. Source: the reference's close.
    void close();

    /// For the library: a proxy for a reference that the server has handed out.
    explicit Proxy(std::shared_ptr<detail::RemoteObject> remote,
                   std::chrono::milliseconds timeout = defaultCallTimeout) noexcept
        : m_remote(std::move(remote)), m_timeout(timeout)
    {}
    [[nodiscard]] const std::shared_ptr<detail::RemoteObject> &remote() const noexcept { return m_remote; }

private:
    /// Starts a request: opcode, id, name.
    [[nodiscard]] detail::BorrowedBuffer beginRequest(ProxyOpCode opcode, std::string_view name) const;
    /// Sends what was packed and waits for the answer.
    Value exchange(detail::BorrowedBuffer request) const;
    [[nodiscard]] Value getValue(std::string_view attribute) const;
    /// Sends what was packed and does not wait.
    [[nodiscard]] std::shared_ptr<detail::AsyncState> start(detail::BorrowedBuffer request,
                                                            detail::AsyncSending sending) const;
    template <CallArgument... Args>
    [[nodiscard]] detail::BorrowedBuffer packCall(std::string_view method, const Args &...args) const;
    friend class Batch;

    template <class T>
    [[nodiscard]] static T as(Value value)
    {
        return detail::answerAs<T>(std::move(value));
    }

    std::shared_ptr<detail::RemoteObject> m_remote;
    std::chrono::milliseconds m_timeout = defaultCallTimeout;
};

/// `p["a"]`. Refers to its proxy's object by value; the name must outlive the expression.
class AttributeReference {
public:
    AttributeReference(Proxy proxy, std::string_view attribute) : m_proxy(std::move(proxy)), m_attribute(attribute) {}
    AttributeReference(const AttributeReference &) = default;
    /// `p["a"] = q["b"]` copies the attribute's value.
    AttributeReference &operator=(const AttributeReference &other)
    {
        m_proxy.set(m_attribute, other.m_proxy.get(other.m_attribute));
        return *this;
    }

    template <detail::Passable T>
    const AttributeReference &operator=(const T &value) const // NOLINT(misc-unconventional-assign-operator)
    {
        m_proxy.set(m_attribute, value);
        return *this;
    }
    template <class T>
        requires ByValue<T> || std::same_as<T, Proxy>
    operator T() const
    {
        return m_proxy.get<T>(m_attribute);
    } // NOLINT(google-explicit-constructor)

    /// Calls the method of this name.
    template <CallArgument... Args>
    Value operator()(const Args &...args) const
    {
        return m_proxy.call(m_attribute, args...);
    }

private:
    Proxy m_proxy;
    std::string_view m_attribute;
};

/// A method of an object in another process, as a result: `auto add = p.get("add").callable(); add(5);`
/// Source: the reference's callable descriptor.
class RemoteCallable {
public:
    RemoteCallable(Proxy object, std::string name) : m_object(std::move(object)), m_name(std::move(name)) {}

    template <CallArgument... Args>
    Value operator()(const Args &...args) const
    {
        return m_object.call(m_name, args...);
    }

    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    [[nodiscard]] const Proxy &object() const noexcept { return m_object; }

private:
    Proxy m_object;
    std::string m_name;
};

// ---- implementation ----

template <class T>
T detail::answerAs(Value value)
{
    static_assert(!std::is_same_v<T, std::string_view> && !std::is_same_v<T, const char *>
                      && !std::is_same_v<T, std::span<const std::byte>> && !std::is_same_v<T, msgpack::object>
                      && !std::is_same_v<T, msgpack::type::raw_ref>,
                  "this type would refer to a value that is gone: ask for std::string, std::vector or Value");
    if constexpr (std::is_same_v<T, Value>)
        return value;
    else if constexpr (std::is_same_v<T, Proxy>)
        return value.proxy();
    else if constexpr (!std::is_void_v<T>)
        return value.template as<T>();
}

template <detail::Passable T>
void Proxy::set(std::string_view attribute, const T &value) const
{
    detail::BorrowedBuffer request = beginRequest(ProxyOpCode::Set, attribute);
    detail::packArgument(request, value);
    exchange(std::move(request));
}

template <CallArgument... Args>
detail::BorrowedBuffer Proxy::packCall(std::string_view method, const Args &...args) const
{
    detail::BorrowedBuffer request = beginRequest(ProxyOpCode::Execute, method);
    detail::packArguments(request, args...);
    return request;
}

template <class... Args>
void detail::packArguments(BorrowedBuffer &request, const Args &...args)
{
    constexpr auto keywords = static_cast<std::uint32_t>((std::size_t{0} + ... + std::size_t{isKeyword<Args>}));
    constexpr auto positionals = static_cast<std::uint32_t>(sizeof...(Args)) - keywords;
    msgpack::packer<PackBuffer> packer(*request);
    [[maybe_unused]] const auto packPositional = [&request]<class Arg>(const Arg &arg) {
        if constexpr (!isKeyword<Arg>)
            packArgument(request, arg);
    };
    [[maybe_unused]] const auto packKeyword = [&packer, &request]<class Arg>(const Arg &arg) {
        if constexpr (isKeyword<Arg>) {
            packer.pack(arg.name);
            packArgument(request, arg.value);
        }
    };
    packer.pack_array(positionals);
    (packPositional(args), ...);
    packer.pack_map(keywords);
    (packKeyword(args), ...);
}

template <class T, CallArgument... Args>
T Proxy::call(std::string_view method, const Args &...args) const
{
    return as<T>(exchange(packCall(method, args...)));
}

} // namespace decoy

#include <decoy/future.h> // IWYU pragma: export; callAsync() returns one
#include <decoy/remote_item.h>
#include <decoy/remote_operators.h>
#include <decoy/remote_range.h>
