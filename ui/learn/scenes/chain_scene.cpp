// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/chain_scene.h"

#include "session/handle_store.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "trace/traffic_collector.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

ChainScene::ChainScene(Session &session) : LessonScene(session)
{
    connect(&session.collector(), &TrafficCollector::updated, this, &ChainScene::lookForRefusal);
}

ChainScene::~ChainScene()
{
    for (const ObjectRef &object : m_chain)
        session().handles().release(object);
}

void ChainScene::perform(LessonAction action)
{
    switch (action) {
    case LessonAction::AskForChild: return askForChild();
    case LessonAction::ClimbToLimit: m_isClimbing = true; return climb();
    case LessonAction::AskOnceMore: return askOnceMore();
    case LessonAction::ReadName: return readName();
    default: return;
    }
}

ObjectRef ChainScene::last() const { return m_chain.empty() ? session().objects().find(u"node"_s) : m_chain.back(); }

CallRequest ChainScene::requestToLast(std::string member) const
{
    CallRequest request = requestTo(u"node"_s, std::move(member));
    if (!m_chain.empty()) {
        request.object = m_chain.back();
        request.name.clear();
    }
    return request;
}

int ChainScene::level() const
{
    const Handle *handle = m_chain.empty() ? nullptr : session().handles().find(m_chain.back());
    return handle ? handle->proxy.level() : 0;
}

void ChainScene::askForChild()
{
    session().calls().call(requestToLast("child"), this, [this](const CallOutcome &outcome) {
        if (outcome.failure) {
            m_isClimbing = false;
            Q_EMIT failed(QString::fromStdString(outcome.failure->message));
            return;
        }
        keep(outcome.value.proxy());
        reach(LessonGoal::ChildOpen, u"Object %1, at level %2."_s.arg(last().id).arg(level()));
        if (m_isClimbing)
            climb();
    });
}

void ChainScene::keep(const Proxy &child)
{
    Handle handle;
    handle.object = {session().serverName(), child.id()};
    handle.parent = last();
    handle.type = QString::fromStdString(child.typeName());
    handle.origin = u"child()"_s;
    handle.level = child.level();
    handle.proxy = child;
    m_chain.push_back(handle.object);
    session().handles().keep(std::move(handle));
    session().objects().refresh();
    session().selection().selectObject(m_chain.back());
}

void ChainScene::climb()
{
    if (level() < session().maxChainLevel())
        return askForChild();
    m_isClimbing = false;
    reach(LessonGoal::LimitReached,
          u"%1 proxies one after the other: level %2 of %2."_s.arg(m_chain.size()).arg(level()));
}

void ChainScene::askOnceMore()
{
    m_refusedFrom = session().frames().endRow();
    session().calls().call(requestToLast("child"), this, [this](const CallOutcome &outcome) {
        if (!outcome.failure || outcome.failure->kind != ErrorKind::LimitedProxyChaining) {
            Q_EMIT failed(outcome.failure ? QString::fromStdString(outcome.failure->message)
                                          : u"The server has handed out one more proxy."_s);
            return;
        }
        m_refusal = QString::fromStdString(outcome.failure->text());
        lookForRefusal();
    });
}

void ChainScene::lookForRefusal()
{
    if (m_refusal.isEmpty() || hasReached(LessonGoal::LimitRefused))
        return;
    const LessonCall call = findCall(session().frames().snapshot(), m_refusedFrom, QCoreApplication::applicationPid(),
                                     last().id);
    if (call.result == noRow)
        return;
    session().selection().selectFrame(call.result);
    reach(LessonGoal::LimitRefused, u"%1 (%2)"_s.arg(m_refusal, frameNumber(call.result)));
}

void ChainScene::readName()
{
    CallRequest request = requestToLast("name");
    request.kind = CallKind::Get;
    const int before = level();
    session().calls().call(std::move(request), this, [this, before](const CallOutcome &outcome) {
        if (outcome.failure || level() != 0) {
            Q_EMIT failed(outcome.failure ? QString::fromStdString(outcome.failure->message)
                                          : u"The level is still %1."_s.arg(level()));
            return;
        }
        session().objects().refresh();
        reach(LessonGoal::LevelReset,
              u"%1: its level was %2 and is 0. It could hand out proxies again."_s
                  .arg(QString::fromStdString(outcome.value.toString()))
                  .arg(before));
    });
}

} // namespace decoy::ui
