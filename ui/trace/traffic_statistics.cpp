// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/traffic_statistics.h"

#include "trace/frame_peek.h"

#include <decoy/frame.h>
#include <decoy/proxy_server.h>

#include <algorithm>
#include <cctype>

namespace decoy::ui {

namespace {

constexpr std::int64_t nanosecondsInSecond = 1'000'000'000;
constexpr std::string_view releaseName = "__del__";
constexpr std::size_t longestMessage = 200;

/// "ArgumentError" of "ArgumentError: add() needs 'amount'": the Duck lane has no other place for it. Empty if there is none.
std::string_view typeInText(std::string_view message)
{
    const std::size_t end = message.find(": ");
    const std::string_view type = message.substr(0, end == std::string_view::npos ? 0 : end);
    const auto isWord = [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '_' || letter == '.';
    };
    return std::ranges::all_of(type, isWord) ? type : std::string_view();
}

std::size_t mixed(std::size_t hash, std::size_t more) noexcept { return (hash ^ more) * 0x9E3779B97F4A7C15U; }

} // namespace

std::size_t TrafficStatistics::MethodHash::operator()(const MethodName &name) const noexcept
{
    return mixed(mixed(std::hash<std::string_view>()(name.member), name.type), static_cast<std::uint8_t>(name.opcode));
}

TrafficStatistics::TrafficStatistics(const StatisticsLimits &limits) : m_limits(limits), m_seconds(secondsKept) {}

TrafficStatistics::~TrafficStatistics() = default;

void TrafficStatistics::learnObjects(const std::vector<ObjectInfo> &objects)
{
    const std::scoped_lock lock(m_mutex);
    for (const ObjectInfo &object : objects)
        m_types.learn(object.id, object.type);
}

void TrafficStatistics::learnTypes(const TrafficStatistics &other)
{
    const std::scoped_lock lock(m_mutex, other.m_mutex);
    m_types = other.m_types;
}

std::string TrafficStatistics::typeOf(std::uint64_t object) const
{
    const std::scoped_lock lock(m_mutex);
    return m_types.name(m_types.typeOf(object));
}

std::vector<HandedOut> TrafficStatistics::takeHandedOut()
{
    std::vector<HandedOut> taken;
    const std::scoped_lock lock(m_mutex);
    taken.reserve(m_handedOut.size());
    for (const auto &[object, type] : m_handedOut)
        taken.push_back({object, m_types.name(type)});
    m_handedOut.clear();
    return taken;
}

std::shared_ptr<const StatisticsSnapshot> TrafficStatistics::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    auto copy = std::make_shared<StatisticsSnapshot>(m_all);
    copy->generation = m_generation.load(std::memory_order_relaxed);
    copy->frames = m_frames.load(std::memory_order_relaxed);
    if (m_firstSecond != 0) {
        copy->firstSecond = std::max(m_firstSecond, m_lastSecond - secondsKept + 1);
        for (std::int64_t number = copy->firstSecond; number <= m_lastSecond; ++number)
            copy->seconds.push_back(m_seconds[static_cast<std::size_t>(number % secondsKept)]);
    }
    return copy;
}

void TrafficStatistics::frameAppended(Row row, const FrameEvent &event, std::span<const std::byte> bytes) noexcept
{
    const std::scoped_lock lock(m_mutex);
    try {
        count(row, event, bytes);
    } catch (const std::bad_alloc &) {
        // A new row of the statistics found no memory: the capture is worth more.
    }
    m_frames.store(row + 1, std::memory_order_relaxed);
}

void TrafficStatistics::captureBegun() noexcept
{
    const std::scoped_lock lock(m_mutex);
    m_openCalls.clear();
}

void TrafficStatistics::framesCleared(std::uint64_t generation) noexcept
{
    const std::scoped_lock lock(m_mutex);
    m_openCalls.clear();
    m_methods.clear();
    m_talkers.clear();
    m_errors.clear();
    m_all = {};
    m_firstSecond = m_lastSecond = 0;
    m_frames.store(0, std::memory_order_relaxed);
    m_generation.store(generation, std::memory_order_relaxed);
}

void TrafficStatistics::count(Row row, const FrameEvent &event, std::span<const std::byte> bytes)
{
    m_all.lastTime = std::max(m_all.lastTime, event.time);
    TalkerStatistics &talker = talkerOf(event);
    ++talker.frames;
    talker.bytes += event.size;
    talker.lastRow = row;
    if (talker.firstRow == noRow)
        talker.firstRow = row;

    SecondStatistics &now = second(event.time);
    ++now.frames;
    if (!event.isOfCall())
        return; // an event is no call, and the end of a subscription no error
    if (event.isFailed()) {
        ++now.errors;
        ++talker.errors;
    }
    if (event.isFromServer()) {
        countResult(row, event, bytes, talker);
        return;
    }
    if (!(event.flags & (FrameEvent::OneWay | FrameEvent::Edited))) { // an edited request is the same call
        ++now.calls;
        ++talker.calls;
    }
    countRequest(row, event, bytes, talker);
}

void TrafficStatistics::countRequest(Row row, const FrameEvent &event, std::span<const std::byte> bytes,
                                     TalkerStatistics &talker)
{
    const Index index = methodOf(event, bytes);
    MethodStatistics &method = m_all.methods[index];
    method.calls += event.flags & FrameEvent::Edited ? 0 : 1;
    method.lastRow = row;
    if (method.firstRow == noRow)
        method.firstRow = row;
    if (method.member == releaseName)
        ++talker.releases;
    countSize(row, event, method);
    const bool wasHeld = event.flags & (FrameEvent::Held | FrameEvent::Edited);
    if (!(event.flags & FrameEvent::OneWay))
        m_openCalls.remember(OpenCalls::Key::of(event), row, wasHeld ? index | heldCall : index);
}

