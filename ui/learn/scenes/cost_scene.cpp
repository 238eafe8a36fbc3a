// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/scenes/cost_scene.h"

#include "learn/own_server.h"
#include "session/session.h"
#include "theme/fonts.h"

#include <decoy/error.h>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

CostScene::CostScene(Session &session) : LessonScene(session) {}

CostScene::~CostScene()
{
    m_thread.request_stop();
    retire(std::move(m_server)); // a call that waits for it ends with it
    if (m_thread.joinable())
        m_thread.join();
}

void CostScene::perform(LessonAction action)
{
    if (action == LessonAction::Measure && !isMeasuring())
        startServer();
}

void CostScene::startServer()
{
    m_serverName = ownServerName();
    m_server = startOwnServer(session(), m_serverName);
    Q_EMIT progressed(0);
    connect(m_server.get(), &Worker::logged, this, [this](const QString &line) {
        if (saysReady(line) && !m_thread.joinable())
            measure();
    });
    connect(m_server.get(), &Worker::ended, this, [this] {
        if (!m_thread.joinable())
            finish({}, u"The server has ended: %1."_s.arg(m_server->ending()));
    });
}

void CostScene::measure()
{
    LaneCostOptions options;
    options.server = m_serverName.toStdString();
    options.process = static_cast<std::int32_t>(m_server->process());
    m_thread = std::jthread([this, options](const std::stop_token &stop) {
        std::optional<LaneCosts> costs;
        QString problem;
        try {
            costs = measureLaneCosts(options, stop, [this](double share) {
                QMetaObject::invokeMethod(
                    this, [this, share] { Q_EMIT progressed(share); }, Qt::QueuedConnection);
            });
        } catch (const ProxyError &error) {
            problem = QString::fromUtf8(error.what());
        }
        // The destructor waits for this thread, so `this` is there; what is posted to it afterwards is dropped with it.
        QMetaObject::invokeMethod(
            this, [this, costs, problem] { finish(costs, problem); }, Qt::QueuedConnection);
    });
}

void CostScene::finish(const std::optional<LaneCosts> &costs, const QString &problem)
{
    if (m_thread.joinable())
        m_thread.join();
    m_thread = {};
    retire(std::move(m_server));
    if (!costs) {
        Q_EMIT failed(problem.isEmpty() ? u"The measurement was stopped."_s : problem);
        return;
    }
    m_costs = costs;
    reach(LessonGoal::Measured,
          u"Median of %1 calls: %2 when woken, %3 over the mailbox."_s.arg(costs->calls)
              .arg(durationText(costs->waking.median.count()), durationText(costs->polling.median.count())));
}

} // namespace decoy::ui
