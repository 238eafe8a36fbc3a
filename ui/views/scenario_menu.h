// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

namespace decoy::ui {

class Session;

/// "Start worker": every scenario with what it does, and the way to any other command. Choosing a scenario starts a process.
class ScenarioMenu : public QMenu {
    Q_OBJECT

public:
    explicit ScenarioMenu(Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void commandRequested();
};

} // namespace decoy::ui
