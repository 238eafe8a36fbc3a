// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/manual_calls.h"

#include "session/call_history.h"
#include "session/request_bytes.h"
#include "session/value_text.h"
#include "theme/fonts.h"
#include "trace/frame_decoder.h"
#include "trace/traffic_collector.h"

#include <decoy/frame.h>

#include <QCoreApplication>

#include <algorithm>
#include <cstring>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

/// Frames looked at for one call in one tick. Its request is among the first; only a flood makes a second look necessary.
constexpr Row rowsPerLook = 16 * 1024;

bool isRequest(const FrameSnapshot &frames, Row row, const QByteArray &bytes)
{
    const FrameEvent &event = frames.event(row);
    if (!event.isOfCall() || !event.isRequest() || event.size != std::uint32_t(bytes.size())
        || event.process != std::int32_t(QCoreApplication::applicationPid()))
        return false;
    const auto kept = frames.bytes(row); // the snap length may have cut it
    return kept.size() <= std::size_t(bytes.size()) && std::memcmp(kept.data(), bytes.constData(), kept.size()) == 0;
}

bool isRecorded(const CallRequest &request, const RecordRules &rules)
{
    const RecordRules::Kind kind = request.kind == CallKind::Get ? RecordRules::Gets
        : request.kind == CallKind::Set                          ? RecordRules::Sets
                                                                 : RecordRules::Calls;
    return rules.records(kind) && rules.recordsObject(request.object.id);
}

QString oneLine(const QString &text) { return text.simplified().left(longestKeptOutcome); }

QString outcomeLine(const CallOutcome &outcome)
{
    return oneLine(outcome.failure ? QString::fromStdString(outcome.failure->text())
                                   : displayText(outcome.value, longestKeptOutcome));
}

CallState stateOf(const std::optional<Failure> &failure)
{
    if (!failure)
        return CallState::Succeeded;
    return failure->kind == ErrorKind::CallTimeout ? CallState::TimedOut : CallState::Failed;
}

} // namespace

ManualCalls::ManualCalls(CallRunner &runner, CallHistory &history, const FrameStore &frames,
                         TrafficCollector &collector, QString localServer, QObject *parent)
    : QObject(parent), m_runner(runner), m_history(history), m_frames(frames), m_collector(collector),
      m_localServer(std::move(localServer))
{
    connect(&m_collector, &TrafficCollector::updated, this, &ManualCalls::look);
}

quint64 ManualCalls::begin(const CallRequest &request, const QString &object, int repetitions)
{
    Watched watched;
    watched.isLocal = request.object.server == m_localServer && m_collector.isCapturing()
        && isRecorded(request, m_collector.rules());
    watched.bytes = requestBytes(request);
    watched.generation = m_frames.generation();
    watched.searchFrom = m_frames.endRow();
    CallRecord record = recordOf(request, object);
    record.repetitions = repetitions;
    watched.number = m_history.add(std::move(record));
    if (m_watched.size() >= mostWatched) {
        // Somebody waits for the others: whoever does not is the one to leave alone.
        const auto unwanted = std::ranges::find(m_watched, false, &Watched::isAwaited);
        m_watched.erase(unwanted == m_watched.end() ? m_watched.begin() : unwanted);
    }
    m_watched.push_back(std::move(watched));
    return m_watched.back().number;
}

quint64 ManualCalls::send(CallRequest request, const QString &object)
{
    const quint64 number = begin(request, object, 1);
    request.wantsText = true;
    m_watched.back().runnerCall = m_runner.call(
        std::move(request), this, [this, number](const CallOutcome &outcome) { finish(number, outcome); },
        [this, number](const CallOutcome &outcome) { finishLate(number, outcome); });
    return number;
}

quint64 ManualCalls::repeat(CallRequest request, const QString &object, int count)
{
    count = std::clamp(count, 1, mostRepetitions);
    const quint64 number = begin(request, object, count);
    Watched &watched = m_watched.back();
    watched.progress = std::make_shared<SeriesProgress>();
    watched.runnerCall = m_runner.repeat(
        std::move(request), count, watched.progress, this,
        [this, number](const SeriesOutcome &outcome) { finishSeries(number, outcome); });
    return number;
}

ManualCalls::Watched *ManualCalls::find(quint64 number) noexcept
{
    const auto found = std::ranges::find(m_watched, number, &Watched::number);
    return found == m_watched.end() ? nullptr : &*found;
}

std::shared_ptr<const SeriesProgress> ManualCalls::progress(quint64 number) const noexcept
{
    const auto found = std::ranges::find(m_watched, number, &Watched::number);
    return found == m_watched.end() ? nullptr : found->progress;
}

void ManualCalls::cancel(quint64 number)
{
    Watched *watched = find(number);
    if (!watched || !watched->isAwaited)
        return;
    if (watched->progress) {
        watched->progress->stop = true;
        return;
    }
    m_runner.cancel(watched->runnerCall);
    watched->isAwaited = false;
    if (const CallRecord *known = m_history.find(number)) {
        CallRecord record = *known;
        record.state = CallState::Cancelled;
        record.duration = std::max<qint64>(0, record.when.msecsTo(QDateTime::currentDateTimeUtc())) * 1'000'000;
        record.outcome = u"nobody waits for the answer any more"_s;
        m_history.update(record);
    }
    const FrameSnapshot frames = m_frames.snapshot();
    lookAt(*watched, frames);
}

