// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dispatcher.h"
#include "lane/channel_registry.h"
#include "lane/duck/poller.h"
#include "lane/rendezvous.h"
#include "lane/watchdog.h"
#include "memory/event_signal.h"
#include "ready_calls.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace decoy::lane {

/// Serves all lanes of one server: leader and followers.
///
/// All threads sleep in one epoll instance. A client that finds the server asleep rings its doorbell; the thread that wakes
/// becomes the leader and looks at the active channels until they have been quiet for a while. The leader runs calls itself, so
/// a fast call costs no hand-over. If a call runs for some milliseconds (see Watchdog), a timer wakes a follower, which tells the
/// client that its call is pending and takes the lead, so that nobody else waits behind it. A call that waits for an answer of its own passes
/// the lead on before it sleeps. Threads are started only when
/// no follower is left. When nothing happens, nothing runs; only mailboxes of the Duck lane, if there are any, are looked into
/// every few milliseconds.
class LaneServer {
public:
    /// Takes the system's resources; serves nothing yet. Without a rendezvous there are no clients but those that are adopted.
    LaneServer(std::optional<Rendezvous> rendezvous, std::shared_ptr<const ServedObjects> served,
               std::shared_ptr<const duck::Mailboxes> mailboxes, const ServerOptions &options);
    ~LaneServer();

    /// Serves from threads of its own.
    void start();
    /// Serves from the calling thread, and others as needed, until requestStop().
    void serveHere();
    /// Makes every thread leave when its call is done. Async-signal-safe.
    void requestStop() noexcept;
    /// Waits for all threads of its own; not from one of them.
    void join();
    /// Whether a call of this server runs in this thread.
    [[nodiscard]] bool isServedByThisThread() const noexcept;
    /// requestStop() and join().
    void endServing();
    /// The same from one of its own threads, which cannot wait for itself: the last one to leave destroys it, which is why it is given
    /// itself. After start(), and for no server that others use.
    void abandon(std::shared_ptr<LaneServer> self) noexcept;

    /// Serves the client at the other end of this socket. See ChannelRegistry::greetReverse(), handOut(), takeBack().
    [[nodiscard]] std::uint32_t adopt(FileDescriptor socket, const PeerCredentials &peer,
                                      std::shared_ptr<object::AwaitedCalls> awaited)
    {
        return m_channels.greetReverse(std::move(socket), peer, std::move(awaited));
    }
    void lend(std::uint32_t connection, const std::shared_ptr<object::Entry> &entry)
    {
        m_channels.handOut(connection, entry);
    }
    void takeBack(std::uint32_t connection, std::uint64_t object) { m_channels.takeBack(connection, object); }

    [[nodiscard]] std::vector<std::shared_ptr<ServerChannel>> channels() const { return m_channels.channels(); }
    /// There is one mailbox more.
    void mailboxAdded() noexcept { m_poller.wake(); }

private:
    class Worker;

    void addWorker();
    void serve(Worker &worker);
    void serveUntilStopped(Worker &worker);
    void tryHandleEvent(Worker &worker, EventTag tag, bool hangUp);
    void handleEvent(Worker &worker, EventTag tag, bool hangUp);
    void tick(Worker &worker);
    void keepFollower();
    void postponeTick(Worker &worker) noexcept;
    void lendCore(Worker &worker) noexcept;

    void activate(const std::shared_ptr<ServerChannel> &channel);
    void passOnLead(Worker &worker) noexcept;
    /// Whether there is work that needs a leader.
    [[nodiscard]] bool mustLead() const noexcept
    {
        return m_isLeadFree || m_hasActivated || m_areHeldDue || m_served->ready->areWaiting() || m_poller.isDue();
    }
    void lead(Worker &worker);
    [[nodiscard]] bool leads(const Worker &worker) const noexcept
    {
        return m_leader.load(std::memory_order_acquire) == &worker;
    }
    [[nodiscard]] bool serveNext(Worker &worker, bool &worked);
    [[nodiscard]] bool takeRequest(Worker &worker);
    [[nodiscard]] bool resumeOne(Worker &worker);
    [[nodiscard]] bool resumeReady(Worker &worker);
    [[nodiscard]] bool resumeWaiting(Worker &worker, bool &worked);
    [[nodiscard]] bool serveActive(Worker &worker, bool &worked);
    [[nodiscard]] bool serveMailboxes(Worker &worker, bool &worked);
    void takeRequest(Worker &worker, const std::shared_ptr<duck::Channel> &channel, bool &worked);
    [[nodiscard]] bool endLease(Worker &worker, const std::shared_ptr<duck::Channel> &channel);
    void adoptActivated();
    [[nodiscard]] bool rest(Worker &worker);
    void awaitEnd();
    void closeAll();

    const ServerOptions m_options;
    const std::shared_ptr<const ServedObjects> m_served;
    const Dispatcher m_dispatcher;
    FileDescriptor m_events;
    const memory::EventSignal m_stopSignal; // never cleared
    const memory::EventSignal m_leadSignal;
    const std::optional<Rendezvous> m_rendezvous;
    Watchdog m_watchdog;
    ChannelRegistry m_channels;
    const std::shared_ptr<const duck::Mailboxes> m_mailboxes;
    duck::Poller m_poller;
    std::atomic<bool> m_stopping{false};

    std::atomic<Worker *> m_leader{nullptr};
    std::atomic<bool> m_isLeadFree{false}; // the last leader has passed it on, with all that was to be done
    std::vector<std::shared_ptr<ServerChannel>> m_active;  // only the leader touches these four
    std::vector<std::shared_ptr<ServerChannel>> m_adopted; // empty between uses: keeps its memory
    std::size_t m_turn = 0; // whose turn it is among them: slow calls change the leader, and nobody must be left out
    /// Where a leader looks for work, in turn.
    enum class Source : std::uint8_t { Channels, Mailboxes, Waiting };
    Source m_nextSource = Source::Channels;

    std::mutex m_activatedMutex;
    std::vector<std::shared_ptr<ServerChannel>> m_activated; // for the leader to adopt
    std::atomic<bool> m_hasActivated{false};
    std::atomic<bool> m_areHeldDue{false}; // requests that have waited at a Hold

    std::atomic<int> m_serving{0};   // threads in serve(), or about to be
    std::atomic<int> m_followers{0}; // of them, those that sleep in epoll
    std::mutex m_endMutex;
    std::condition_variable m_ended; // m_serving is 0
    mutable std::mutex m_workersMutex;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::shared_ptr<LaneServer> m_self; // once abandoned
};

} // namespace decoy::lane
