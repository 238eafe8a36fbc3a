// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"
#include "trace/object_types.h"
#include "trace/problems.h"
#include "trace/statistics_snapshot.h"

#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

namespace decoy::ui {

/// When something counts as a problem. Change a field when it points at what is meant to be so.
struct ProblemOptions {
    std::int32_t ownProcess = 0; ///< this monitor: what it reads for its own displays is not the clients' fault
    int maxChainLevel = 7;
    std::uint32_t bufsize = 64 * 1024;
    std::uint32_t chattyReadsPerSecond = 20; ///< of one object by one client
    std::uint64_t repeatedErrors = 3;
    std::uint64_t callsForPercentiles = 10; ///< fewer say nothing about p99
    std::int64_t slowFrom = 10'000'000;     ///< ns; nobody notices less
    double slowFactor = 10;                 ///< times the others' usual p99
    /// Whether a process lives. The default asks the kernel.
    std::function<bool(std::int32_t process)> isAlive = {};
};

/// Finds problems in frames and statistics, a look at a time; each look reads only frames that came since the last one.
/// A plain object without threads; one look a second is meant.
class ProblemFinder {
public:
    using TypeOf = std::function<std::string(std::uint64_t object)>;

    ProblemFinder(ProblemOptions options, TypeOf typeOf);

    void look(const FrameSnapshot &frames, const StatisticsSnapshot &statistics);
    /// The capture has ended: calls that are still open will get no answer that anybody sees.
    void forgetOpenCalls();

    /// The gravest first. In a stable order otherwise: that in which they were found.
    [[nodiscard]] std::vector<Problem> problems() const;

    /// Whether a call is unanswered, so that another look may find its client gone.
    [[nodiscard]] bool hasOpenCalls() const noexcept { return !m_open.empty(); }

private:
    struct CallKey {
        std::uint32_t connection = 0;
        std::uint64_t callId = 0;
        auto operator<=>(const CallKey &) const = default;
    };
    struct CallHash {
        [[nodiscard]] std::size_t operator()(const CallKey &key) const noexcept
        {
            return static_cast<std::size_t>((key.connection * 0x9E3779B97F4A7C15U) ^ key.callId);
        }
    };
    struct OpenCall {
        Row row = noRow;
        std::int32_t process = 0;
        bool seenDead = false; ///< its process was gone at the last look; its answer may still be on the way then
    };
    /// Reads of one object by one client, in a window of one second.
    struct Reads {
        std::int64_t since = 0;
        std::uint64_t inWindow = 0;
        Row first = noRow;
        std::set<std::string, std::less<>> attributes;
    };

    void readFrame(const FrameSnapshot &frames, Row row);
    void noteRead(const FrameSnapshot &frames, Row row);
    void noteLevel(const FrameEvent &event, Row row);
    void noteLostEvent(const FrameSnapshot &frames, Row row);
    void findDeadPeers(const FrameSnapshot &frames);
    void findInStatistics(const StatisticsSnapshot &statistics);
    void findSlowMethods(const StatisticsSnapshot &statistics);
    void startAgain(std::uint64_t generation);
    [[nodiscard]] Problem &stored(const Problem &problem);
    [[nodiscard]] const std::string &typeOf(std::uint64_t object);

    const ProblemOptions m_options;
    const TypeOf m_typeOf;
    std::uint64_t m_generation = 0;
    Row m_next = 0; ///< the first frame that no look has read
    std::uint64_t m_nextSequence = 0;
    std::unordered_map<CallKey, OpenCall, CallHash> m_open;
    std::unordered_map<CallKey, Reads, CallHash> m_reads;   ///< by connection and object
    std::unordered_map<std::uint64_t, std::string> m_types; ///< asked for in this look
    std::vector<Problem> m_found;                           ///< in frames: they stay
    std::vector<Problem> m_measured;                        ///< in statistics: as they are now
};

} // namespace decoy::ui
