// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object_gate.h"

#include <decoy/event.h>

#include <QMetaMethod>

#include <memory>

namespace decoy::qt {

class SignalListener;

/// A signal of a QObject as an event. Connected while this lives, so the object emits into nothing when nobody has subscribed. Its slot runs
/// where the signal is emitted: in the object's thread, unless somebody emits it from another one, who must not do so while the last
/// subscriber goes. Thread-safe.
class SignalSource {
public:
    SignalSource(std::shared_ptr<const ObjectGate> gate, const QMetaMethod &signal);
    ~SignalSource();
    SignalSource(const SignalSource &) = delete;
    SignalSource &operator=(const SignalSource &) = delete;

    [[nodiscard]] EventOutlet &outlet() const noexcept { return *m_outlet; }

private:
    const std::shared_ptr<const ObjectGate> m_gate;
    const std::shared_ptr<EventOutlet> m_outlet;
    std::shared_ptr<SignalListener> m_listener;
};

} // namespace decoy::qt
