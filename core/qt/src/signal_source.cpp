// SPDX-License-Identifier: BSD-3-Clause
#include "signal_source.h"

#include "variant_packing.h"

#include <QObject>
#include <QVariant>

#include <utility>
#include <vector>

namespace decoy::qt {

namespace {

/// What a subscriber gets where an argument has no form on the wire: None, rather than no event.
Value valueOf(QMetaType type, const void *argument) noexcept
{
    try {
        return toValue(QVariant(type, argument));
    } catch (const std::exception &) {
        return {};
    }
}

} // namespace

/// Takes a signal of any signature. It has one slot more than a QObject, which only the meta-call knows; so no Q_OBJECT here.
class SignalListener final : public QObject {
public:
    SignalListener(std::shared_ptr<EventOutlet> outlet, const QMetaMethod &signal)
        : m_outlet(std::move(outlet)), m_signal(signal)
    {}

    void listenTo(const QObject &object)
    {
        // Direct: the argument's values are those of the moment, and this object needs no event loop.
        QMetaObject::connect(&object, m_signal.methodIndex(), this, QObject::staticMetaObject.methodCount(),
                             Qt::DirectConnection, nullptr);
        connect(
            &object, &QObject::destroyed, this,
            [outlet = m_outlet] {
                outlet->close({ErrorKind::ProxyObjectNotFound, {}, "the object was destroyed", {}});
            },
            Qt::DirectConnection);
    }

    int qt_metacall(QMetaObject::Call call, int id, void **arguments) override
    {
        id = QObject::qt_metacall(call, id, arguments);
        if (id != 0 || call != QMetaObject::InvokeMetaMethod)
            return id;
        relay(arguments);
        return -1;
    }

private:
    void relay(void **arguments) noexcept
    try {
        if (!m_outlet->isWanted())
            return;
        std::vector<Value> values;
        for (int index = 0; index < m_signal.parameterCount(); ++index)
            values.push_back(valueOf(m_signal.parameterMetaType(index), arguments[index + 1]));
        EventOutlet::Emission emission(*m_outlet);
        msgpack::pack(emission.arguments(), values);
        emission.send();
    } catch (const std::exception &) {
        // No memory: nobody is told. An exception must not go through the object's emit.
    }

    const std::shared_ptr<EventOutlet> m_outlet;
    const QMetaMethod m_signal;
};

SignalSource::SignalSource(std::shared_ptr<const ObjectGate> gate, const QMetaMethod &signal)
    : m_gate(std::move(gate)), m_outlet(std::make_shared<EventOutlet>()),
      m_listener(std::make_shared<SignalListener>(m_outlet, signal))
{
    m_gate->post([listener = m_listener](QObject &object) { listener->listenTo(object); });
}

SignalSource::~SignalSource()
{
    // In the object's thread, so that it does not go while its slot runs.
    m_gate->post([listener = std::move(m_listener)](QObject &) mutable { listener.reset(); });
}

} // namespace decoy::qt
