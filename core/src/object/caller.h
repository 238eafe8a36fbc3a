// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/awaited_calls.h"
#include "object/object_table.h"
#include "object/promised_results.h"
#include "object/subscriptions.h"
#include "object/waiting_requests.h"
#include "wire/result.h"

#include <decoy/limits.h>
#include <decoy/proxy_server.h>
#include <decoy/tap.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

namespace decoy::object {

/// What one client holds of one object. Calls share it while they last, so that an object that was released meanwhile stays
/// the same one, with one id and one order of calls, until they are done.
struct HeldReference {
    HeldReference(std::shared_ptr<Entry> entry_, std::shared_ptr<ObjectTable> table_, bool isRoot_);
    ~HeldReference()
    {
        if (count != 0)
            table->release(entry, count);
    }
    HeldReference(const HeldReference &) = delete;
    HeldReference &operator=(const HeldReference &) = delete;

    const std::shared_ptr<Entry> entry;
    const std::shared_ptr<ObjectTable> table;
    const bool isRoot;        ///< stays, however often it is released
    const std::int64_t since; ///< CLOCK_MONOTONIC, ns
    std::atomic<int> level{0};
    std::uint64_t count = 0; ///< as the table counts it; guarded by the caller's mutex
};

/// One client as the dispatcher sees it: who it is, what it may reach, and where its answers go. A client reaches exactly
/// the objects that were handed to it. Thread-safe.
class Caller {
public:
    /// The lane's end that takes results. Never blocks; after the client is gone results go nowhere.
    class Answers {
    public:
        /// Told of an event when it stands in the client's ring, and before the client can know of it.
        class EventWitness {
        public:
            virtual void eventWritten(std::span<const std::byte> frame) noexcept = 0;

        protected:
            ~EventWitness() = default;
        };

        virtual ~Answers() = default;
        /// False if it is certain already that the client will not get it.
        virtual bool sendResult(std::uint64_t callId, std::span<const std::byte> frame) = 0;
        /// Lends memory in which a large result is built where it has to go; null if results are copied.
        [[nodiscard]] virtual PackLender *lender() noexcept { return nullptr; }
        /// False if it is lost: it found no room. A lane without events loses all. `witness` may be null.
        virtual bool sendEvent(std::uint64_t /*subscription*/, std::span<const std::byte> /*frame*/,
                               EventWitness * /*witness*/)
        {
            return false;
        }
        /// The last word on a subscription, which is not lost: a result that failed.
        virtual void endSubscription(std::uint64_t /*subscription*/, std::span<const std::byte> /*frame*/) {}
    };

    /// `answers` is the object that owns this caller: whoever shares the one shares the other. `limits` are this client's. `awaited` are
    /// the calls to this client; null: it has had none so far.
    Caller(std::uint32_t connection, PeerCredentials peer, Lane lane, std::shared_ptr<ObjectTable> table,
           const Limits &limits, Answers &answers, std::shared_ptr<AwaitedCalls> awaited = {});
    ~Caller();
    Caller(const Caller &) = delete;
    Caller &operator=(const Caller &) = delete;

    /// Where a client begins: an object that it may use without having been handed it. Its results have `level` + 1.
    void addRoot(std::shared_ptr<Entry> entry, int level);

    [[nodiscard]] std::shared_ptr<HeldReference> find(std::uint64_t object) const;
    /// Gives the client one more reference, already counted in the table, at this chain level.
    /// Throws LimitExceeded, and counts it back in the table, if the client holds too many; a client that is gone gets none.
    void handOut(const std::shared_ptr<Entry> &entry, int level);
    /// Takes one reference back. False if the client holds none.
    bool release(std::uint64_t object);

    /// Takes all references back; where it began it may still begin.
    void releaseAll();

    /// The client is gone: its references are released, and whoever is about to work for it need not.
    void dismiss();
    [[nodiscard]] bool isGone() const noexcept { return m_gone.load(std::memory_order_acquire); }
    bool sendResult(std::uint64_t callId, std::span<const std::byte> frame)
    {
        return m_answers.sendResult(callId, frame);
    }

