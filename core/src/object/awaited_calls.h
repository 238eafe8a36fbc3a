// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/strand.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace decoy::object {

struct Family;
class AwaitedCalls;
struct AwaitedCall;

/// One call that this process runs for a client, on the stack of the thread that runs it.
///
/// Together they say who waits for whom: a call may be made by a callback, which the thread of another call waits for. That thread comes
/// back only after it (AwaitedCalls), so whoever runs may look at all the frames behind it.
struct CallFrame {
    const Family *family = nullptr;      ///< that it is made on
    bool holdsTurn = false;              ///< no other call on the family may run meanwhile
    const CallFrame *outer = nullptr;    ///< of the same thread
    AwaitedCall *within = nullptr;       ///< the call of ours that its client makes it within
    const AwaitedCalls *books = nullptr; ///< of that client
    std::uint64_t callId = 0;            ///< the client's
};

/// What this thread runs right now, if anything.
inline thread_local const CallFrame *callOfThisThread = nullptr;

/// How many of the calls on `family` are this thread's own, or wait for it to come back.
[[nodiscard]] std::uint32_t callsBehind(const CallFrame *frame, const Family &family) noexcept;

/// A call to a client during which a thread of ours waits.
struct AwaitedCall {
    std::uint64_t callId = 0;
    const CallFrame *frame = nullptr; ///< what that thread runs
    Strand turns;                     ///< of the calls on what that thread holds the turn of
    std::size_t inside = 0;           ///< calls that run within it; guarded by the books' mutex
    std::condition_variable left;
};

/// Threads of one server that wait in calls to any of its clients: some must be left that serve. Thread-safe.
class WaitingThreads {
public:
    explicit WaitingThreads(std::uint32_t most) noexcept : m_most(most) {}
    /// False if there are as many already.
    [[nodiscard]] bool mayWait() noexcept
    {
        if (m_count.fetch_add(1, std::memory_order_relaxed) < m_most)
            return true;
        goesOn();
        return false;
    }
    void goesOn() noexcept { m_count.fetch_sub(1, std::memory_order_relaxed); }

private:
    const std::uint32_t m_most;
    std::atomic<std::uint32_t> m_count{0};
};

/// The calls to one client that threads wait in while they run something themselves: by them the client proves that a request of its
/// own is made within one of ours, so that it may run although its object's turn is taken. Thread-safe.
class AwaitedCalls {
public:
    /// `ofServer` counts for all clients of a server; null: nobody does.
    explicit AwaitedCalls(std::uint32_t most, std::shared_ptr<WaitingThreads> ofServer = {}) noexcept
        : m_most(most), m_ofServer(std::move(ofServer))
    {}

    /// This thread waits for a call; for what is made within it, destroying this waits.
    class Wait {
    public:
        /// Throws LimitExceeded if too many threads wait for this client already, or for all clients of the server.
        Wait(AwaitedCalls &books, std::uint64_t callId);
        ~Wait();
        Wait(const Wait &) = delete;
        Wait &operator=(const Wait &) = delete;

    private:
        AwaitedCalls &m_books;
        AwaitedCall m_call;
    };

    /// A request within a call that is awaited, which does not end before this does.
    class Inside {
    public:
        Inside(std::shared_ptr<AwaitedCalls> books, AwaitedCall &call) noexcept;
        ~Inside();
        Inside(const Inside &) = delete;
        Inside &operator=(const Inside &) = delete;

        [[nodiscard]] AwaitedCall *call() const noexcept { return &m_call; }
        /// The turns that a call on this family takes: null if none of the waiting threads has the family's own.
        [[nodiscard]] Strand *turnsOf(const Family &family) const noexcept;

    private:
        const std::shared_ptr<AwaitedCalls> m_books;
        AwaitedCall &m_call;
    };
    /// Null if no thread waits in a call of this number. `books` are these.
    [[nodiscard]] static std::shared_ptr<Inside> enter(const std::shared_ptr<AwaitedCalls> &books,
                                                       std::uint64_t callId);

    /// Calls that threads wait in.
    [[nodiscard]] std::uint32_t waiting() const;

private:
    const std::uint32_t m_most;
    const std::shared_ptr<WaitingThreads> m_ofServer;
    mutable std::mutex m_mutex;
    std::vector<AwaitedCall *> m_calls;
};

} // namespace decoy::object
