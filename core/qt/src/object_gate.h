// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QMetaObject>

#include <functional>
#include <memory>

class QObject;

namespace decoy::qt {

/// The way from any thread into the thread of one QObject, which may be destroyed or moved to another thread at any time.
/// Thread-safe.
///
/// QPointer alone does not do: between a check in a server thread and the posting, the object's thread may destroy it. So
/// both happen under a mutex, which a slot on destroyed() takes too: ~QObject() clears all QPointers first, then emits
/// destroyed(), and cannot go on while somebody is posting. Whoever comes later finds the pointer cleared. What was posted
/// and has not run is deleted by ~QObject().
class ObjectGate {
public:
    using Work = std::function<void(QObject &)>;

    explicit ObjectGate(QObject *object);
    ~ObjectGate();
    ObjectGate(const ObjectGate &) = delete;
    ObjectGate &operator=(const ObjectGate &) = delete;

    /// Has `work` done in the object's thread, after what was posted before. Does not wait. Destroys `work` undone if the
    /// object is destroyed, now or before its turn comes.
    void post(Work work) const;

    /// Stands for the object and for no other, even after its destruction, when its address may be that of another one.
    [[nodiscard]] const void *identity() const noexcept { return m_identity; }

private:
    struct Shared;
    const std::shared_ptr<Shared> m_shared;
    const void *const m_identity;
    const QMetaObject::Connection m_destroyed;
};

} // namespace decoy::qt
