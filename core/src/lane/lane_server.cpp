// SPDX-License-Identifier: BSD-3-Clause
#include "lane/lane_server.h"

#include "hold_hub.h"
#include "memory/backoff.h"
#include "memory/system_error.h"

#include <algorithm>
#include <cerrno>
#include <sched.h>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace decoy::lane {

namespace {

/// The server that this thread works for.
thread_local const LaneServer *servedByThisThread = nullptr;

/// Requests served from one channel before the next one gets its turn.
constexpr int requestsATurn = 16;
/// Requests served before the core is left to a client that waits on it: each time costs the others two changes of threads.
constexpr int requestsALoan = 14;
/// Turns after which the leader looks whether the watchdog's tick can be put off: often enough if each takes a few microseconds.
constexpr unsigned turnsAPostponement = 32;

FileDescriptor createEvents()
{
    FileDescriptor events(epoll_create1(EPOLL_CLOEXEC));
    if (!events.isOpen())
        memory::throwSystemError("create an epoll instance");
    return events;
}

FileDescriptor createStopSignal()
{
    FileDescriptor signal(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!signal.isOpen())
        memory::throwSystemError("create an eventfd");
    return signal;
}

void watch(const FileDescriptor &events, const FileDescriptor &descriptor, std::uint32_t what, EventTag::Kind kind)
{
    epoll_event event{};
    event.events = what;
    event.data.u64 = EventTag{kind, 0}.pack();
    if (epoll_ctl(events.get(), EPOLL_CTL_ADD, descriptor.get(), &event) != 0)
        memory::throwSystemError("watch a descriptor");
}

} // namespace

/// One server thread, and what others may know of it.
class LaneServer::Worker final : public CallWatch {
public:
    explicit Worker(Watchdog &watchdog) : workspace(*this), m_watchdog(watchdog) {}

    void callBegins(const IncomingCall &call) noexcept override
    {
        slot.begin({call.caller, call.callId, call.trace}, call.oneWay);
        m_watchdog.ensureArmed();
    }
    void callEnds() noexcept override { slot.end(); }
    void callDeferred(const IncomingCall &call, std::weak_ptr<void> stillOpen) override
    {
        m_watchdog.addDeferred({call.caller, call.callId, call.trace}, std::move(stillOpen));
    }

    CallSlot slot;
    Workspace workspace;
    ReceivedRequest request;
    memory::Backoff backoff; // while it leads
    unsigned turns = 0;      // that it has given to channels
    int servedElsewhere = 0; // requests of clients on other cores that were served since this one was left to others
    bool owesCore = false;   // to clients that were answered since, and wait on it
    std::thread thread;      // not joinable for the thread that called serveHere()

private:
    Watchdog &m_watchdog;
};

LaneServer::LaneServer(std::optional<Rendezvous> rendezvous, std::shared_ptr<const ServedObjects> served,
                       std::shared_ptr<const duck::Mailboxes> mailboxes, const ServerOptions &options)
    : m_options(options), m_served(served), m_dispatcher(served), m_events(createEvents()),
      m_stopSignal(createStopSignal()), m_rendezvous(std::move(rendezvous)),
      m_channels(m_events, std::move(served), options), m_mailboxes(std::move(mailboxes)), m_poller(m_mailboxes)
{
    // The stop signal stays readable, so it reaches every thread; all others wake one thread an event.
    watch(m_events, m_stopSignal, EPOLLIN, EventTag::Kind::Stop);
    if (m_rendezvous) {
        memory::clearDeadMailboxes();
        watch(m_events, m_rendezvous->socket(), EPOLLIN | EPOLLET, EventTag::Kind::Listener);
    }
    watch(m_events, m_watchdog.timer(), EPOLLIN | EPOLLET, EventTag::Kind::Timer);
    watch(m_events, m_served->holds->timer(), EPOLLIN | EPOLLET, EventTag::Kind::Held);
    watch(m_events, m_served->ready->signal(), EPOLLIN | EPOLLET, EventTag::Kind::Ready);
    watch(m_events, m_poller.timer(), EPOLLIN | EPOLLET, EventTag::Kind::Mailboxes);
    if (m_poller.unlinked().isOpen())
        watch(m_events, m_poller.unlinked(), EPOLLIN | EPOLLET, EventTag::Kind::Unlinked);
}

LaneServer::~LaneServer() { endServing(); }

void LaneServer::endServing()
{
    requestStop();
    join();
}

void LaneServer::abandon(std::shared_ptr<LaneServer> self) noexcept
{
    requestStop();
    const std::lock_guard lock(m_workersMutex);
    for (const auto &worker : m_workers)
        worker->thread.detach();
    m_self = std::move(self);
}

