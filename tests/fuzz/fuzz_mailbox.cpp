// SPDX-License-Identifier: BSD-3-Clause

// Both ends of a mailbox, and a peer that writes anything anywhere between their steps. The input is a script: what is to be done,
// and with which bytes.

#include "memory/mailbox.h"
#include "trace/clock.h"
#include "wire/duck_value.h"

#include <decoy/error.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

using namespace decoy;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// Gives out the input piece by piece.
class Script {
public:
    explicit Script(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }
    std::size_t number() { return atEnd() ? 0 : std::to_integer<std::size_t>(take(1)[0]); }
    std::span<const std::byte> take(std::size_t size)
    {
        const auto taken = m_bytes.first(std::min(size, m_bytes.size()));
        m_bytes = m_bytes.subspan(taken.size());
        return taken;
    }

private:
    std::span<const std::byte> m_bytes;
};

constexpr std::size_t size = 192;

/// A frame with room for its head at least, as the floors above make it.
std::vector<std::byte> makeFrame(Script &script)
{
    const auto payload = script.take(std::max<std::size_t>(6, script.number() % (size - 4)));
    std::vector<std::byte> frame(4);
    frame.insert(frame.end(), payload.begin(), payload.end());
    frame.resize(std::max<std::size_t>(frame.size(), 10));
    frame[3] = static_cast<std::byte>(frame.size() - 4);
    return frame;
}

class Peers {
public:
    void step(Script &script)
    {
        const std::size_t what = script.number();
        m_now += static_cast<std::int64_t>(what >> 3) * 40'000'000;
        switch (what & 7) {
        case 0: { // the rude one
            const auto bytes = script.take(1 + script.number() % size);
            const std::size_t offset = script.number() % (size - std::min(size - 1, bytes.size()));
            std::memcpy(m_memory.data() + offset, bytes.data(), bytes.size());
            return;
        }
        case 1: return take();
        case 2: return publish(makeFrame(script));
        case 3: return m_client.send(makeFrame(script));
        case 4:
            if (m_client.receive(m_frame, m_now))
                require(m_frame.size() >= 5 && m_frame.size() <= size);
            return;
        case 5:
            if (m_client.withdraw())
                require(!m_client.isBusy());
            return;
        case 6: (void)m_server.isWaitedFor(); return;
        default: checkValue(script.take(script.number()));
        }
    }

private:
    void take()
    {
        if (!m_server.take(m_frame, m_now))
            return;
        require(!m_server.hasRequest() && m_server.isWaitedFor() && m_client.isBusy());
        require(m_frame.size() >= 5 && m_frame.size() <= size);
    }
    void publish(const std::vector<std::byte> &result)
    {
        const auto before = m_memory;
        if (m_server.publish(result))
            require(std::memcmp(m_memory.data() + 4, result.data() + 4, 2) == 0);
        else
            require(std::ranges::equal(m_memory, before)); // the new request is as it was
        require(!m_server.publish(result));
    }
    static void checkValue(std::span<const std::byte> value)
    {
        try {
            wire::requireDuckValue(value);
        } catch (const ProxyError &) {
            // The one way to refuse.
        }
    }

    alignas(64) std::array<std::byte, size> m_memory{};
    memory::MailboxServerEnd m_server{m_memory};
    memory::MailboxClientEnd m_client{m_memory};
    std::vector<std::byte> m_frame;
    std::int64_t m_now = trace::now() + 3'600'000'000'000; // ahead of the clock, so that its pace makes no difference
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count)
{
    Script script(std::as_bytes(std::span(bytes, count)));
    Peers peers;
    while (!script.atEnd())
        peers.step(script);
    return 0;
}
