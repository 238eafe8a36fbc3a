// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/chain_scene.h"

#include "session/object_watcher.h"
#include "session/session.h"
#include "trace/traffic_collector.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr std::chrono::milliseconds callTimeout = std::chrono::seconds(5);

} // namespace

ChainScene::ChainScene(Session &session) : LessonScene(session)
{
    m_thread.setMaxThreadCount(1);
    connect(&session.collector(), &TrafficCollector::updated, this, &ChainScene::lookForRefusal);
    connect(&session.objects(), &ObjectWatcher::updated, this, &ChainScene::selectLast);
}

ChainScene::~ChainScene()
{
    m_chain.clear();
    {
        const std::lock_guard lock(m_mutex);
        if (m_client)
            m_client->close(); // whatever waits ends now
    }
    m_thread.waitForDone();
    session().objects().refresh();
}

void ChainScene::perform(LessonAction action)
{
    switch (action) {
    case LessonAction::AskForChild: return askForChild(LessonGoal::ChildOpen);
    case LessonAction::ClimbToLimit: return climb();
    case LessonAction::AskOnceMore: return askOnceMore();
    case LessonAction::ReadName: return readName();
    default: return;
    }
}

/// In the other thread: may connect.
Proxy ChainScene::lastNode()
{
    const std::lock_guard lock(m_mutex);
    if (!m_client)
        m_client = decoy::connect(session().serverName().toStdString());
    return (*m_client)["node"].withTimeout(callTimeout);
}

void ChainScene::ask(Work work, Done done)
{
    const Proxy last = m_chain.empty() ? Proxy() : m_chain.back();
    m_thread.start([this, last, work = std::move(work), done = std::move(done)] {
        Answer answer;
        try {
            answer.value = work(last ? last : lastNode());
        } catch (...) {
            answer.failure = Failure::fromCurrentException({});
        }
        // The destructor waits for this thread, so `this` is there; what is posted to it afterwards is dropped with it.
        QMetaObject::invokeMethod(
            this, [done, answer] { done(answer); }, Qt::QueuedConnection);
    });
}

void ChainScene::fail(const Answer &answer, const QString &otherwise)
{
    Q_EMIT failed(answer.failure ? QString::fromStdString(answer.failure->text()) : otherwise);
}

void ChainScene::askForChild(LessonGoal goal)
{
    ask([](const Proxy &node) { return node.call("child"); },
        [this, goal](const Answer &answer) {
            if (answer.failure)
                return fail(answer, {});
            m_chain.push_back(answer.value.proxy());
            session().objects().refresh(); // selectLast() follows
            reach(LessonGoal::ChildOpen,
                  u"It is object %1, at level %2."_s.arg(m_chain.back().id()).arg(m_chain.back().level()));
            if (goal == LessonGoal::LimitReached)
                climb();
        });
}

/// Once the views know it, so that they bring it into view.
void ChainScene::selectLast()
{
    if (m_chain.empty() || m_chain.size() == m_selected)
        return;
    const ObjectRef last = {session().serverName(), m_chain.back().id()};
    if (!session().objects().object(last))
        return;
    m_selected = m_chain.size();
    session().selection().selectObject(last);
}

void ChainScene::climb()
{
    const int level = static_cast<int>(m_chain.size());
    if (level < session().maxChainLevel())
        return askForChild(LessonGoal::LimitReached);
    reach(LessonGoal::LimitReached, u"%1 proxies one after the other: level %1 of %1."_s.arg(level));
}

void ChainScene::askOnceMore()
{
    m_refusal.clear();
    m_refusedFrom = session().frames().endRow();
    m_refusedIn = session().frames().generation();
    ask([](const Proxy &node) { return node.call("child"); },
        [this](const Answer &answer) {
            if (!answer.failure || answer.failure->kind != ErrorKind::LimitedProxyChaining)
                return fail(answer, u"The server has handed out one more proxy."_s);
            m_refusal = QString::fromStdString(answer.failure->text());
            lookForRefusal();
        });
}

void ChainScene::lookForRefusal()
{
    if (m_refusal.isEmpty() || hasReached(LessonGoal::LimitRefused))
        return;
    if (session().frames().generation() != m_refusedIn) {
        m_refusal.clear();
        Q_EMIT failed(u"The frames were cleared, and the refusal with them. Ask once more."_s);
        return;
    }
    const LessonCall call = findCall(session().frames().snapshot(), m_refusedFrom, QCoreApplication::applicationPid(),
                                     m_chain.back().id());
    if (call.result == noRow)
        return; // its frames are still on their way
    session().selection().selectFrame(call.result);
    reach(LessonGoal::LimitRefused, u"%1 (%2)"_s.arg(m_refusal, frameNumber(call.result)));
}

void ChainScene::readName()
{
    const int before = m_chain.back().level();
    ask([](const Proxy &node) { return node.get("name"); },
        [this, before](const Answer &answer) {
            const int level = m_chain.back().level();
            if (answer.failure || level != 0)
                return fail(answer, u"The level is still %1."_s.arg(level));
            session().objects().refresh();
            reach(LessonGoal::LevelReset,
                  u"%1: its level was %2 and is 0 now. It can hand out proxies again."_s
                      .arg(QString::fromStdString(answer.value.toString()))
                      .arg(before));
        });
}

} // namespace decoy::ui
