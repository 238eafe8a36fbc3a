// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/worker.h"

#include <decoy/proxy_server.h>

#include <QHash>
#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace decoy::ui {

/// The client processes that the person started, dead ones included until they are cleared away.
class WorkerPool : public QObject {
    Q_OBJECT

public:
    /// `program` is the `decoy` command; `server` is what its workers connect to.
    WorkerPool(QString program, QString server, QObject *parent = nullptr);
    ~WorkerPool() override;

    /// Starts one more worker and returns it.
    Worker *start(const QString &scenario);
    /// The same for any program with its arguments, as a person types them; there is no shell. Null for an empty command.
    Worker *startCommand(const QString &command);
    void stopAll();
    /// Kills it if it runs, and takes its row away. Must be one of this pool.
    void discard(const Worker *worker);
    /// Takes away the rows of workers that have ended.
    void clearEnded();

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_workers.size()); }
    [[nodiscard]] int aliveCount() const noexcept;
    [[nodiscard]] Worker *at(int index) const { return m_workers.at(static_cast<std::size_t>(index)).get(); }
    /// By its title; null if there is none.
    [[nodiscard]] Worker *find(const QString &title) const noexcept;

    /// Takes over what the server knows of each process's calls.
    void learnCalls(const std::vector<ConnectionInfo> &connections);

    /// Marks those of whom a request waits at a breakpoint.
    void learnHeld(const std::vector<HeldRequest> &requests);

Q_SIGNALS:
    void workerAboutToBeAdded(int index);
    void workerAdded(int index);
    void workerAboutToBeRemoved(int index);
    void workerRemoved(int index);
    void workerChanged(int index);
    void workerStarted(decoy::ui::Worker *worker);
    void workerEnded(decoy::ui::Worker *worker);

private:
    Worker *add(const QString &name, const QString &program, const QStringList &arguments);
    void remove(int index);
    [[nodiscard]] int indexOf(const Worker *worker) const;
    void sampleAll();

    const QString m_program;
    const QString m_server;
    std::vector<std::unique_ptr<Worker>> m_workers;
    QHash<QString, int> m_started; ///< by scenario, so that each has a title of its own
    QTimer m_sampling;
    QElapsedTimer m_sinceCalls;           ///< rates were taken last
    QHash<qint64, quint64> m_callsBefore; ///< by process, at that time
};

} // namespace decoy::ui
