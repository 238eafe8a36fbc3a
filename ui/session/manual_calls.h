// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_record.h"
#include "session/call_runner.h"
#include "trace/frame_store.h"

#include <QByteArray>
#include <QObject>

#include <memory>
#include <vector>

namespace decoy::ui {

class CallHistory;
class TrafficCollector;

/// The calls that a person makes: sends them, enters them into the history, finds their frames, and goes on watching those that
/// nobody waits for any more, so that it can be said truthfully what became of them. UI thread only.
class ManualCalls : public QObject {
    Q_OBJECT

public:
    /// Calls that are watched at the same time; the oldest are left alone when there are more.
    static constexpr std::size_t mostWatched = 64;
    static constexpr int mostRepetitions = 100'000;

    /// `localServer` is the one whose frames are captured. All must outlive this.
    ManualCalls(CallRunner &runner, CallHistory &history, const FrameStore &frames, TrafficCollector &collector,
                QString localServer, QObject *parent = nullptr);

    // Each returns the call's number in the history. `object` is what people call it.
    quint64 send(CallRequest request, const QString &object);
    /// The same call up to mostRepetitions times, one after the other.
    quint64 repeat(CallRequest request, const QString &object, int count);

    /// Stops waiting; the method may go on. A repeated call ends with the one that is under way, and is finished then.
    void cancel(quint64 number);

    /// Of a repeated call that is under way; null otherwise.
    [[nodiscard]] std::shared_ptr<const SeriesProgress> progress(quint64 number) const noexcept;

Q_SIGNALS:
    void finished(quint64 number, const decoy::ui::CallOutcome &outcome);
    void seriesFinished(quint64 number, const decoy::ui::SeriesOutcome &outcome);
    /// The history knows more of a call than before: its frames, or what became of it after nobody waited.
    void followed(quint64 number);

private:
    /// A call of which more can become known.
    struct Watched {
        quint64 number = 0;
        quint64 runnerCall = 0;
        bool isAwaited = true; ///< the person waits for the answer
        bool isLocal = false;  ///< its frames are captured
        QByteArray bytes;      ///< of its request
        std::uint64_t generation = 0;
        Row searchFrom = 0;
        Row request = noRow;
        std::shared_ptr<SeriesProgress> progress; ///< of a repeated call
    };

    quint64 begin(const CallRequest &request, const QString &object, int repetitions);
    void finish(quint64 number, const CallOutcome &outcome);
    void finishLate(quint64 number, const CallOutcome &outcome);
    void finishSeries(quint64 number, const SeriesOutcome &outcome);
    void look();
    /// False if there is nothing left to watch.
    bool lookAt(Watched &watched, const FrameSnapshot &frames);
    void findRequest(Watched &watched, const FrameSnapshot &frames);
    [[nodiscard]] QString truth(const Watched &watched, const FrameSnapshot &frames, bool *isOver) const;
    void note(quint64 number, const QString &afterwards, bool isSettled);
    [[nodiscard]] Watched *find(quint64 number) noexcept;

    CallRunner &m_runner;
    CallHistory &m_history;
    const FrameStore &m_frames;
    TrafficCollector &m_collector;
    const QString m_localServer;
    std::vector<Watched> m_watched;
};

} // namespace decoy::ui
