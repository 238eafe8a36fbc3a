// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_series.h"
#include "session/selection.h"
#include "session/server_links.h"

#include <decoy/description.h>
#include <decoy/error.h>
#include <decoy/subscription.h>
#include <decoy/value.h>

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <QThreadPool>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace decoy::ui {

class HandleStore;

enum class CallKind : quint8 { Get, Set, Execute };

inline constexpr std::chrono::milliseconds defaultInvokeTimeout = std::chrono::seconds(5);

/// One request that the person makes. `object` is a published one by `name`, or a handle that is kept open.
struct CallRequest {
    ObjectRef object;
    std::string name; ///< of a published object; empty for a handle
    CallKind kind = CallKind::Execute;
    std::string member;
    std::vector<Value> positional; ///< for Set: the value, alone
    std::vector<std::pair<std::string, Value>> keywords;
    std::chrono::milliseconds timeout = defaultInvokeTimeout;
    bool wantsText = false; ///< make CallOutcome::text too, where it cannot hold up the window
};

/// What became of it. Exactly one of value and failure says something.
struct CallOutcome {
    quint64 call = 0;
    Value value;
    std::optional<Failure> failure;
    std::chrono::nanoseconds duration{};
    QByteArray text; ///< the value as indented JSON, if the request wanted it
};

/// What a repeated call came to; a failure only if it could not begin.
struct SeriesOutcome {
    SeriesSummary summary;
    std::optional<Failure> failure;
};

/// Subscriptions, and the channel that brings their events. Destroying it ends them.
struct SubscribeOutcome {
    std::vector<Subscription> subscriptions;
    std::optional<Connection> connection;
    std::optional<Failure> failure;
};

struct DescribeOutcome {
    /// Attributes, methods and events that are taken over of each kind: whoever has a hundred thousand must not stop the window.
    static constexpr std::size_t mostOfAKind = 500;

    Description description;
    std::size_t leftOut = 0; ///< attributes and methods beyond that
    std::optional<Failure> failure;
};

/// Makes calls without ever blocking the UI: each waits in a thread of a small pool, and its answer comes back to the
/// UI thread, bound to its own call. UI thread only.
class CallRunner : public QObject {
    Q_OBJECT

public:
    using CallDone = std::function<void(const CallOutcome &)>;
    using SeriesDone = std::function<void(const SeriesOutcome &)>;
    using DescribeDone = std::function<void(const DescribeOutcome &)>;
    using SubscribeDone = std::function<void(SubscribeOutcome &)>;

    CallRunner(ServerLinks &links, const HandleStore &handles, QObject *parent = nullptr);
    ~CallRunner() override;

    /// Starts a call and returns its number. `done` runs later, in this thread, unless the call was cancelled or `context`
    /// is gone. An answer to a cancelled call that comes after all goes to `late`.
    quint64 call(CallRequest request, QObject *context, CallDone done, CallDone late = {});

    /// Makes the same call `count` times, one after the other, in one thread; `done` runs once, at the end. Ends early when
    /// `progress` says so, and when the server is gone.
    quint64 repeat(CallRequest request, int count, std::shared_ptr<SeriesProgress> progress, QObject *context,
                   SeriesDone done);

    /// Asks what an object can do.
    quint64 describe(const ObjectRef &object, const std::string &name, QObject *context, DescribeDone done);

    /// Subscribes to events of an object. `handler` runs in process() of the outcome's connection.
    quint64 subscribe(const ObjectRef &object, const std::string &name, std::vector<std::string> events,
                      EventHandler handler, const SubscriptionOptions &options, QObject *context, SubscribeDone done);

    /// Stops waiting for an answer. The remote method may go on: nothing in the protocol can stop it.
    void cancel(quint64 call);

    /// Calls whose answer is still wanted.
    [[nodiscard]] int pending() const noexcept { return static_cast<int>(m_wanted.size()); }

private:
    struct Target {
        Proxy handle;
        std::string server;
        std::string name;
    };

    [[nodiscard]] Target targetOf(const ObjectRef &object, const std::string &name) const;
    [[nodiscard]] static Proxy resolve(ServerLinks &links, const Target &target);
    template <class Outcome>
    quint64 start(Target target, QObject *context, std::function<void(const Proxy &, Outcome &)> work,
                  std::function<void(Outcome &)> done, std::function<void(Outcome &)> late = {});

    ServerLinks &m_links;
    const HandleStore &m_handles;
    QThreadPool m_pool;
    QSet<quint64> m_wanted;
    quint64 m_lastCall = 0;
};

} // namespace decoy::ui
