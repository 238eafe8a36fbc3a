// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

namespace decoy::ui {

class Session;

/// "Start worker": every scenario with what it does. Choosing one starts a process.
class ScenarioMenu : public QMenu {
    Q_OBJECT

public:
    explicit ScenarioMenu(Session &session, QWidget *parent = nullptr);
};

} // namespace decoy::ui
