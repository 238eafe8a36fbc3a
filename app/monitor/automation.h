// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "options.h"

#include <QObject>

namespace decoy::ui {
class MainWindow;
class Session;
} // namespace decoy::ui

namespace decoy::monitor {

/// Does what the command line asks for once the window is there, for tests, documentation and pictures of it.
class Automation : public QObject {
    Q_OBJECT

public:
    Automation(const Options &options, ui::Session &session, ui::MainWindow &window);

    void start();

private:
    void startWorkers();
    /// Selects the wanted object as soon as it is there.
    void select();
    /// Starts the wanted lesson as soon as its objects are known, and walks to the wanted step.
    void learn();
    void walk();
    void quit();
    [[nodiscard]] bool takePicture() const;

    const Options m_options;
    ui::Session &m_session;
    ui::MainWindow &m_window;
    bool m_selected = false;
    bool m_learning = false;
};

} // namespace decoy::monitor
