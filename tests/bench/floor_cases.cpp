// SPDX-License-Identifier: BSD-3-Clause
#include "bench_case.h"
#include "child_process.h"
#include "placement.h"
#include "shared_array.h"

#include <atomic>
#include <cstring>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

// What no library can beat: two processes that copy bytes through shared memory, without frames, checks, or a second client.

namespace decoy::bench {

namespace {

constexpr std::size_t largest = 1024 * 1024;

/// How one side waits for the other.
enum class Waiting { LookThenSleep, Sleep };

/// One direction: a number that counts the messages, and the message.
class Half {
public:
    void send(const std::byte *bytes, std::uint32_t size)
    {
        std::memcpy(m_bytes, bytes, size);
        m_size = size;
        m_sequence.fetch_add(1); // seq_cst: ordered before the look at m_isAsleep
        if (m_isAsleep.load())
            futex(FUTEX_WAKE, 1);
    }

    /// Waits for the message after `last`. Returns its size.
    std::uint32_t receive(Waiting waiting, std::uint32_t &last, std::byte *bytes)
    {
        if (waiting == Waiting::Sleep || !look(last))
            sleep(last);
        ++last;
        std::memcpy(bytes, m_bytes, m_size);
        return m_size;
    }

private:
    bool look(std::uint32_t last) const
    {
        const auto end = Clock::now() + std::chrono::microseconds(100);
        do {
            for (int i = 0; i < 32; ++i) {
                if (m_sequence.load(std::memory_order_acquire) != last)
                    return true;
                relax();
            }
        } while (Clock::now() < end);
        return false;
    }

    void sleep(std::uint32_t last)
    {
        m_isAsleep.store(true);
        while (m_sequence.load() == last)
            futex(FUTEX_WAIT, last);
        m_isAsleep.store(false, std::memory_order_relaxed);
    }

    void futex(int operation, std::uint32_t value)
    {
        syscall(SYS_futex, &m_sequence, operation, value, nullptr, nullptr, 0);
    }

    static void relax()
    {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }

    alignas(128) std::atomic<std::uint32_t> m_sequence{0};
    alignas(128) std::atomic<bool> m_isAsleep{false};
    alignas(128) std::uint32_t m_size = 0;
    std::byte m_bytes[largest];
};

struct Exchange {
    Half request;
    Half reply;
};

void serve(Exchange &exchange, Waiting waiting)
{
    std::vector<std::byte> bytes(largest);
    for (std::uint32_t last = 0;;) {
        const std::uint32_t size = exchange.request.receive(waiting, last, bytes.data());
        exchange.reply.send(bytes.data(), size);
    }
}

auto echo(Plan plan, Waiting waiting, std::uint32_t size)
{
    return [=](const Conditions &conditions) -> Outcome {
        SharedArray<Exchange> exchange(1);
        const ChildProcess server([&](const ChildProcess::Tell &ready) {
            pin(conditions.pinning, Role::Server);
            ready();
            serve(exchange[0], waiting);
        });
        server.await();
        std::vector<std::byte> sent(largest);
        std::vector<std::byte> received(largest);
        std::uint32_t last = 0;
        return measure(conditions.adjusted(plan), {server.id()}, [&](int round) {
            std::memcpy(sent.data(), &round, sizeof round);
            exchange[0].request.send(sent.data(), size);
            return exchange[0].reply.receive(waiting, last, received.data()) == size
                && std::memcmp(sent.data(), received.data(), sizeof round) == 0;
        });
    };
}

Cases casesOf(const Peer &peer, Waiting waiting)
{
    using namespace std::chrono_literals;
    const std::string how = waiting == Waiting::Sleep ? "raw shared memory and futex: "
                                                      : "raw shared memory, awake for 100 us: ";
    return {
        {peer, "int", how + "4 bytes there and back", echo({200'000, 2.5s}, waiting, sizeof(int))},
        {peer, "int1ms", how + "the same after 1 ms of silence", echo({1000, 2.5s, 1ms}, waiting, sizeof(int))},
        {peer, "4K", how + "4 KiB", echo({30'000, 2.5s}, waiting, 4096)},
        {peer, "1M", how + "1 MiB", echo({2000, 2.5s}, waiting, largest)},
    };
}

} // namespace

Cases floorCases()
{
    Cases cases = casesOf(floorPeer, Waiting::LookThenSleep);
    for (Case &one : casesOf(futexPeer, Waiting::Sleep))
        cases.push_back(std::move(one));
    return cases;
}

} // namespace decoy::bench
