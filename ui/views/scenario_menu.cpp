// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/scenario_menu.h"

#include "session/session.h"
#include "session/worker_pool.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

ScenarioMenu::ScenarioMenu(Session &session, QWidget *parent) : QMenu(u"Start &worker"_s, parent)
{
    for (const Scenario &scenario : session.scenarios()) {
        // What follows a tab stands in a column of its own.
        QAction *action = addAction(u"%1\t%2"_s.arg(scenario.name, scenario.summary));
        action->setData(scenario.name);
        connect(action, &QAction::triggered, this, [&session, name = scenario.name] { session.workers().start(name); });
    }
    addSeparator();
    connect(addAction(u"Another &command …"_s), &QAction::triggered, this, &ScenarioMenu::commandRequested);
}

} // namespace decoy::ui
