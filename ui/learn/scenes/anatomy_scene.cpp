// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/anatomy_scene.h"

#include "session/session.h"
#include "trace/traffic_collector.h"

#include <decoy/frame.h>

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

using Role = FrameElement::Role;

namespace {

/// The bytes of one part of a frame and what they say: "00 00 00 0b is 11".
QString bytesOf(const FrameSnapshot &frames, Row row, Role role)
{
    const auto bytes = frames.bytes(row);
    const std::vector<FrameElement> elements = frameLayout(bytes, frames.event(row).size);
    const auto found = std::ranges::find(elements, role, &FrameElement::role);
    if (found == elements.end() || found->end > bytes.size())
        return {};
    return u"%1 is %2"_s.arg(hexText(bytes.subspan(found->begin, found->end - found->begin)),
                             QString::fromStdString(found->value));
}

LessonGoal goalOf(Role role)
{
    switch (role) {
    case Role::Prefix: return LessonGoal::PrefixSelected;
    case Role::Opcode: return LessonGoal::OpcodeSelected;
    case Role::Argument: return LessonGoal::ArgumentSelected;
    default: return LessonGoal::None;
    }
}

} // namespace

AnatomyScene::AnatomyScene(Session &session) : LessonScene(session)
{
    connect(&session.collector(), &TrafficCollector::updated, this, &AnatomyScene::noteCleared);
    connect(&session.collector(), &TrafficCollector::updated, this, &AnatomyScene::lookForFrames);
    connect(&session.selection(), &Selection::frameSelected, this, &AnatomyScene::noteFrame);
}

void AnatomyScene::perform(LessonAction action)
{
    switch (action) {
    case LessonAction::CallAdd: return call();
    case LessonAction::ShowPrefix: return showElement(Role::Prefix);
    case LessonAction::ShowOpcode: return showElement(Role::Opcode);
    case LessonAction::ShowArgument: return showElement(Role::Argument);
    case LessonAction::ShowResult: return session().selection().selectFrame(m_call.result);
    default: return;
    }
}

void AnatomyScene::call()
{
    m_call = {};
    m_answer.clear();
    m_searchFrom = session().frames().endRow();
    m_generation = session().frames().generation();
    session().calls().call(requestTo(u"counter"_s, "add", {Value(5)}), this, [this](const CallOutcome &outcome) {
        if (outcome.failure) {
            m_searchFrom = noRow;
            Q_EMIT failed(QString::fromStdString(outcome.failure->message));
            return;
        }
        m_answer = QString::fromStdString(outcome.value.toString());
        lookForFrames();
    });
}

void AnatomyScene::lookForFrames()
{
    if (m_searchFrom == noRow || m_answer.isEmpty() || m_call.result != noRow)
        return;
    m_call = findCall(session().frames().snapshot(), m_searchFrom, QCoreApplication::applicationPid(),
                      requestTo(u"counter"_s, {}).object.id);
    if (m_call.result == noRow)
        return; // its frames are still on their way
    session().selection().selectFrame(m_call.request);
    const QString request = frameNumber(m_call.request);
    reach(LessonGoal::CallAnswered,
          u"%1 is the request and %2 the result: %3."_s.arg(request.at(0).toUpper() + request.mid(1),
                                                            frameNumber(m_call.result), m_answer));
}

void AnatomyScene::noteCleared()
{
    if (m_searchFrom == noRow || session().frames().generation() == m_generation)
        return;
    m_searchFrom = noRow;
    m_call = {};
    m_answer.clear();
    beginAnew(u"The frames were cleared, and the call of this lesson with them. Make it again."_s);
}

void AnatomyScene::showElement(Role role)
{
    session().selection().selectFrame(m_call.request);
    Q_EMIT elementWanted(role);
}

void AnatomyScene::noteElement(Role role)
{
    const LessonGoal goal = goalOf(role);
    const FrameSnapshot frames = session().frames().snapshot();
    if (goal == LessonGoal::None || session().selection().frame() != m_call.request || !frames.contains(m_call.request))
        return;
    reach(goal, u"%1."_s.arg(bytesOf(frames, m_call.request, role)));
}

void AnatomyScene::noteFrame(Row row)
{
    const FrameSnapshot frames = session().frames().snapshot();
    if (row == noRow || row != m_call.result || !frames.contains(row))
        return;
    reach(LessonGoal::ResultSelected,
          u"Opcode %1, value %2."_s.arg(bytesOf(frames, row, Role::Opcode), bytesOf(frames, row, Role::Value)));
}

} // namespace decoy::ui
