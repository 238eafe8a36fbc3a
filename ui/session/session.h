// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"
#include "session/server_links.h"
#include "trace/frame_names.h"
#include "trace/frame_store.h"
#include "trace/traffic_statistics.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace decoy {
class ProxyServer;
}

namespace decoy::ui {

class CallHistory;
class CallRunner;
class FrameFilter;
class HandleStore;
class ManualCalls;
class NavigationStack;
class Navigator;
class ObjectPins;
class ObjectWatcher;
class ProblemAnalyser;
class RecordSettings;
class SavedCalls;
class TrafficCollector;
class TrafficHold;
class Worker;
class WorkerPool;

/// One thing that a worker process can be told to do.
struct Scenario {
    QString name;
    QString summary;
};

struct SessionOptions {
    std::vector<Scenario> scenarios; ///< what "Start worker" offers
    QString workerProgram;           ///< the `decoy` command, an absolute path
    QString dataFolder;              ///< where calls are remembered; empty: they are forgotten at the end
    FrameStoreOptions frames;        ///< how many frames are kept, and where
};

/// Everything that the window shows, without a widget: the server in this process, its frames, the workers, other servers,
/// calls by hand, and the selection. Made in main(), lives longer than the window. UI thread only.
class Session : public QObject {
    Q_OBJECT

public:
    /// `server` runs already, and outlives the session.
    Session(ProxyServer &server, SessionOptions options, QObject *parent = nullptr);
    ~Session() override;

    [[nodiscard]] ProxyServer &server() noexcept { return m_server; }
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] int maxChainLevel() const;
    [[nodiscard]] const std::vector<Scenario> &scenarios() const noexcept { return m_options.scenarios; }
    [[nodiscard]] const QString &workerProgram() const noexcept { return m_options.workerProgram; }
    [[nodiscard]] bool hasScenario(const QString &name) const;

    [[nodiscard]] Selection &selection() noexcept { return m_selection; }
    [[nodiscard]] FrameFilter &filter() noexcept { return *m_filter; }
    [[nodiscard]] NavigationStack &navigation() noexcept { return *m_navigation; }
    [[nodiscard]] const FrameStore &frames() const noexcept { return m_frames; }
    [[nodiscard]] const FrameNames &names() const noexcept { return m_names; }
    [[nodiscard]] const TrafficStatistics &statistics() const noexcept { return m_statistics; }
    [[nodiscard]] TrafficCollector &collector() noexcept { return *m_collector; }
    [[nodiscard]] RecordSettings &record() noexcept { return *m_record; }
    [[nodiscard]] ProblemAnalyser &problems() noexcept { return *m_problems; }
    [[nodiscard]] HandleStore &handles() noexcept { return *m_handles; }
    [[nodiscard]] CallRunner &calls() noexcept { return *m_calls; }
    [[nodiscard]] ManualCalls &manualCalls() noexcept { return *m_manualCalls; }
    [[nodiscard]] CallHistory &callHistory() noexcept { return *m_callHistory; }
    [[nodiscard]] SavedCalls &savedCalls() noexcept { return *m_savedCalls; }
    [[nodiscard]] ObjectWatcher &objects() noexcept { return *m_objects; }
    [[nodiscard]] ObjectPins &pins() noexcept { return *m_pins; }
    [[nodiscard]] TrafficHold &hold() noexcept { return *m_hold; }
    [[nodiscard]] WorkerPool &workers() noexcept { return *m_workers; }

    /// Captures the local server's frames from now on.
    void startCapture();
    void stopCapture();
    /// Forgets all captured frames.
    void clearFrames();
    /// Closes the channel to another server that is not wanted any more.
    void forgetServer(const QString &server);

Q_SIGNALS:
    /// FrameNames knows more than before: views that show names look again.
    void namesChanged();

private:
    void learnObjects();
    void tellOfNames();
    void learnWorker(const Worker *worker);
    void explainEnding(Worker *worker) const;

    ProxyServer &m_server;
    const SessionOptions m_options;
    Selection m_selection;
    FrameNames m_names;
    quint64 m_toldNames = 0; ///< the revision of them of which everybody knows
    ServerLinks m_links;
    TrafficStatistics m_statistics;
    FrameStore m_frames;
    // Destroyed from the last to the first: who uses something goes before it.
    std::unique_ptr<FrameFilter> m_filter;
    std::unique_ptr<NavigationStack> m_navigation;
    std::unique_ptr<Navigator> m_navigator;
    std::unique_ptr<TrafficCollector> m_collector;
    std::unique_ptr<RecordSettings> m_record;
    std::unique_ptr<ProblemAnalyser> m_problems;
    std::unique_ptr<HandleStore> m_handles;
    std::unique_ptr<CallHistory> m_callHistory;
    std::unique_ptr<SavedCalls> m_savedCalls;
    std::unique_ptr<CallRunner> m_calls;
    std::unique_ptr<ManualCalls> m_manualCalls;
    std::unique_ptr<ObjectWatcher> m_objects;
    std::unique_ptr<ObjectPins> m_pins;
    std::unique_ptr<WorkerPool> m_workers;
    std::unique_ptr<TrafficHold> m_hold;
};

} // namespace decoy::ui
