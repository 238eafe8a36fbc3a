// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mainwindow/main_window.h"
#include "session/call_runner.h"
#include "session/object_watcher.h"
#include "session/session.h"
#include "theme/theme.h"

#include <demo/demo_objects.h>

#include <decoy/proxy_server.h>

#include <QApplication>

#include <memory>
#include <string>

#include <unistd.h>

/// What main() wires, under a name of its own, for tests of what a person does.
struct DemoMonitor {
    explicit DemoMonitor(const QString &dataFolder = {}, bool withWindow = true) : server(freshName())
    {
        objects.publish(server);
        server.run();
        decoy::ui::SessionOptions options;
        options.workerProgram = QStringLiteral(DECOY_COMMAND);
        options.dataFolder = dataFolder;
        for (const QString &name :
             {QStringLiteral("teller"), QStringLiteral("climber"), QStringLiteral("slow"), QStringLiteral("crasher")})
            options.scenarios.push_back({name, name});
        session = std::make_unique<decoy::ui::Session>(server, options);
        session->startCapture();
        if (!withWindow)
            return;
        theme = std::make_unique<decoy::ui::Theme>(*qApp);
        window = std::make_unique<decoy::ui::MainWindow>(*session, *theme);
        window->show();
    }
    ~DemoMonitor()
    {
        window.reset();
        session.reset();
        objects.close();
        server.stop();
    }
    DemoMonitor(const DemoMonitor &) = delete;
    DemoMonitor &operator=(const DemoMonitor &) = delete;

    [[nodiscard]] static std::string freshName()
    {
        static int number = 0;
        return "monitor-calls-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
    }
    [[nodiscard]] decoy::ui::ObjectRef published(const QString &name) const { return session->objects().find(name); }
    [[nodiscard]] bool knows(const QString &name) const { return !published(name).isNull(); }
    /// A call of a published object, which must be known.
    [[nodiscard]] decoy::ui::CallRequest request(const QString &object, const std::string &method,
                                                 std::vector<decoy::Value> arguments = {}) const
    {
        decoy::ui::CallRequest request;
        request.object = published(object);
        request.name = object.toStdString();
        request.member = method;
        request.positional = std::move(arguments);
        return request;
    }

    decoy::demo::DemoObjects objects;
    decoy::ProxyServer server;
    std::unique_ptr<decoy::ui::Session> session;
    std::unique_ptr<decoy::ui::Theme> theme;
    std::unique_ptr<decoy::ui::MainWindow> window;
};
