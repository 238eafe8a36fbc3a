// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <cstdint>
#include <string>
#include <vector>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::ui {

/// An object that a result handed out; what the frame says of it.
struct HandedOut {
    std::uint64_t object = 0;
    std::string type;
};

/// What people call the numbers in frames: objects by name or type, processes by the worker that runs in them.
///
/// Remembers what is gone from the server, because its frames are still there. A plain value of the UI thread.
class FrameNames {
public:
    /// Names kept; when there are more, those that were learned longest ago are given up.
    static constexpr qsizetype most = 64 * 1024;

    /// Adds what a look at a server has found: published objects each time, so that they are not given up while they are there.
    void learnObjects(const std::vector<ObjectInfo> &objects);
    /// Adds what results have handed out, however short it lived.
    void learnHandedOut(const std::vector<HandedOut> &objects);
    /// A process that is known by more than its number: "teller", "this monitor".
    void learnProcess(std::int32_t process, const QString &name);

    /// "account", "Node #12" for a chained one, "server" for 0 (its directory), "#12" if nothing is known.
    [[nodiscard]] QString object(std::uint64_t id) const;
    /// What a callback asks, by its number at the client: "callback 3" if it is called itself; "lent 3" if it is not known to be a callback by this `member`.
    [[nodiscard]] static QString lent(std::uint64_t id, QStringView member);
    /// "teller 4711", or "4711".
    [[nodiscard]] QString process(std::int32_t process) const;

    /// The type of an object; null if it is not known.
    [[nodiscard]] QString type(std::uint64_t object) const;
    /// "teller", without the number; null if only the number is known.
    [[nodiscard]] QString processName(std::int32_t process) const;
    [[nodiscard]] bool knowsObject(std::uint64_t id) const { return find(id) != nullptr; }
    [[nodiscard]] bool knowsProcess(std::int32_t process) const { return m_processes.contains(process); }

    /// What can be asked for by name, sorted: published objects, types, processes.
    [[nodiscard]] QStringList publishedNames() const;
    [[nodiscard]] QStringList typeNames() const;
    [[nodiscard]] QStringList processNames() const;

    /// Grows with everything that is learned.
    [[nodiscard]] quint64 revision() const noexcept { return m_revision; }
    /// Grows when something that was known is called otherwise now.
    [[nodiscard]] quint64 renames() const noexcept { return m_renames; }

private:
    struct Object {
        QString title;
        QString type;
        bool isPublished = false;
    };
    [[nodiscard]] const Object *find(std::uint64_t id) const;
    void learn(std::uint64_t id, Object object);

    QHash<quint64, Object> m_objects; ///< the newer half
    QHash<quint64, Object> m_older;
    QHash<qint32, QString> m_processes;
    quint64 m_revision = 0;
    quint64 m_renames = 0;
};

} // namespace decoy::ui
