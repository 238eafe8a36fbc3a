// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_record.h"

#include <QString>

#include <cstdint>
#include <string>

namespace decoy::ui {

class FrameNames;

enum class ProblemKind : std::uint8_t {
    ChattyReads,      ///< one client reads attributes of an object again and again
    ChainNearLimit,   ///< objects are used at one of the last levels that a chain may have
    FrameNearBufsize, ///< frames that will not fit once their values grow a little
    SlowMethod,       ///< a method that takes much longer than the others
    LeakedProxies,    ///< a client that takes references and does not give them back
    RepeatedError,    ///< the same error of the same method, again and again
    PeerDied,         ///< a client that ended while its call was unanswered
    LostEvents,       ///< a subscriber that is too slow for what it has subscribed to
};

enum class ProblemSeverity : std::uint8_t { Note, Warning, Error };

/// Something in the traffic that a reviewer would point at. A plain value without texts: those are made when shown, because
/// names become known later than frames.
struct Problem {
    ProblemKind kind = ProblemKind::ChattyReads;
    ProblemSeverity severity = ProblemSeverity::Warning;
    std::string server = {};  ///< LeakedProxies: another process's; empty for this one's
    std::string type = {};    ///< of the object
    std::string member = {};  ///< of the object; LostEvents: the event, empty for one that fits no frame
    std::string error = {};   ///< RepeatedError: its type, or its text where there is no type
    std::string message = {}; ///< RepeatedError: the text of the first
    std::int8_t opcode = 0;
    std::int32_t process = 0;     ///< the client; 0: many
    std::uint32_t connection = 0; ///< LeakedProxies, PeerDied, LostEvents
    std::uint64_t object = 0;     ///< LeakedProxies: the oldest of them
    std::uint64_t count = 0;      ///< frames, calls or references concerned
    std::int64_t amount = 0;      ///< what was measured: reads/s, level, bytes, ns or objects
    std::int64_t limit =
        0; ///< what it is measured against, in the same unit; ChattyReads: different attributes; LeakedProxies: references
           ///< from which they grew
    std::int64_t since = 0; ///< LeakedProxies: when the first was handed out; CLOCK_MONOTONIC, ns
    Row first = noRow;
    Row last = noRow;
    Row frame = noRow; ///< the one to look at

    /// Whether both are about the same: then one is only a newer state of the other.
    [[nodiscard]] bool isSameAs(const Problem &other) const;
    bool operator==(const Problem &) const = default;
};

/// A problem in words.
struct ProblemText {
    QString title;  ///< one line: who and what
    QString why;    ///< why it is one, with the numbers
    QString advice; ///< what to do about it
};
[[nodiscard]] ProblemText describeProblem(const Problem &problem, const FrameNames &names);

/// "Account.deposit", "balance" where the type is not known.
[[nodiscard]] QString methodText(const std::string &type, const std::string &member);

} // namespace decoy::ui