void LaneServer::start()
{
    addWorker();
    addWorker();
}

void LaneServer::serveHere()
{
    addWorker();
    Worker *self = nullptr;
    {
        const std::lock_guard lock(m_workersMutex);
        self = m_workers.emplace_back(std::make_unique<Worker>(m_watchdog)).get();
    }
    m_serving.fetch_add(1, std::memory_order_relaxed);
    serve(*self);
    servedByThisThread = nullptr;
    join();
}

void LaneServer::requestStop() noexcept
{
    m_stopping.store(true, std::memory_order_seq_cst);
    const std::uint64_t one = 1;
    (void)!write(m_stopSignal.get(), &one, sizeof one);
}

void LaneServer::join()
{
    for (std::size_t i = 0;; ++i) {
        Worker *worker = nullptr;
        {
            const std::lock_guard lock(m_workersMutex);
            if (i >= m_workers.size())
                break;
            worker = m_workers[i].get();
        }
        if (worker->thread.joinable())
            worker->thread.join();
    }
    m_active.clear();
    m_activated.clear();
    closeAll();
}

void LaneServer::closeAll()
{
    m_served->holds->clear();
    m_served->ready->clear();
    m_channels.closeAll();
    for (const auto &mailbox : m_mailboxes->all())
        mailbox->abandon({ErrorKind::PeerDied, {}, "the server has stopped", {}});
}

void LaneServer::addWorker()
{
    const std::lock_guard lock(m_workersMutex);
    if (m_stopping || static_cast<int>(m_workers.size()) >= std::max(2, m_options.maxThreads))
        return;
    Worker &worker = *m_workers.emplace_back(std::make_unique<Worker>(m_watchdog));
    m_serving.fetch_add(1, std::memory_order_relaxed);
    try {
        worker.thread = std::thread([this, &worker] { serve(worker); });
    } catch (const std::system_error &error) {
        m_workers.pop_back();
        m_serving.fetch_sub(1, std::memory_order_relaxed);
        throw ProxyError(std::string("cannot start a server thread: ") + error.what());
    }
}

void LaneServer::keepFollower()
{
    if (m_followers.load(std::memory_order_relaxed) != 0)
        return;
    try {
        addWorker();
    } catch (const ProxyError &) {
        // The system has no thread to spare: the ones that there are follow when their calls are done.
    }
}

bool LaneServer::isServedByThisThread() const noexcept { return servedByThisThread == this; }

void LaneServer::serve(Worker &worker)
{
    servedByThisThread = this;
    serveUntilStopped(worker);
    // The last thread out tells the clients, even if nobody is there to join the threads.
    if (m_serving.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    closeAll();
    std::shared_ptr<LaneServer> self; // destroyed at the end, and this with it
    const std::lock_guard lock(m_workersMutex);
    self.swap(m_self);
}

void LaneServer::serveUntilStopped(Worker &worker)
{
    while (!m_stopping) {
        epoll_event event{};
        m_followers.fetch_add(1, std::memory_order_relaxed);
        const int count = epoll_wait(m_events.get(), &event, 1, -1);
        m_followers.fetch_sub(1, std::memory_order_relaxed);
        if (count == 1)
            tryHandleEvent(worker, EventTag::unpack(event.data.u64), event.events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR));
        // Whatever woke us, there may be work that has no leader.
        Worker *nobody = nullptr;
        while (!m_stopping
               && (m_leader.load(std::memory_order_relaxed) == &worker
                   || (mustLead() && m_leader.compare_exchange_strong(nobody, &worker)))) {
            lead(worker);
            nobody = nullptr;
        }
    }
}

void LaneServer::tryHandleEvent(Worker &worker, EventTag tag, bool hangUp)
{
    try {
        handleEvent(worker, tag, hangUp);
    } catch (const std::exception &) { // no memory: that costs this client its connection, not everybody the server
        m_channels.remove(tag.connection);
    }
}

void LaneServer::handleEvent(Worker &worker, EventTag tag, bool hangUp)
{
    switch (tag.kind) {
    case EventTag::Kind::Stop: return;
    case EventTag::Kind::Listener:
        keepFollower(); // authorise() is the user's code
        return m_channels.acceptAll(m_rendezvous->socket());
    case EventTag::Kind::Timer: return tick(worker);
    case EventTag::Kind::Greeting:
        if (const auto channel = m_channels.finishGreeting(tag.connection); channel && hasHungUp(channel->socket()))
            m_channels.remove(tag.connection); // its hang-up came together with its answer
        return;
    case EventTag::Kind::Socket:
        if (hangUp) {
            keepFollower(); // so are the destructors of what the client held
            m_channels.remove(tag.connection);
        } else if (const auto channel = m_channels.find(tag.connection); channel && !channel->doorbell().isOpen()) {
            activate(channel);
        }
        return;
    case EventTag::Kind::Doorbell:
        if (const auto channel = m_channels.find(tag.connection))
            activate(channel);
        return;
    case EventTag::Kind::Held: return m_areHeldDue.store(true, std::memory_order_seq_cst);
    case EventTag::Kind::Mailboxes:
    case EventTag::Kind::Ready: return; // whoever is woken looks whether somebody must lead
    case EventTag::Kind::Unlinked: return m_poller.restoreNames();
    }
}

