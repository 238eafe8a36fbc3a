// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <QString>

#include <array>

namespace decoy::ui {

class FrameNames;

/// The columns of the traffic table. Their order is the order in which they stand until a person moves them; the numbers
/// are kept in settings, so new ones go before Count.
enum class TrafficColumn : quint8 {
    Number,
    Time,
    Process,
    Lane,
    Opcode,
    Object,
    Call,
    Latency,
    Level,
    Size,
    CallId,
    Count
};
inline constexpr int trafficColumnCount = static_cast<int>(TrafficColumn::Count);

struct TrafficColumnInfo {
    QString title;
    QString explanation;   ///< for the header's tooltip
    QString widestText;    ///< what a default width has room for
    bool isNumber = false; ///< right-aligned, digits of one width
    bool isHidden = false; ///< until a person asks for it
};
[[nodiscard]] const std::array<TrafficColumnInfo, trafficColumnCount> &trafficColumns();

/// What a row says in its columns. Decoded when asked for.
class TrafficRow {
public:
    /// `row` must be contained in `frames`, which must outlive this. `maxText` limits the Call column.
    TrafficRow(const FrameSnapshot &frames, Row row, const FrameNames &names, qsizetype maxText = 160);

    [[nodiscard]] const FrameEvent &event() const noexcept { return m_event; }
    /// The object that was asked, and its chain level: a PENDING does not carry them, its request does.
    [[nodiscard]] std::uint64_t object() const noexcept;
    [[nodiscard]] int level() const noexcept;
    /// "← " of a frame that goes to something at the client, "→ " of one that comes from there; empty for what is about the server's objects.
    [[nodiscard]] QString directionSign() const;
    [[nodiscard]] QString text(TrafficColumn column) const;
    /// The two parts of the Call column: the member, which for a result is its request's, and what was given or came back.
    [[nodiscard]] const QString &member() const noexcept { return m_member; }
    [[nodiscard]] const QString &content() const noexcept { return m_content; }
    [[nodiscard]] bool isDamaged() const noexcept { return m_isDamaged; }
    /// What stands between the two: a result comes back, arguments follow directly.
    [[nodiscard]] QString joint() const;
    /// "✕ lost" of an event that was not sent.
    [[nodiscard]] QString lossNote() const;
    /// "‖ held" of a request that a breakpoint has held, and of its PENDING; "‖ edited" of what went on in its place.
    [[nodiscard]] QString holdNote() const;
    /// What the Object column says without a sign.
    [[nodiscard]] QString objectText() const;

    /// "frame 12, EXECUTE counter.add(5), teller 4711, 27 bytes": for those who listen.
    [[nodiscard]] QString spoken() const;

private:
    const FrameEvent &m_event;
    const FrameEvent *m_request = nullptr; ///< of an answer, where it is still there
    const FrameNames &m_names;
    Row m_row;
    std::int64_t m_origin;
    QString m_member;
    QString m_content;
    bool m_isDamaged = false;
};

/// Since the first frame: "12.345678 s".
[[nodiscard]] QString relativeTimeText(std::int64_t nanoseconds);
/// "native", "duck", "network".
[[nodiscard]] QString laneText(Lane lane);

} // namespace decoy::ui
