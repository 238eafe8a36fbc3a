// SPDX-License-Identifier: BSD-3-Clause
#include "lane/lane_server.h"

#include "hold_hub.h"
#include "lane/lane_server_worker.h"
#include "memory/system_error.h"

#include <algorithm>
#include <string>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace decoy::lane {

namespace {

/// The server that this thread works for.
thread_local const LaneServer *servedByThisThread = nullptr;

FileDescriptor createEvents()
{
    FileDescriptor events(epoll_create1(EPOLL_CLOEXEC));
    if (!events.isOpen())
        memory::throwSystemError("create an epoll instance");
    return events;
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

LaneServer::LaneServer(std::optional<Rendezvous> rendezvous, std::shared_ptr<const ServedObjects> served,
                       std::shared_ptr<const duck::Mailboxes> mailboxes, const ServerOptions &options)
    : m_options(options), m_served(served), m_dispatcher(served), m_events(createEvents()),
      m_rendezvous(std::move(rendezvous)), m_channels(m_events, std::move(served), options),
      m_mailboxes(std::move(mailboxes)), m_poller(m_mailboxes)
{
    // The stop signal stays readable, so it reaches every thread; all others wake one thread an event.
    watch(m_events, m_stopSignal.descriptor(), EPOLLIN, EventTag::Kind::Stop);
    if (m_rendezvous) {
        memory::clearDeadMailboxes();
        watch(m_events, m_rendezvous->socket(), EPOLLIN | EPOLLET, EventTag::Kind::Listener);
    }
    watch(m_events, m_watchdog.timer(), EPOLLIN | EPOLLET, EventTag::Kind::Timer);
    watch(m_events, m_served->holds->timer(), EPOLLIN | EPOLLET, EventTag::Kind::Held);
    watch(m_events, m_served->ready->signal(), EPOLLIN | EPOLLET, EventTag::Kind::Ready);
    watch(m_events, m_leadSignal.descriptor(), EPOLLIN | EPOLLET, EventTag::Kind::Lead);
    watch(m_events, m_channels.followedSignal(), EPOLLIN | EPOLLET, EventTag::Kind::Followed);
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
        self = m_workers.emplace_back(std::make_unique<Worker>(*this)).get();
    }
    m_serving.fetch_add(1, std::memory_order_relaxed);
    serve(*self);
    servedByThisThread = nullptr;
    join();
}

void LaneServer::requestStop() noexcept
{
    m_stopping.store(true, std::memory_order_seq_cst);
    m_stopSignal.raise();
}

void LaneServer::join()
{
    awaitEnd();
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

/// A call may wait for its client, which waits for a request that nobody takes any more: that client is told.
void LaneServer::awaitEnd()
{
    constexpr std::chrono::milliseconds look{20};
    std::unique_lock lock(m_endMutex);
    while (!m_ended.wait_for(lock, look, [this] { return m_serving.load(std::memory_order_acquire) == 0; })) {
        for (const auto &channel : m_channels.channels()) {
            if (channel->hasUnread() && channel->caller().awaited()->waiting() != 0)
                channel->close();
        }
    }
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
    Worker &worker = *m_workers.emplace_back(std::make_unique<Worker>(*this));
    worker.isOurs = true;
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
    dutyOfThisThread = &worker;
    serveUntilStopped(worker);
    dutyOfThisThread = nullptr;
    // The last thread out tells the clients, even if nobody is there to join the threads.
    if (m_serving.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    {
        const std::lock_guard lock(m_endMutex);
        m_ended.notify_all();
    }
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
            worker.serveNobody();
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
    case EventTag::Kind::Lead:
    case EventTag::Kind::Mailboxes:
    case EventTag::Kind::Ready: return; // whoever is woken looks whether somebody must lead
    case EventTag::Kind::Followed: keepFollower(); return m_channels.hostFollowed();
    case EventTag::Kind::Reverse:
        keepFollower(); // what follows is the user's
        return m_channels.runFollowers(tag.connection);
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

/// A call of the leader's waits for something: another thread leads from here on, without waiting for the watchdog to notice.
void LaneServer::passOnLead(Worker &worker) noexcept
{
    if (!worker.slot.isBusy() || m_leader.load(std::memory_order_relaxed) != &worker)
        return;
    m_isLeadFree.store(true, std::memory_order_seq_cst); // before anybody can lead, who is to see it
    Worker *self = &worker;
    if (m_leader.compare_exchange_strong(self, nullptr, std::memory_order_seq_cst))
        m_leadSignal.raise();
}

void LaneServer::tick(Worker &worker)
{
    m_watchdog.beginTick();
    bool someWork = false;
    bool someRun = false;
    {
        const std::lock_guard lock(m_workersMutex);
        for (const auto &other : m_workers) {
            someWork |= other->slot.look([&](const IncomingCall &call) {
                if (!call.oneWay)
                    m_dispatcher.sendPending({call.caller, call.callId, call.trace});
                Worker *leader = other.get();
                m_leader.compare_exchange_strong(leader, &worker, std::memory_order_acq_rel);
            });
            someRun |= other->slot.runsUnreported();
        }
    }
    m_watchdog.reportDeferred([this](const OpenCall &call) { m_dispatcher.sendPending(call); });
    // Also if nothing runs just now: who leads relies on it, and the next call of another one is spared a system call.
    // seq_cst: the tick was said to be over before this look, and who begins to lead looks at that afterwards.
    if (someRun)
        m_watchdog.ensureArmed();
    else if (someWork || m_leader.load(std::memory_order_seq_cst))
        m_watchdog.armCalmly();
    if (m_leader.load(std::memory_order_relaxed) == &worker)
        keepFollower();
}

} // namespace decoy::lane