void LaneServer::activate(const std::shared_ptr<ServerChannel> &channel)
{
    if (channel->isActive.exchange(true, std::memory_order_seq_cst))
        return;
    const std::lock_guard lock(m_activatedMutex);
    m_activated.push_back(channel);
    m_hasActivated.store(true, std::memory_order_seq_cst);
}

void LaneServer::tick(Worker &worker)
{
    m_watchdog.beginTick();
    bool someWork = false;
    {
        const std::lock_guard lock(m_workersMutex);
        for (const auto &other : m_workers) {
            someWork |= other->slot.look([&](const OpenCall &call, bool oneWay) {
                if (!oneWay)
                    m_dispatcher.sendPending(call);
                Worker *leader = other.get();
                m_leader.compare_exchange_strong(leader, &worker, std::memory_order_acq_rel);
            });
        }
    }
    m_watchdog.reportDeferred([this](const OpenCall &call) { m_dispatcher.sendPending(call); });
    if (someWork) // also if nothing runs just now: the next call is then spared a system call
        m_watchdog.ensureArmed();
    if (m_leader.load(std::memory_order_relaxed) == &worker)
        keepFollower();
}

/// Between two calls of the leader, which knows of no others if all other threads sleep.
void LaneServer::postponeTick(Worker &worker) noexcept
{
    if (++worker.turns % turnsAPostponement == 0
        && m_serving.load(std::memory_order_relaxed) - m_followers.load(std::memory_order_relaxed) == 1)
        m_watchdog.postpone();
}

/// A client that waits on this thread's core cannot take its answer before it gets that core; clients on other cores would keep this
/// thread busy meanwhile, a whole time slice for each call of that one.
void LaneServer::lendCore(Worker &worker) noexcept
{
    if (worker.servedElsewhere < requestsALoan)
        return;
    worker.servedElsewhere = 0;
    if (std::exchange(worker.owesCore, false))
        sched_yield();
}

void LaneServer::lead(Worker &worker)
{
    worker.backoff.woke();
    if (!m_hasActivated && m_active.empty()) // the clients of mailboxes have no habit of calling just now
        worker.backoff.skip();
    while (!m_stopping) {
        adoptActivated();
        bool worked = false;
        if (!serveNext(worker, worked) || !serveNext(worker, worked) || !serveNext(worker, worked))
            return;
        if (worked)
            continue;
        if (worker.backoff.isBurstOver())
            worker.servedElsewhere = 0; // nobody there has asked again
        if (worker.backoff.pause())
            continue;
        if (m_poller.isDue())
            sched_yield();
        else if (rest(worker))
            return;
    }
    m_leader.store(nullptr, std::memory_order_seq_cst);
}

/// False if another thread leads now: it goes on with the next source, so that none is left out.
bool LaneServer::serveNext(Worker &worker, bool &worked)
{
    switch (m_nextSource) {
    case Source::Channels: m_nextSource = Source::Mailboxes; return serveActive(worker, worked);
    case Source::Mailboxes: m_nextSource = Source::Waiting; return serveMailboxes(worker, worked);
    case Source::Waiting: m_nextSource = Source::Channels; return resumeWaiting(worker, worked);
    }
    return true;
}

/// One request that has waited for a result or at a Hold. False if there is none.
bool LaneServer::resumeOne(Worker &worker)
try {
    if (m_served->ready->areWaiting()) {
        if (auto ready = m_served->ready->take()) {
            m_dispatcher.resume(std::move(*ready), worker.workspace);
            return true;
        }
    }
    if (!m_areHeldDue.load(std::memory_order_relaxed))
        return false;
    m_areHeldDue.store(false, std::memory_order_seq_cst); // before the look
    const auto held = m_served->holds->takeDue();
    if (!held)
        return false;
    m_areHeldDue.store(true, std::memory_order_seq_cst); // there may be more, for whoever leads by then
    m_dispatcher.resume(*held, worker.workspace);
    return true;
} catch (const std::exception &) {
    return true; // no memory to answer with: its client has a deadline
}

