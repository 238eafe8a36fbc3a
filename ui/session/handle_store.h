// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/selection.h"

#include <decoy/proxy.h>

#include <QObject>

#include <vector>

namespace decoy::ui {

/// One object that the person got as a result and keeps open.
struct Handle {
    ObjectRef object;
    ObjectRef parent; ///< whose result it was
    QString type;
    QString origin; ///< how it was got: "node.child()"
    int level = 0;
    Proxy proxy;
};

/// The proxies that the monitor itself holds on to: what a call by hand returned and "Open" kept. Releasing one gives its
/// reference back to the server. UI thread only.
class HandleStore : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    void keep(Handle handle);
    void release(const ObjectRef &object);
    /// Of a server that is gone; its proxies are of no more use.
    void releaseAll(const QString &server);

    [[nodiscard]] const std::vector<Handle> &handles() const noexcept { return m_handles; }
    /// Null if there is none.
    [[nodiscard]] const Handle *find(const ObjectRef &object) const noexcept;

Q_SIGNALS:
    void changed();

private:
    std::vector<Handle> m_handles;
};

} // namespace decoy::ui
