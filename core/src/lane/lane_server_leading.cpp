// SPDX-License-Identifier: BSD-3-Clause

// LaneServer: what the thread that leads does, source by source, until it rests or another one leads.

#include "hold_hub.h"
#include "lane/lane_server.h"
#include "lane/lane_server_worker.h"
#include "memory/placement.h"
#include "ready_calls.h"

#include <algorithm>
#include <chrono>
#include <sched.h>

namespace decoy::lane {

namespace {

/// Requests served from one channel before the next one gets its turn.
constexpr int requestsATurn = 16;
/// Requests served before the core is left to a client that waits on it: each time costs the others two changes of threads.
constexpr int requestsALoan = 14;
/// Loans in a row after which it is not a guest who waits there, but a crowd: then the thread moves to the clients that it has served
/// meanwhile, and those that have waited get this core for themselves. That costs some 10 us, but not for each of their calls.
constexpr int loansToCrowd = 4;
/// How long it stays before that: so long they wait.
constexpr auto stay = std::chrono::microseconds(100);
/// Turns after which the leader looks whether the watchdog's tick can be put off: often enough if each takes a few microseconds.
constexpr unsigned turnsAPostponement = 32;

} // namespace

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
    const bool isCrowd = worker.loans >= loansToCrowd;
    if (isCrowd) {
        const auto now = std::chrono::steady_clock::now();
        if (now < worker.staysUntil)
            return;
        worker.staysUntil = now + stay;
    }
    if (!std::exchange(worker.owesCore, false)) {
        worker.loans = 0;
        return;
    }
    if (isCrowd && memory::moveToCore(worker.coreElsewhere))
        return;
    worker.loans = isCrowd || !worker.isOurs ? 0 : worker.loans + 1; // short ones, where it cannot move
    sched_yield();
}

void LaneServer::lead(Worker &worker)
{
    if (m_isLeadFree.load(std::memory_order_relaxed)) {
        m_isLeadFree.store(false, std::memory_order_relaxed);
        keepFollower(); // whoever has passed it on waits
    }
    worker.isWatched = false;
    worker.backoff.woke();
    worker.parting.woke();
    if (!m_hasActivated && m_active.empty()) // the clients of mailboxes have no habit of calling just now
        worker.backoff.skip();
    while (!m_stopping) {
        adoptActivated();
        bool worked = false;
        if (!serveNext(worker, worked) || !serveNext(worker, worked) || !serveNext(worker, worked))
            return;
        if (worked)
            continue;
        if (worker.backoff.isBurstOver()) {
            worker.servedElsewhere = 0; // nobody there has asked again
            worker.loans = 0;
            worker.serveNobody();
        }
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

/// All requests that have waited for a result. False if another thread leads now.
bool LaneServer::resumeReady(Worker &worker)
{
    while (m_served->ready->areWaiting()) {
        (void)resumeOne(worker);
        if (!leads(worker))
            return false;
    }
    return true;
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

/// The next one of the client that this thread works for.
bool LaneServer::takeRequest(Worker &worker)
{
    ServerChannel &channel = *worker.channel;
    try {
        if (!channel.receive(worker.request))
            return false;
        const ReceivedRequest &request = worker.request;
        IncomingCall call(worker.caller, request.callId, request.oneWay, request.frame);
        call.isReferable = request.isReferable;
        call.isOnResult = request.isOnResult;
        call.within = request.within;
        if (request.lends) {
            call.lends = true;
            call.reverse = channel.reverse();
        }
        m_dispatcher.handle(std::move(call), worker.workspace);
        return true;
    } catch (const std::exception &) { // no memory to answer with
        channel.close();
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
        worker.serve(m_active[next]); // its own: when a call has run long, another thread leads and changes the list
        ServerChannel &channel = *worker.channel;
        channel.flush();
        int served = 0;
        while (served < requestsATurn) {
            // What waited for a result goes before what its client may ask of that result since.
            if (m_served->ready->areWaiting() && !resumeReady(worker))
                return false;
            if (!takeRequest(worker))
                break;
            ++served;
            if (!leads(worker))
                return false;
        }
        if (served == 0)
            continue;
        worked = true;
        channel.expectMany(served > 1);
        const bool sharesCore = channel.sharesCore();
        const bool isHere = sharesCore && channel.waitsHere();
        worker.owesCore |= isHere;
        if (!isHere) {
            worker.servedElsewhere += served;
            worker.coreElsewhere = channel.clientCore();
        }
        if (worker.isOurs)
            worker.parting.waitBegins(isHere && m_active.size() == 1);
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
        const std::shared_ptr<object::Caller> caller(channel, &channel->caller());
        m_dispatcher.handle({caller, worker.request.callId, false, worker.request.frame}, worker.workspace);
    } catch (const std::exception &) {
        // No memory to answer with. There is no connection to close: the client has its own patience.
    }
}

/// As a call: destructors are the user's, and nobody waits behind them. False if another thread leads now.
bool LaneServer::endLease(Worker &worker, const std::shared_ptr<duck::Channel> &channel)
{
    const std::shared_ptr<object::Caller> caller(channel, &channel->caller());
    const IncomingCall lease(caller, 0, true, {});
    worker.callBegins(lease);
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