void ManualCalls::finish(quint64 number, const CallOutcome &outcome)
{
    if (const CallRecord *known = m_history.find(number)) {
        CallRecord record = *known;
        record.state = stateOf(outcome.failure);
        record.duration = outcome.duration.count();
        record.outcome = outcomeLine(outcome);
        m_history.update(record);
    }
    if (Watched *watched = find(number))
        watched->isAwaited = false;
    Q_EMIT finished(number, outcome);
    look();
}

void ManualCalls::finishLate(quint64 number, const CallOutcome &outcome)
{
    const bool nobodyKnows = outcome.failure
        && (outcome.failure->kind == ErrorKind::CallTimeout || outcome.failure->kind == ErrorKind::PeerDied);
    if (nobodyKnows)
        return; // its frames tell more, if anything does
    note(number,
         outcome.failure
             ? u"It ran and failed after %1: %2"_s.arg(durationText(outcome.duration.count()), outcomeLine(outcome))
             : u"It ran; the answer came after %1: %2"_s.arg(durationText(outcome.duration.count()),
                                                             outcomeLine(outcome)),
         true);
    std::erase_if(m_watched,
                  [number](const Watched &watched) { return watched.number == number && watched.request != noRow; });
}

void ManualCalls::finishSeries(quint64 number, const SeriesOutcome &outcome)
{
    if (const CallRecord *known = m_history.find(number)) {
        CallRecord record = *known;
        const SeriesSummary &summary = outcome.summary;
        record.state = outcome.failure      ? CallState::Failed
            : summary.errors > 0            ? CallState::Failed
            : summary.made < summary.wanted ? CallState::Cancelled
                                            : CallState::Succeeded;
        record.duration = summary.p50.count();
        record.outcome = outcome.failure ? oneLine(QString::fromStdString(outcome.failure->text()))
                                         : oneLine(summary.line());
        m_history.update(record);
    }
    if (Watched *watched = find(number)) {
        watched->isAwaited = false;
        watched->progress.reset();
    }
    Q_EMIT seriesFinished(number, outcome);
    look();
}

void ManualCalls::look()
{
    if (m_watched.empty())
        return;
    const FrameSnapshot frames = m_frames.snapshot();
    std::erase_if(m_watched, [this, &frames](Watched &watched) { return !lookAt(watched, frames); });
}

bool ManualCalls::lookAt(Watched &watched, const FrameSnapshot &frames)
{
    const CallRecord *known = m_history.find(watched.number);
    if (!known)
        return watched.isAwaited;
    const bool isForgotten = watched.isLocal && frames.generation() != watched.generation;
    if (watched.isLocal && !isForgotten && watched.request == noRow)
        findRequest(watched, frames);
    const bool needsTruth = known->state == CallState::Cancelled || known->state == CallState::TimedOut;
    if (!needsTruth || known->repetitions > 1)
        return watched.isAwaited || (watched.isLocal && !isForgotten && watched.request == noRow);
    bool isOver = !watched.isLocal || isForgotten;
    if (const QString text = truth(watched, frames, &isOver); text != known->afterwards)
        note(watched.number, text, isOver);
    return !isOver;
}

void ManualCalls::findRequest(Watched &watched, const FrameSnapshot &frames)
{
    Row row = std::max(watched.searchFrom, frames.firstRow());
    const Row end = std::min(frames.endRow(), row + rowsPerLook);
    while (row < end && !isRequest(frames, row, watched.bytes))
        ++row;
    watched.searchFrom = row;
    if (row == end)
        return;
    watched.request = row;
    if (const CallRecord *known = m_history.find(watched.number)) {
        CallRecord record = *known;
        record.request = row;
        record.generation = frames.generation();
        m_history.update(record);
        Q_EMIT followed(watched.number);
    }
}

QString ManualCalls::truth(const Watched &watched, const FrameSnapshot &frames, bool *isOver) const
{
    if (!watched.isLocal)
        return u"What the method does now is not known: its frames are not recorded here."_s;
    if (frames.generation() != watched.generation)
        return u"What became of the method is not known: the frames were cleared."_s;
    if (watched.request == noRow)
        return u"The server has not reported the request yet: the method may still be running, or have run."_s;
    const Row last = frames.partner(watched.request);
    if (last == noRow || frames.event(last).opcode == std::int8_t(ProxyOpCode::ResponsePending))
        return u"The server has taken the request: the method is still running, or waits for another call of its object."_s;
    *isOver = true;
    const FrameEvent &answer = frames.event(last);
    const QString content = oneLine(decodeFrame(answer, frames.bytes(last)).content);
    return answer.isFailed() ? u"It ran and failed after %1: %2"_s.arg(durationText(answer.latency), content)
                             : u"It ran; the answer came after %1: %2"_s.arg(durationText(answer.latency), content);
}

void ManualCalls::note(quint64 number, const QString &afterwards, bool isSettled)
{
    const CallRecord *known = m_history.find(number);
    if (!known)
        return;
    CallRecord record = *known;
    record.afterwards = afterwards;
    record.isSettled = isSettled;
    m_history.update(record);
    Q_EMIT followed(number);
}

} // namespace decoy::ui
