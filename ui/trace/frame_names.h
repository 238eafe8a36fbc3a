// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>

#include <cstdint>
#include <vector>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::ui {

/// What people call the numbers in frames: objects by name or type, processes by the worker that runs in them.
///
/// Remembers what is gone from the server, because its frames are still there. A plain value of the UI thread.
class FrameNames {
public:
    /// Adds what a server has now.
    void learnObjects(const std::vector<ObjectInfo> &objects);
    /// A process that is known by more than its number: "teller", "this monitor".
    void learnProcess(std::int32_t process, const QString &name);

    /// "account", "Node #12" for a chained one, "server" for 0 (its directory), "#12" if nothing is known.
    [[nodiscard]] QString object(std::uint64_t id) const;
    /// "teller 4711", or "4711".
    [[nodiscard]] QString process(std::int32_t process) const;

private:
    QHash<quint64, QString> m_objects;
    QHash<qint32, QString> m_processes;
};

} // namespace decoy::ui
