// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"
#include "trace/frame_record.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace decoy::ui {

enum class CallState : quint8 {
    Running,
    Succeeded,
    Failed,    ///< the answer was an error
    TimedOut,  ///< nobody waits for the answer any more; the method may still run
    Cancelled, ///< the same, because the person stopped waiting
    Unknown    ///< the monitor ended before it knew
};

/// "running", "succeeded", … for the file and for the person; the file's words never change.
[[nodiscard]] QString callStateName(CallState state);

/// One call by hand, as it is remembered: texts only, so that a huge value of last week costs nothing today.
struct CallRecord {
    quint64 number = 0; ///< unique within this session
    QString id;         ///< unique for ever, once it is in a history: monitors that share one know a call by it
    QDateTime when;     ///< UTC
    QString server;
    QString object; ///< "account", "Node #12"
    QString name;   ///< of a published object; empty for a handle, which does not outlive the monitor
    CallKind kind = CallKind::Execute;
    QString member;
    QString arguments = QStringLiteral("[]"); ///< a JSON array
    QString keywords = QStringLiteral("[]");  ///< a JSON array of [name, value], because they have an order
    bool argumentsKept = true; ///< false: they were too long to be remembered, so the call cannot be repeated
    qint64 timeoutMs = 5000;
    int repetitions = 1;

    CallState state = CallState::Running;
    QString outcome;     ///< one line: the value, or the error
    qint64 duration = 0; ///< ns; of a repeated call: its median
    QString afterwards;  ///< what became of it after nobody waited any more

    // Of this session only.
    quint64 objectId = 0;
    Row request = noRow; ///< its frame, once it was captured
    std::uint64_t generation = 0;
    bool isSettled = false; ///< `afterwards` will not change any more
};

/// Characters of arguments that a record keeps, and of an outcome.
inline constexpr qsizetype longestKeptArguments = 4 * 1024;
inline constexpr qsizetype longestKeptOutcome = 500;

/// A record of a call that begins now. `mostArguments` limits the characters of the arguments.
[[nodiscard]] CallRecord recordOf(const CallRequest &request, const QString &object,
                                  qsizetype mostArguments = longestKeptArguments);

/// The call again. Nothing if its arguments are not there, or are no arguments.
[[nodiscard]] std::optional<CallRequest> requestOf(const CallRecord &record);

/// `deposit(50, memo="gift")`, `a = 7`, `a`: what is called, in one line.
[[nodiscard]] QString callLine(const CallRecord &record);
/// `50, memo="gift"`.
[[nodiscard]] QString argumentLine(const CallRecord &record);

/// For a file. Reading checks everything, because anybody may have written it; nothing for what is no record.
[[nodiscard]] QJsonObject toJsonObject(const CallRecord &record);
[[nodiscard]] std::optional<CallRecord> recordFromJson(const QJsonObject &json, qsizetype mostArguments);

} // namespace decoy::ui