bool LaneServer::resumeWaiting(Worker &worker, bool &worked)
{
    for (int resumed = 0; resumed < requestsATurn && resumeOne(worker); ++resumed) {
        if (!leads(worker))
            return false;
        worked = true;
        worker.backoff.begin(false);
    }
    return true;
}

bool LaneServer::takeRequest(Worker &worker, const std::shared_ptr<ServerChannel> &channel)
{
    try {
        if (!channel->receive(worker.request))
            return false;
        const ReceivedRequest &request = worker.request;
        m_dispatcher.handle({{channel, &channel->caller()},
                             request.callId,
                             request.oneWay,
                             request.frame,
                             {},
                             request.isReferable,
                             request.isOnResult,
                             request.lends,
                             request.within,
                             request.lends ? channel->reverse() : nullptr},
                            worker.workspace);
        return true;
    } catch (const std::exception &) { // no memory to answer with
        channel->close();
        return true;
    }
}

bool LaneServer::serveActive(Worker &worker, bool &worked)
{
    for (std::size_t left = m_active.size(); left > 0; --left) {
        if (m_turn >= m_active.size())
            m_turn = 0;
        const std::size_t next = m_turn++;
        if (!m_active[next]->hasWork())
            continue;
        // A copy: when a call has run long, another thread leads and changes the list.
        const std::shared_ptr<ServerChannel> channel = m_active[next];
        channel->flush();
        int served = 0;
        while (served < requestsATurn && takeRequest(worker, channel)) {
            ++served;
            if (!leads(worker))
                return false;
        }
        if (served == 0)
            continue;
        worked = true;
        const bool sharesCore = channel->sharesCore();
        const bool isHere = sharesCore && channel->waitsHere();
        worker.owesCore |= isHere;
        worker.servedElsewhere += isHere ? 0 : served;
        worker.backoff.begin(sharesCore && worker.servedElsewhere == 0); // those elsewhere ask again soon
        postponeTick(worker);
    }
    lendCore(worker);
    return true;
}

void LaneServer::takeRequest(Worker &worker, const std::shared_ptr<duck::Channel> &channel, bool &worked)
{
    try {
        channel->flush();
        if (channel->isLeaseOver() && !endLease(worker, channel))
            return;
        if (!channel->receive(worker.request))
            return;
        worked = true;
        m_dispatcher.handle({{channel, &channel->caller()}, worker.request.callId, false, worker.request.frame},
                            worker.workspace);
    } catch (const std::exception &) {
        // No memory to answer with. There is no connection to close: the client has its own patience.
    }
}

/// As a call: destructors are the user's, and nobody waits behind them. False if another thread leads now.
bool LaneServer::endLease(Worker &worker, const std::shared_ptr<duck::Channel> &channel)
{
    worker.callBegins({.caller = {channel, &channel->caller()}, .oneWay = true, .frame = {}});
    channel->endLease();
    worker.callEnds();
    return leads(worker);
}

bool LaneServer::serveMailboxes(Worker &worker, bool &worked)
{
    if (!m_poller.isDue())
        return true;
    return m_poller.scan([&](const std::shared_ptr<duck::Channel> &channel) {
        takeRequest(worker, channel, worked);
        if (!leads(worker))
            return false;
        if (worked)
            worker.backoff.begin(false);
        return true;
    });
}

void LaneServer::adoptActivated()
{
    if (!m_hasActivated.load(std::memory_order_acquire))
        return;
    {
        const std::lock_guard lock(m_activatedMutex);
        m_adopted.swap(m_activated);
        m_hasActivated.store(false, std::memory_order_seq_cst);
    }
    std::erase_if(m_active, [](const auto &channel) { return channel->isClosed(); });
    for (auto &channel : m_adopted) {
        channel->disarm();
        if (std::ranges::find(m_active, channel) == m_active.end())
            m_active.push_back(std::move(channel));
    }
    m_adopted.clear();
}

bool LaneServer::rest(Worker &worker)
{
    // isActive goes first: a doorbell that rings from here on puts the channel back on the list of the activated.
    for (const auto &channel : m_active)
        channel->isActive.store(false, std::memory_order_seq_cst);
    const bool allQuiet = std::ranges::all_of(m_active, [](const auto &channel) { return channel->arm(); });
    if (!allQuiet) {
        for (const auto &channel : m_active) {
            channel->isActive.store(true, std::memory_order_seq_cst);
            channel->disarm();
        }
        return false;
    }
    m_active.clear();
    m_poller.rest();
    Worker *self = &worker;
    m_leader.compare_exchange_strong(self, nullptr, std::memory_order_seq_cst);
    return true; // serve() looks once more whether something was activated meanwhile
}

} // namespace decoy::lane
