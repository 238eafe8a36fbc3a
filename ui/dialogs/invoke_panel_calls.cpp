// SPDX-License-Identifier: GPL-3.0-or-later
// What the Invoke panel does with calls: sends, stops waiting, shows what became of them, loads and saves them.
#include "dialogs/invoke_panel.h"

#include "dialogs/argument_form.h"
#include "dialogs/call_bar.h"
#include "dialogs/result_view.h"
#include "dialogs/saved_call_list.h"
#include "dialogs/series_view.h"
#include "session/call_history.h"
#include "session/frame_request.h"
#include "session/manual_calls.h"
#include "session/object_watcher.h"
#include "session/published_object.h"
#include "session/saved_calls.h"
#include "session/session.h"
#include "theme/fonts.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

bool isSendKey(const QKeyEvent &event)
{
    const bool isEnter = event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
    return isEnter && (event.modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier;
}

} // namespace

void InvokePanel::linkCalls()
{
    const ManualCalls &calls = m_session.manualCalls();
    connect(&calls, &ManualCalls::finished, this, &InvokePanel::finish);
    connect(&calls, &ManualCalls::seriesFinished, this, &InvokePanel::finishSeries);
    connect(&calls, &ManualCalls::followed, this, &InvokePanel::follow);
}

QString InvokePanel::title() const { return m_session.objects().title(m_sent.object); }

void InvokePanel::send()
{
    if (m_running != 0)
        return;
    chooseTyped(); // Ctrl+Enter may come before the name counts
    if (!method())
        return;
    QWidget *firstBad = nullptr;
    CallRequest ready = request(true, &firstBad);
    if (firstBad)
        return firstBad->setFocus();
    m_call = u"%1.%2"_s.arg(title(), QString::fromStdString(ready.member));
    m_isCancelled = false;
    m_result->showMessage(u"%1: waiting for the answer …"_s.arg(m_call));
    m_results->setCurrentWidget(m_result);
    const int repetitions = m_bar->repetitions();
    ManualCalls &calls = m_session.manualCalls();
    m_running = m_shown = repetitions > 1 ? calls.repeat(std::move(ready), title(), repetitions)
                                          : calls.send(std::move(ready), title());
    m_bar->showRunning(calls.progress(m_running));
}

void InvokePanel::finish(quint64 number, const CallOutcome &outcome)
{
    if (number != m_running)
        return; // made elsewhere, or nobody waits for it here any more
    m_running = 0;
    showState();
    m_result->showOutcome(m_call, outcome);
    follow(number);
}

void InvokePanel::finishSeries(quint64 number, const SeriesOutcome &outcome)
{
    if (number != m_shown)
        return; // a newer call is shown; the history has this one
    if (number == m_running) {
        m_running = 0;
        showState();
    }
    m_series->showOutcome(m_call, outcome);
    m_results->setCurrentWidget(m_series);
}

void InvokePanel::follow(quint64 number)
{
    const CallRecord *call = number == m_shown ? m_session.callHistory().find(number) : nullptr;
    if (!call || call->repetitions > 1)
        return;
    if (m_isCancelled)
        showCancelled();
    else if (m_running == 0 && !call->afterwards.isEmpty())
        m_result->addToStatus(call->afterwards);
    m_result->setHasFrames(call->request != noRow);
}

void InvokePanel::cancel()
{
    if (m_running == 0)
        return;
    const quint64 number = m_running;
    if (m_session.manualCalls().progress(number)) {
        m_session.manualCalls().cancel(number);
        m_running = 0;
        showState();
        return m_result->showMessage(
            u"%1: no more calls after the one that is under way, which nothing can take back …"_s.arg(m_call));
    }
    m_waited = durationText(m_bar->elapsed().count());
    m_running = 0;
    m_isCancelled = true;
    m_session.manualCalls().cancel(number);
    showState();
    follow(number);
}

void InvokePanel::showCancelled()
{
    const CallRecord *call = m_session.callHistory().find(m_shown);
    m_result->showMessage(
        u"%1: stopped waiting after %2. The request was sent, and nothing can take it back.\n%3"_s.arg(
            m_call, m_waited, call ? call->afterwards : QString()));
}

void InvokePanel::showState()
{
    if (m_running == 0)
        m_bar->showIdle(method() != nullptr);
}

void InvokePanel::showFrames()
{
    if (const CallRecord *call = m_session.callHistory().find(m_shown); call && call->request != noRow)
        Q_EMIT frameRequested(call->request);
}

FrameRequest InvokePanel::wholeRequest()
{
    if (!method())
        return {{}, u"No method is chosen."_s};
    QWidget *firstBad = nullptr;
    CallRequest ready = request(false, &firstBad);
    if (firstBad)
        return {{}, u"The arguments are not complete yet."_s};
    return {std::move(ready), {}};
}

void InvokePanel::saveCall()
{
    QWidget *firstBad = nullptr;
    const CallRequest ready = request(true, &firstBad);
    if (firstBad)
        return firstBad->setFocus();
    if (!method())
        return;
    CallRecord record = recordOf(ready, title(), SavedCalls::longestArguments);
    record.repetitions = m_bar->repetitions();
    m_saved->save(record);
}

void InvokePanel::load(const CallRecord &call)
{
    const ObjectRef object = reachableObject(m_session, call);
    if (object.isNull()) {
        m_results->setCurrentWidget(m_result);
        return m_result->showMessage(u"There is no object “%1” at %2 now."_s.arg(call.object, call.server));
    }
    m_loading = call;
    setObject(object, call.member);
}

void InvokePanel::showLoaded()
{
    const CallRecord call = *m_loading;
    m_loading.reset();
    m_bar->setTimeout(std::chrono::milliseconds(call.timeoutMs));
    m_bar->setRepetitions(call.repetitions);
    const std::optional<CallRequest> request = requestOf(call);
    if (!m_description.method(call.member.toStdString()))
        chooseUnlisted(call.member);
    resetForm(); // what was typed before is no part of this call
    if (!request)
        return m_result->showMessage(u"The arguments of this call were too long to be remembered."_s);
    m_form->setArguments({request->positional, request->keywords});
    showRequest();
}

bool InvokePanel::event(QEvent *event)
{
    // In here Ctrl+Enter is not the window's command that opens Invoke.
    if (event->type() == QEvent::ShortcutOverride && isSendKey(*static_cast<QKeyEvent *>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void InvokePanel::keyPressEvent(QKeyEvent *event)
{
    if (isSendKey(*event))
        return send();
    if (event->key() == Qt::Key_Escape && m_running != 0)
        return cancel();
    QWidget::keyPressEvent(event);
}

} // namespace decoy::ui