void TrafficStatistics::noteHandedOut(std::span<const std::byte> bytes)
{
    const auto proxy = peekProxy(bytes);
    if (!proxy || m_types.typeOf(proxy->object) != ObjectTypes::unknown)
        return;
    m_types.learn(proxy->object, proxy->type);
    if (const auto type = m_types.typeOf(proxy->object);
        type != ObjectTypes::unknown && m_handedOut.size() < mostHandedOut)
        m_handedOut.emplace_back(proxy->object, type);
}

void TrafficStatistics::countResult(Row row, const FrameEvent &event, std::span<const std::byte> bytes,
                                    TalkerStatistics &talker)
{
    if (event.flags & FrameEvent::ProxyResult) {
        ++talker.proxies;
        talker.lastProxyRow = row;
        noteHandedOut(bytes);
    }
    if (event.opcode != static_cast<std::int8_t>(ProxyOpCode::ExecutionResult))
        return;
    const auto call = OpenCalls::Key::of(event);
    const Index tag = m_openCalls.tag(call, none);
    if (tag == none)
        return; // its request came before the capture
    m_openCalls.forget(call);
    const Index index = tag & ~heldCall;
    MethodStatistics &method = m_all.methods[index];
    if (!(tag & heldCall)) {
        if (event.latency >= method.latency.max())
            method.slowestRow = row;
        method.latency.add(event.latency);
    }
    method.lastRow = row;
    countSize(row, event, method);
    if (event.isFailed()) {
        ++method.errors;
        countError(row, event, bytes, index);
    }
}

void TrafficStatistics::countSize(Row row, const FrameEvent &event, MethodStatistics &method) const
{
    if (event.size > method.largestFrame) {
        method.largestFrame = event.size;
        method.largestRow = row;
    }
    if (m_limits.nearBufsize == 0 || event.size < m_limits.nearBufsize)
        return;
    if (method.nearBufsize++ == 0)
        method.firstNearRow = row;
    method.lastNearRow = row;
}

void TrafficStatistics::countError(Row row, const FrameEvent &event, std::span<const std::byte> bytes, Index method)
{
    PeekedError seen = peekError(bytes);
    if (seen.type.empty())
        seen.type = typeInText(seen.message);
    // Messages of one kind differ in their numbers; where there is no type, the message has to tell them apart.
    const std::string_view kind = seen.type.empty() ? seen.message : seen.type;
    const std::size_t key = mixed(std::hash<std::string_view>()(kind), method);
    const bool full = m_all.errors.size() >= m_limits.errors;
    auto place = m_errors.find(key);
    if (place == m_errors.end()) {
        if (full)
            return; // still counted by its method
        place = m_errors.emplace(key, static_cast<Index>(m_all.errors.size())).first;
        m_all.errors.push_back({.method = method,
                                .type = std::string(seen.type),
                                .message = std::string(seen.message.substr(0, longestMessage)),
                                .firstRow = row});
    }
    ErrorStatistics &error = m_all.errors[place->second];
    ++error.count;
    error.process = event.process;
    error.lastRow = row;
}

SecondStatistics &TrafficStatistics::second(std::int64_t time)
{
    // Frames of different threads may be slightly out of order; what is older than the ring is counted at its beginning.
    std::int64_t number = std::max<std::int64_t>(time / nanosecondsInSecond, 1);
    if (m_firstSecond == 0) {
        m_firstSecond = m_lastSecond = number;
        std::ranges::fill(m_seconds, SecondStatistics());
    }
    if (number - m_lastSecond >= secondsKept) {
        std::ranges::fill(m_seconds, SecondStatistics());
        m_lastSecond = number;
    }
    while (m_lastSecond < number)
        m_seconds[static_cast<std::size_t>(++m_lastSecond % secondsKept)] = {};
    number = std::max(number, std::max(m_firstSecond, m_lastSecond - secondsKept + 1));
    return m_seconds[static_cast<std::size_t>(number % secondsKept)];
}

TrafficStatistics::Index TrafficStatistics::methodOf(const FrameEvent &event, std::span<const std::byte> bytes)
{
    MethodName name{m_types.typeOf(event.object), event.opcode, peekMember(bytes)};
    if (const auto known = m_methods.find(name); known != m_methods.end())
        return known->second;
    if (m_all.methods.size() + 1 >= m_limits.methods) { // the last place is for all others together
        name = {};
        if (const auto others = m_methods.find(name); others != m_methods.end())
            return others->second;
    }
    const auto index = static_cast<Index>(m_all.methods.size());
    m_methods.emplace(MethodKey{name.type, name.opcode, std::string(name.member)}, index);
    MethodStatistics &method = m_all.methods.emplace_back();
    method.type = m_types.name(name.type);
    method.member = name.member;
    method.opcode = name.opcode;
    return index;
}

TalkerStatistics &TrafficStatistics::talkerOf(const FrameEvent &event)
{
    std::uint64_t key = std::uint64_t(event.connection) << 32U | static_cast<std::uint32_t>(event.process);
    if (const auto known = m_talkers.find(key); known != m_talkers.end())
        return m_all.talkers[known->second];
    TalkerStatistics talker{.process = event.process, .connection = event.connection};
    if (m_all.talkers.size() + 1 >= m_limits.talkers) {
        key = 0;
        talker = {};
        if (const auto others = m_talkers.find(key); others != m_talkers.end())
            return m_all.talkers[others->second];
    }
    m_talkers.emplace(key, static_cast<Index>(m_all.talkers.size()));
    return m_all.talkers.emplace_back(talker);
}

} // namespace decoy::ui
