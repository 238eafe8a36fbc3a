// SPDX-License-Identifier: GPL-3.0-or-later
#include "generated_traffic.h"

#include "trace/tap_hub.h"
#include "ui/frame_bytes.h"

#include <array>
#include <chrono>

namespace decoy::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t connections = 4;
constexpr std::size_t roundsOfCycle = 16;

std::int64_t nanoseconds(Clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

QByteArray requestBytes(std::size_t round)
{
    switch (round % 4) {
    case 0: return frames::packed(ProxyOpCode::Get, {Value(1), Value("balance")});
    case 1: return frames::packed(ProxyOpCode::Set, {Value(1), Value("limit"), Value(5000)});
    case 2: return frames::execute(2, "calculate", {5, 7, std::string("interest")});
    default: return frames::execute(1, "deposit", {50});
    }
}

ProxyOpCode requestOpcode(std::size_t round)
{
    constexpr ProxyOpCode codes[] = {ProxyOpCode::Get, ProxyOpCode::Set, ProxyOpCode::Execute, ProxyOpCode::Execute};
    return codes[round % 4];
}

TrafficPattern::Frame frame(ProxyOpCode opcode, const QByteArray &bytes, std::size_t round, std::uint32_t connection)
{
    TrafficPattern::Frame result;
    result.bytes = bytes;
    result.event.opcode = static_cast<std::int8_t>(opcode);
    result.event.connection = connection + 1;
    result.event.process = static_cast<std::int32_t>(4000 + connection);
    result.event.object = round % 4 == 2 ? 2 : 1;
    result.event.callId = round;
    result.event.size = result.event.captured = static_cast<std::uint32_t>(bytes.size());
    if (static_cast<int>(opcode) < 0)
        result.event.flags = FrameEvent::FromServer;
    if (opcode == ProxyOpCode::ExecutionResult)
        result.event.latency = static_cast<std::int64_t>(2000 + round * 700);
    return result;
}

} // namespace

TrafficPattern::TrafficPattern()
{
    for (std::size_t round = 0; round < roundsOfCycle; ++round) {
        for (std::uint32_t connection = 0; connection < connections; ++connection)
            m_cycle.push_back(frame(requestOpcode(round), requestBytes(round), round, connection));
        if (round == 5)
            m_cycle.push_back(frame(ProxyOpCode::ResponsePending, frames::pending(), round, 1));
        for (std::uint32_t connection = 0; connection < connections; ++connection) {
            m_cycle.push_back(frame(ProxyOpCode::ExecutionResult, frames::result(1, 105), round, connection));
            if (round == 7 && connection == 2)
                m_cycle.back().event.flags |= FrameEvent::Failed;
        }
    }
}

const TrafficPattern::Frame &TrafficPattern::next(std::int64_t time)
{
    Frame &frame = m_cycle[m_next];
    frame.event.callId = m_round * roundsOfCycle + frame.event.callId % roundsOfCycle;
    frame.event.time = time;
    if (++m_next == m_cycle.size()) {
        m_next = 0;
        ++m_round;
    }
    return frame;
}

std::size_t BottomlessTap::drain(const Visitor &visitor, std::size_t most)
{
    const std::int64_t now = nanoseconds(Clock::now());
    std::size_t visited = 0;
    for (std::uint64_t sequence = m_emitted; sequence < m_count && visited < most; ++sequence, ++visited) {
        TrafficPattern::Frame frame = m_pattern.next(now + static_cast<std::int64_t>(visited) * 1000);
        frame.event.sequence = sequence;
        m_emitted = sequence + 1;
        visitor(frame.event, frames::view(frame.bytes));
    }
    return visited;
}

bool BottomlessTap::waitFor(std::chrono::nanoseconds time)
{
    if (m_emitted < m_count)
        return true;
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, time, [this] { return m_wakeRequested; });
    m_wakeRequested = false;
    return false;
}

void BottomlessTap::wake()
{
    const std::scoped_lock lock(m_mutex);
    m_wakeRequested = true;
    m_woken.notify_one();
}

PacedEmitter::PacedEmitter(double framesPerSecond)
    : m_hub(std::make_shared<trace::TapHub>()), m_thread(&PacedEmitter::emitFrames, this, framesPerSecond)
{}

PacedEmitter::~PacedEmitter()
{
    m_stopping = true;
    m_thread.join();
}

std::unique_ptr<Tap> PacedEmitter::tap() const { return trace::TapHub::open(m_hub, {}); }

void PacedEmitter::emitFrames(double framesPerSecond)
{
    TrafficPattern pattern;
    std::array<trace::CallTrace, connections + 1> calls; // each connection has one at a time
    const Clock::time_point start = Clock::now();
    std::uint64_t emitted = 0;
    for (auto due = start; !m_stopping; due += 1ms) {
        std::this_thread::sleep_until(due);
        const Clock::time_point now = Clock::now();
        const double owed = std::chrono::duration<double>(now - start).count() * framesPerSecond;
        for (; static_cast<double>(emitted) < owed; ++emitted) {
            const auto &frame = pattern.next(nanoseconds(Clock::now()));
            trace::CallTrace &call = calls[frame.event.connection];
            if (frame.event.isFromServer())
                m_hub->follow(call, frames::view(frame.bytes), [&] { return frame.event; });
            else
                call = m_hub->begin(frames::view(frame.bytes), [&] { return frame.event; });
        }
    }
}

} // namespace decoy::bench
