// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

class CallRunner;
class FrameStore;
class HandleStore;
class ObjectWatcher;
class TrafficCollector;
class WorkerPool;

/// One thing that a worker process can be told to do.
struct Scenario {
    QString name;
    QString summary;
};

struct SessionOptions {
    std::vector<Scenario> scenarios; ///< what "Start worker" offers
    QString workerProgram;           ///< the `decoy` command, an absolute path
};

/// Everything that the window shows, without a widget: the server in this process, its frames, the workers, other servers,
/// calls by hand, and the selection. Made in main(), lives longer than the window. UI thread only.
class Session : public QObject {
    Q_OBJECT

public:
    /// `server` is running, or will be soon; it must outlive the session.
    Session(ProxyServer &server, SessionOptions options, QObject *parent = nullptr);
    ~Session() override;

    [[nodiscard]] ProxyServer &server() const noexcept { return m_server; }
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] const std::vector<Scenario> &scenarios() const noexcept { return m_options.scenarios; }

    [[nodiscard]] Selection &selection() const noexcept { return *m_selection; }
    [[nodiscard]] FrameStore &frames() const noexcept { return *m_frames; }
    [[nodiscard]] TrafficCollector &collector() const noexcept { return *m_collector; }
    [[nodiscard]] WorkerPool &workers() const noexcept { return *m_workers; }
    [[nodiscard]] ObjectWatcher &objects() const noexcept { return *m_objects; }
    [[nodiscard]] CallRunner &calls() const noexcept { return *m_calls; }
    [[nodiscard]] HandleStore &handles() const noexcept { return *m_handles; }

private:
    ProxyServer &m_server;
    const SessionOptions m_options;
    // Destroyed from the last to the first: the collector lets go of the store before the store goes.
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<FrameStore> m_frames;
    std::unique_ptr<TrafficCollector> m_collector;
    std::unique_ptr<HandleStore> m_handles;
    std::unique_ptr<CallRunner> m_calls;
    std::unique_ptr<ObjectWatcher> m_objects;
    std::unique_ptr<WorkerPool> m_workers;
};

} // namespace decoy::ui
