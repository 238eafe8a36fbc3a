// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_names.h"
#include "trace/frame_observer.h"
#include "trace/object_types.h"
#include "trace/open_calls.h"
#include "trace/statistics_snapshot.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::ui {

/// Each bounds what a client can make the statistics remember. Beyond it all others are counted together.
struct StatisticsLimits {
    std::size_t methods = 2048;
    std::size_t errors = 512;
    std::size_t talkers = 1024;
    /// Bytes from which a frame counts as near the server's bufsize; 0: none does.
    std::uint32_t nearBufsize = 0;
};

/// Counts every captured frame: by method, by client, by error and by second. Unlike the frames themselves, numbers are never
/// discarded; they go with FrameStore::clear().
///
/// Threads: the capture's thread writes, through FrameObserver; any thread takes snapshots and teaches types.
class TrafficStatistics : public FrameObserver {
public:
    /// How far back the seconds go.
    static constexpr std::int64_t secondsKept = 600;
    /// Beyond it, until somebody takes them, objects that are handed out stay without a name.
    static constexpr std::size_t mostHandedOut = 8 * 1024;

    explicit TrafficStatistics(const StatisticsLimits &limits = {});
    ~TrafficStatistics() override;

    /// Which objects there are: their types stand in no frame, except where one is handed out.
    void learnObjects(const std::vector<ObjectInfo> &objects);
    /// The same from who has seen more frames.
    void learnTypes(const TrafficStatistics &other);
    [[nodiscard]] std::string typeOf(std::uint64_t object) const;
    /// What results have handed out since the last time, as far as it was new; not more than mostHandedOut.
    [[nodiscard]] std::vector<HandedOut> takeHandedOut();

    /// A copy of all that is counted. Not for every frame: at most four times a second.
    [[nodiscard]] std::shared_ptr<const StatisticsSnapshot> snapshot() const;

    /// How many frames it has seen, and how often it was cleared; cheap, to see whether there is anything new.
    [[nodiscard]] std::uint64_t frames() const noexcept { return m_frames.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t generation() const noexcept { return m_generation.load(std::memory_order_relaxed); }

    void frameAppended(Row row, const FrameEvent &event, std::span<const std::byte> bytes) noexcept override;
    void captureBegun() noexcept override;
    void framesCleared(std::uint64_t generation) noexcept override;

private:
    /// A method without its text, for lookups that allocate nothing.
    struct MethodName {
        ObjectTypes::Type type = ObjectTypes::unknown;
        std::int8_t opcode = 0;
        std::string_view member;
        bool operator==(const MethodName &) const = default;
    };
    struct MethodKey {
        ObjectTypes::Type type = ObjectTypes::unknown;
        std::int8_t opcode = 0;
        std::string member;
        operator MethodName() const noexcept
        {
            return {type, opcode, member};
        } // NOLINT(*-explicit-*): that is its purpose
    };
    struct MethodHash {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(const MethodName &name) const noexcept;
    };
    struct MethodEqual {
        using is_transparent = void;
        [[nodiscard]] bool operator()(const MethodName &one, const MethodName &other) const noexcept
        {
            return one == other;
        }
    };
    using Index = std::uint32_t;
    static constexpr Index none = 0xffffffff;
    static constexpr Index heldCall = 0x80000000; ///< beside the method of an open call: its time is that of a person

    void count(Row row, const FrameEvent &event, std::span<const std::byte> bytes);
    void countRequest(Row row, const FrameEvent &event, std::span<const std::byte> bytes, TalkerStatistics &talker);
    void countResult(Row row, const FrameEvent &event, std::span<const std::byte> bytes, TalkerStatistics &talker);
    void noteHandedOut(std::span<const std::byte> bytes);
    void countError(Row row, const FrameEvent &event, std::span<const std::byte> bytes, Index method);
    void countSize(Row row, const FrameEvent &event, MethodStatistics &method) const;
    [[nodiscard]] SecondStatistics &second(std::int64_t time);
    [[nodiscard]] Index methodOf(const FrameEvent &event, std::span<const std::byte> bytes);
    [[nodiscard]] TalkerStatistics &talkerOf(const FrameEvent &event);

    const StatisticsLimits m_limits;
    std::atomic<std::uint64_t> m_frames = 0;
    std::atomic<std::uint64_t> m_generation = 0;

    mutable std::mutex m_mutex; ///< nearly always free: who reads, reads four times a second
    mutable ObjectTypes m_types;
    std::vector<std::pair<std::uint64_t, ObjectTypes::Type>> m_handedOut;
    OpenCalls m_openCalls; ///< tags are indexes of methods
    StatisticsSnapshot m_all;
    std::vector<SecondStatistics> m_seconds; ///< a ring; the place of a second is its number modulo secondsKept
    std::int64_t m_firstSecond = 0;          ///< 0: no frame yet
    std::int64_t m_lastSecond = 0;
    std::unordered_map<MethodKey, Index, MethodHash, MethodEqual> m_methods;
    std::unordered_map<std::uint64_t, Index> m_talkers; ///< by connection and process
    std::unordered_map<std::size_t, Index> m_errors;    ///< by hash of method and error type
};

} // namespace decoy::ui
