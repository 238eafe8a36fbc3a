// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learn/lane_costs.h"
#include "learn/lesson_scene.h"
#include "session/worker.h"

#include <memory>
#include <optional>
#include <thread>

namespace decoy::ui {

/// Measures both lanes, in a thread of its own, on a server of its own.
class CostScene : public LessonScene {
    Q_OBJECT

public:
    explicit CostScene(Session &session);
    /// Ends a measurement that runs.
    ~CostScene() override;

    void perform(LessonAction action) override;
    [[nodiscard]] const LaneCosts *costs() const override { return m_costs ? &*m_costs : nullptr; }
    [[nodiscard]] bool isMeasuring() const noexcept { return m_server != nullptr; }

private:
    void startServer();
    void measure();
    void finish(const std::optional<LaneCosts> &costs, const QString &problem);

    QString m_serverName;
    std::unique_ptr<Worker> m_server;
    std::jthread m_thread;
    std::optional<LaneCosts> m_costs;
};

} // namespace decoy::ui
