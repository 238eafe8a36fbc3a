// SPDX-License-Identifier: BSD-3-Clause
#include "object_gate.h"

#include <QObject>
#include <QPointer>

#include <mutex>
#include <utility>

namespace decoy::qt {

struct ObjectGate::Shared {
    explicit Shared(QObject *object_) : object(object_) {}
    std::mutex mutex;
    const QPointer<QObject> object;
};

namespace {

/// The address of what all QPointers to the object share. It stays allocated, and so stays unique, while one of them exists.
const void *controlBlockOf(const QObject *object)
{
    auto *const block = QtSharedPointer::ExternalRefCountData::getAndRef(object);
    block->weakref.deref(); // never the last one: Shared::object holds another
    return block;
}

} // namespace

ObjectGate::ObjectGate(QObject *object)
    : m_shared(std::make_shared<Shared>(object)), m_identity(controlBlockOf(object)),
      // No context object: the slot has to run in the destroying thread, whichever that is.
      m_destroyed(QObject::connect(object, &QObject::destroyed,
                                   [shared = m_shared] { const std::lock_guard wait(shared->mutex); }))
{}

ObjectGate::~ObjectGate() { QObject::disconnect(m_destroyed); }

void ObjectGate::post(Work work) const
{
    const std::lock_guard lock(m_shared->mutex);
    QObject *const object = m_shared->object.data();
    if (!object)
        return;
    // Posted to the object itself, so that the event moves with it to another thread, and dies with it.
    QMetaObject::invokeMethod(
        object, [object, work = std::move(work)] { work(*object); }, Qt::QueuedConnection);
}

} // namespace decoy::qt
