// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/problem_finder.h"

#include "trace/frame_peek.h"

#include <decoy/frame.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace decoy::ui {

namespace {

constexpr std::int64_t readWindow = 1'000'000'000; ///< ns
constexpr std::size_t mostAttributes = 64;         ///< told apart; more change nothing in the advice

// Bounds on what hostile or very busy clients can make it remember; beyond them it starts to learn again.
constexpr std::size_t mostOpenCalls = 64 * 1024;
constexpr std::size_t mostReadObjects = 16 * 1024;
constexpr std::size_t mostProblems = 256;

/// Levels from the limit down that count as near it.
constexpr int nearLevels = 1;

bool livesHere(std::int32_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

std::int64_t median(std::vector<std::int64_t> numbers)
{
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::ranges::nth_element(numbers, middle);
    return *middle;
}

Problem methodProblem(ProblemKind kind, const MethodStatistics &method)
{
    return {.kind = kind,
            .type = method.type,
            .member = method.member,
            .opcode = method.opcode,
            .count = method.calls,
            .first = method.firstRow,
            .last = method.lastRow,
            .frame = method.firstRow};
}

} // namespace

ProblemFinder::ProblemFinder(ProblemOptions options, TypeOf typeOf)
    : m_options([&options] {
          if (!options.isAlive)
              options.isAlive = livesHere;
          return std::move(options);
      }()),
      m_typeOf(std::move(typeOf))
{}

void ProblemFinder::look(const FrameSnapshot &frames, const StatisticsSnapshot &statistics)
{
    if (frames.generation() != m_generation)
        startAgain(frames.generation());
    if (m_next < frames.firstRow()) { // fell behind what the store could keep
        m_open.clear();
        m_next = frames.firstRow();
    }
    m_types.clear(); // more may be known of them by now
    for (; m_next < frames.endRow(); ++m_next)
        readFrame(frames, m_next);
    findDeadPeers(frames);
    m_measured.clear();
    if (statistics.generation == m_generation)
        findInStatistics(statistics);
}

void ProblemFinder::startAgain(std::uint64_t generation)
{
    m_generation = generation;
    m_next = 0;
    m_open.clear();
    m_reads.clear();
    m_found.clear();
}

void ProblemFinder::forgetOpenCalls() { m_open.clear(); }

std::vector<Problem> ProblemFinder::problems() const
{
    std::vector<Problem> all = m_found;
    all.insert(all.end(), m_measured.begin(), m_measured.end());
    std::ranges::stable_sort(all, std::ranges::greater(), &Problem::severity);
    return all;
}

void ProblemFinder::readFrame(const FrameSnapshot &frames, Row row)
{
    const FrameRecord &record = frames.record(row);
    const FrameEvent &event = record.event;
    // An answer may be among lost frames, and none comes after a new capture has begun: rather say nothing than a wrong thing.
    if (record.lostBefore > 0 || event.sequence < m_nextSequence)
        m_open.clear();
    m_nextSequence = event.sequence + 1;
    if (!event.isOfCall())
        return event.isLost() ? noteLostEvent(frames, row) : void();
    noteLevel(event, row);
    const CallKey call{event.connection, event.callId};
    if (event.isFromServer()) {
        if (event.opcode == static_cast<std::int8_t>(ProxyOpCode::ExecutionResult))
            m_open.erase(call);
        return;
    }
    if (event.process == m_options.ownProcess)
        return;
    if (event.opcode == static_cast<std::int8_t>(ProxyOpCode::Get))
        noteRead(frames, row);
    if (event.flags & FrameEvent::OneWay || event.process <= 0)
        return;
    if (m_open.size() >= mostOpenCalls)
        m_open.clear();
    m_open.insert_or_assign(call, OpenCall{row, event.process});
}

void ProblemFinder::noteRead(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    if (m_reads.size() >= mostReadObjects)
        m_reads.clear();
    Reads &reads = m_reads[{event.connection, event.object}];
    if (reads.first == noRow || event.time - reads.since >= readWindow) {
        reads.since = event.time;
        reads.inWindow = 0;
        reads.first = row;
    }
    const std::string_view attribute = peekMember(frames.bytes(row));
    if (reads.attributes.size() < mostAttributes && !reads.attributes.contains(attribute))
        reads.attributes.emplace(attribute);
    if (++reads.inWindow < m_options.chattyReadsPerSecond)
        return;

    Problem problem{.kind = ProblemKind::ChattyReads, .process = event.process};
    problem.type = typeOf(event.object);
    problem.first = problem.frame = reads.first;
    Problem &known = stored(problem);
    known.count += reads.inWindow == m_options.chattyReadsPerSecond ? reads.inWindow : 1;
    known.amount = std::max(known.amount, static_cast<std::int64_t>(reads.inWindow));
    known.limit = std::max(known.limit, static_cast<std::int64_t>(reads.attributes.size()));
    known.member = known.limit == 1 ? *reads.attributes.begin() : std::string();
    known.last = row;
}

void ProblemFinder::noteLevel(const FrameEvent &event, Row row)
{
    const int level = event.chainLevel + (event.flags & FrameEvent::ProxyResult ? 1 : 0);
    if (level + nearLevels < m_options.maxChainLevel)
        return;
    Problem problem{.kind = ProblemKind::ChainNearLimit, .process = event.process, .limit = m_options.maxChainLevel};
    problem.type = typeOf(event.object);
    problem.first = problem.frame = row;
    Problem &known = stored(problem);
    ++known.count;
    known.last = row;
    if (level > known.amount) {
        known.amount = level;
        known.frame = row;
    }
    known.severity = known.amount >= known.limit ? ProblemSeverity::Warning : ProblemSeverity::Note;
}

void ProblemFinder::noteLostEvent(const FrameSnapshot &frames, Row row)
{
    const FrameEvent &event = frames.event(row);
    Problem problem{.kind = ProblemKind::LostEvents, .process = event.process, .connection = event.connection};
    problem.type = typeOf(event.object);
    problem.member = peekEvent(frames.bytes(row));
    problem.opcode = event.opcode;
    problem.first = problem.frame = row;
    Problem &known = stored(problem);
    ++known.count;
    known.last = row;
}

const std::string &ProblemFinder::typeOf(std::uint64_t object)
{
    const auto [place, isNew] = m_types.try_emplace(object);
    if (isNew)
        place->second = m_typeOf(object);
    return place->second;
}

Problem &ProblemFinder::stored(const Problem &problem)
{
    const auto isSame = [&problem](const Problem &known) { return known.isSameAs(problem); };
    if (const auto known = std::ranges::find_if(m_found, isSame); known != m_found.end())
        return *known;
    if (m_found.size() >= mostProblems)
        m_found.erase(m_found.begin());
    return m_found.emplace_back(problem);
}

void ProblemFinder::findDeadPeers(const FrameSnapshot &frames)
{
    std::map<std::int32_t, bool> alive;
    for (auto place = m_open.begin(); place != m_open.end();) {
        const CallKey key = place->first;
        OpenCall &call = place->second;
        const auto [known, isNew] = alive.try_emplace(call.process, true);
        if (isNew)
            known->second = m_options.isAlive(call.process);
        if (known->second || !std::exchange(call.seenDead, true)) {
            ++place;
            continue;
        }
        Problem problem{.kind = ProblemKind::PeerDied, .severity = ProblemSeverity::Error, .process = call.process};
        problem.connection = key.connection;
        const Row row = call.row;
        place = m_open.erase(place);
        if (!frames.contains(row))
            continue;
        Problem &found = stored(problem);
        ++found.count;
        found.first = std::min(found.first, row);
        if (found.last == noRow || row >= found.last) {
            found.last = found.frame = row;
            found.type = typeOf(frames.event(row).object);
            found.member = peekMember(frames.bytes(row));
            found.opcode = frames.event(row).opcode;
        }
    }
}

void ProblemFinder::findInStatistics(const StatisticsSnapshot &statistics)
{
    for (const ErrorStatistics &error : statistics.errors) {
        if (error.count < m_options.repeatedErrors)
            continue;
        const MethodStatistics &method = statistics.methods[error.method];
        Problem problem = methodProblem(ProblemKind::RepeatedError, method);
        problem.error = error.type.empty() ? error.message : error.type;
        problem.message = error.message;
        problem.count = error.count;
        problem.limit = static_cast<std::int64_t>(method.calls);
        problem.severity = error.count * 2 > method.calls ? ProblemSeverity::Error : ProblemSeverity::Warning;
        problem.first = problem.frame = error.firstRow;
        problem.last = error.lastRow;
        m_measured.push_back(problem);
    }
    for (const MethodStatistics &method : statistics.methods) {
        if (method.nearBufsize == 0)
            continue;
        Problem problem = methodProblem(ProblemKind::FrameNearBufsize, method);
        problem.count = method.nearBufsize;
        problem.amount = method.largestFrame;
        problem.limit = m_options.bufsize;
        problem.first = method.firstNearRow;
        problem.last = method.lastNearRow;
        problem.frame = method.largestRow;
        m_measured.push_back(problem);
    }
    findSlowMethods(statistics);
}

void ProblemFinder::findSlowMethods(const StatisticsSnapshot &statistics)
{
    std::vector<std::int64_t> p99;
    std::vector<const MethodStatistics *> methods;
    for (const MethodStatistics &method : statistics.methods) {
        if (method.latency.count() < m_options.callsForPercentiles)
            continue;
        methods.push_back(&method);
        p99.push_back(method.latency.percentile(0.99));
    }
    for (std::size_t i = 0; i < methods.size() && methods.size() > 1; ++i) {
        if (p99[i] < m_options.slowFrom)
            continue;
        std::vector<std::int64_t> others = p99;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        const std::int64_t usual = median(std::move(others));
        if (static_cast<double>(p99[i]) < m_options.slowFactor * static_cast<double>(usual))
            continue;
        Problem problem = methodProblem(ProblemKind::SlowMethod, *methods[i]);
        problem.count = methods[i]->latency.count();
        problem.amount = p99[i];
        problem.limit = usual;
        problem.frame = methods[i]->slowestRow;
        m_measured.push_back(problem);
    }
}

} // namespace decoy::ui
