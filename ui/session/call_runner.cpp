// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/call_runner.h"

#include "session/handle_store.h"

#include <decoy/json.h>

#include <memory>

namespace decoy::ui {

namespace {

/// Calls that may wait at the same time; more queue up. A person does not have more hands, and a hung server must not
/// cost more threads.
constexpr int mostThreads = 16;

constexpr std::chrono::milliseconds describeTimeout = std::chrono::seconds(5);

Value perform(const CallRequest &request, const Proxy &object)
{
    switch (request.kind) {
    case CallKind::Get: return object.get(request.member);
    case CallKind::Set: object.set(request.member, request.positional.at(0)); return {};
    case CallKind::Execute: break;
    }
    return object.callWith(request.member, request.positional, request.keywords);
}

/// Takes away what is too much, and says how many that were.
template <typename Member>
std::size_t cut(std::vector<Member> &members)
{
    const std::size_t before = members.size();
    if (before > DescribeOutcome::mostOfAKind)
        members.erase(members.begin() + DescribeOutcome::mostOfAKind, members.end());
    return before - members.size();
}

constexpr int jsonIndent = 2;

SeriesSummary performSeries(const CallRequest &request, int count, const Proxy &object, SeriesProgress &progress)
{
    using Clock = std::chrono::steady_clock;
    SeriesTimes times(count);
    const auto begin = Clock::now();
    bool isServerThere = true;
    while (times.made() < count && isServerThere && !progress.stop) {
        const auto since = Clock::now();
        try {
            perform(request, object);
            times.addSuccess(Clock::now() - since);
        } catch (...) {
            const Failure failure = Failure::fromCurrentException({});
            times.addFailure(failure);
            ++progress.errors;
            isServerThere = failure.kind != ErrorKind::PeerDied;
        }
        progress.made = times.made();
    }
    return times.summary(Clock::now() - begin);
}

} // namespace

CallRunner::CallRunner(ServerLinks &links, const HandleStore &handles, QObject *parent)
    : QObject(parent), m_links(links), m_handles(handles)
{
    m_pool.setMaxThreadCount(mostThreads);
}

CallRunner::~CallRunner()
{
    // Nothing may wait for a server that does not answer, not even the end of the program.
    m_links.closeAll();
    m_pool.waitForDone();
}

CallRunner::Target CallRunner::targetOf(const ObjectRef &object, const std::string &name) const
{
    Target target = {{}, object.server.toStdString(), name};
    if (const Handle *handle = m_handles.find(object))
        target.handle = handle->proxy;
    return target;
}

Proxy CallRunner::resolve(ServerLinks &links, const Target &target)
{
    if (target.handle)
        return target.handle;
    if (target.name.empty())
        throw ProxyObjectNotFound(
            "the monitor holds no reference to this object; open it from the object that returns it");
    return links.published(target.server, target.name);
}

template <class Outcome>
quint64 CallRunner::start(Target target, QObject *context, std::function<void(const Proxy &, Outcome &)> work,
                          std::function<void(Outcome &)> done, std::function<void(Outcome &)> late)
{
    const quint64 call = ++m_lastCall;
    m_wanted.insert(call);
    const QPointer<QObject> receiver(context);
    auto deliver = [this, call, receiver, done = std::move(done),
                    late = std::move(late)](const std::shared_ptr<Outcome> &outcome) {
        const bool isWanted = m_wanted.remove(call);
        if (receiver && isWanted)
            done(*outcome);
        else if (receiver && late)
            late(*outcome);
    };
    m_pool.start(
        [this, &links = m_links, target = std::move(target), work = std::move(work), deliver = std::move(deliver)] {
            auto outcome = std::make_shared<Outcome>();
            try {
                work(resolve(links, target), *outcome);
            } catch (...) {
                outcome->failure = Failure::fromCurrentException({});
                if (outcome->failure->kind == ErrorKind::ProxyObjectNotFound)
                    links.forget(target.server, target.name);
            }
            // The destructor waits for this thread, so `this` is there; what is posted to it afterwards is dropped with it.
            QMetaObject::invokeMethod(
                this, [deliver, outcome] { deliver(outcome); }, Qt::QueuedConnection);
        });
    return call;
}

quint64 CallRunner::call(CallRequest request, QObject *context, CallDone done, CallDone late)
{
    Target target = targetOf(request.object, request.name);
    const auto number = std::make_shared<quint64>(0);
    *number = start<CallOutcome>(
        std::move(target), context,
        [request = std::move(request)](const Proxy &object, CallOutcome &outcome) {
            const Proxy patient = object.withTimeout(request.timeout);
            const auto begin = std::chrono::steady_clock::now();
            try {
                outcome.value = perform(request, patient);
            } catch (...) {
                outcome.duration = std::chrono::steady_clock::now() - begin;
                throw;
            }
            outcome.duration = std::chrono::steady_clock::now() - begin;
            if (request.wantsText)
                outcome.text = QByteArray::fromStdString(toJson(outcome.value, jsonIndent));
        },
        [number, done = std::move(done)](CallOutcome &outcome) {
            outcome.call = *number;
            done(outcome);
        },
        [number, late = std::move(late)](CallOutcome &outcome) {
            outcome.call = *number;
            if (late)
                late(outcome);
        });
    return *number;
}

quint64 CallRunner::repeat(CallRequest request, int count, std::shared_ptr<SeriesProgress> progress, QObject *context,
                           SeriesDone done)
{
    Target target = targetOf(request.object, request.name);
    return start<SeriesOutcome>(
        std::move(target), context,
        [request = std::move(request), count, progress = std::move(progress)](const Proxy &object,
                                                                              SeriesOutcome &outcome) {
            outcome.summary = performSeries(request, count, object.withTimeout(request.timeout), *progress);
        },
        [done = std::move(done)](SeriesOutcome &outcome) { done(outcome); });
}

quint64 CallRunner::describe(const ObjectRef &object, const std::string &name, QObject *context, DescribeDone done)
{
    return start<DescribeOutcome>(
        targetOf(object, name), context,
        [](const Proxy &proxy, DescribeOutcome &outcome) {
            outcome.description = proxy.withTimeout(describeTimeout).describe();
            Description &found = outcome.description;
            outcome.leftOut = cut(found.attributes) + cut(found.methods);
            cut(found.events);
        },
        [done = std::move(done)](DescribeOutcome &outcome) { done(outcome); });
}

quint64 CallRunner::subscribe(const ObjectRef &object, const std::string &name, std::vector<std::string> events,
                              EventHandler handler, const SubscriptionOptions &options, QObject *context,
                              SubscribeDone done)
{
    return start<SubscribeOutcome>(
        targetOf(object, name), context,
        [&links = m_links, server = object.server.toStdString(), events = std::move(events),
         handler = std::move(handler), options](const Proxy &proxy, SubscribeOutcome &outcome) {
            outcome.connection = links.connection(server);
            for (const std::string &event : events)
                outcome.subscriptions.push_back(proxy.subscribe(event, handler, options));
        },
        [done = std::move(done)](SubscribeOutcome &outcome) { done(outcome); });
}

void CallRunner::cancel(quint64 call) { m_wanted.remove(call); }

} // namespace decoy::ui