    [[nodiscard]] PackLender *lender() noexcept { return m_answers.lender(); }
    bool sendEvent(std::uint64_t subscription, std::span<const std::byte> frame, Answers::EventWitness *witness)
    {
        return m_answers.sendEvent(subscription, frame, witness);
    }
    void endSubscription(std::uint64_t subscription, std::span<const std::byte> frame)
    {
        m_answers.endSubscription(subscription, frame);
    }
    /// What it has subscribed to; ended when it is dismissed.
    [[nodiscard]] Subscriptions &subscriptions() noexcept { return m_subscriptions; }
    [[nodiscard]] const Subscriptions &subscriptions() const noexcept { return m_subscriptions; }

    /// The calls to this client, over its reverse channel, that threads wait in.
    [[nodiscard]] const std::shared_ptr<AwaitedCalls> &awaited() const noexcept { return m_awaited; }

    /// Counts a request of `size` bytes that will wait for its turn. False if too much waits already.
    [[nodiscard]] bool mayWait(std::size_t size) noexcept;
    void stopWaiting(std::size_t size) noexcept { m_waitingBytes.fetch_sub(size, std::memory_order_relaxed); }

    [[nodiscard]] std::uint32_t connection() const noexcept { return m_connection; }
    [[nodiscard]] PeerCredentials peer() const noexcept { return {process(), m_peer.user, m_peer.group}; }
    [[nodiscard]] std::int32_t process() const noexcept { return m_process.load(std::memory_order_relaxed); }
    /// For a lane whose clients do not introduce themselves.
    void setProcess(std::int32_t process) noexcept { m_process.store(process, std::memory_order_relaxed); }
    [[nodiscard]] Lane lane() const noexcept { return m_lane; }
    [[nodiscard]] wire::Dialect dialect() const noexcept
    {
        return m_lane == Lane::Duck ? wire::Dialect::Duck : wire::Dialect::Native;
    }
    /// Bytes of its largest frame, prefix included.
    [[nodiscard]] std::uint32_t bufsize() const noexcept { return m_bufsize; }
    [[nodiscard]] ConnectionInfo info() const;

    /// Adds this client's part to a table's snapshot: how many hold an object, and at which level.
    void addTo(std::unordered_map<std::uint64_t, ObjectInfo *> &objects) const;
    /// Adds a row for each type that it holds.
    void addHeld(std::vector<HeldObjects> &held) const;

    WaitingRequests waiting;
    PromisedResults promised;
    /// A call of it is taken: by one thread at a time, which spares it a locked operation. Returns how many were in flight already.
    [[nodiscard]] std::uint64_t callTaken() noexcept
    {
        const std::uint64_t before = m_calls.load(std::memory_order_relaxed);
        m_calls.store(before + 1, std::memory_order_relaxed);
        return before - m_answered.load(std::memory_order_relaxed);
    }
    /// One that was taken is answered, or will never be. From any thread.
    void callAnswered() noexcept { m_answered.fetch_add(1, std::memory_order_release); }

private:
    const std::uint32_t m_connection;
    const PeerCredentials m_peer;
    std::atomic<std::int32_t> m_process;
    const Lane m_lane;
    const std::int64_t m_since;
    const std::uint32_t m_mostReferences;
    const std::uint32_t m_bufsize;
    const std::shared_ptr<ObjectTable> m_table;

    mutable std::mutex m_mutex; // the references
    std::unordered_map<std::uint64_t, std::shared_ptr<HeldReference>> m_references;
    std::uint64_t m_referenceCount = 0;

    Subscriptions m_subscriptions;

    Answers &m_answers;
    const std::shared_ptr<AwaitedCalls> m_awaited;
    std::atomic<bool> m_gone{false};
    std::atomic<std::size_t> m_waitingBytes{0};
    std::atomic<std::uint64_t> m_calls{0};
    std::atomic<std::uint64_t> m_answered{0}; // of those; the others are in flight
};

} // namespace decoy::object
