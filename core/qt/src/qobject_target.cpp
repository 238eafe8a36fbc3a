// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/qt/qobject_target.h>

#include "argument_conversion.h"
#include "meta_class.h"
#include "object_gate.h"
#include "pending_answer.h"
#include "signal_source.h"
#include "variant_packing.h"

#include <decoy/error.h>

#include <QObject>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace decoy {

namespace qt {

namespace {

void answer(Reply &reply, const QVariant &result)
{
    if (result.metaType().flags().testFlag(QMetaType::PointerToQObject)) {
        auto *const object = result.value<QObject *>();
        reply.object(object ? qobjectTarget(object) : nullptr);
    } else {
        reply.value(toValue(result));
    }
}

/// Arguments are checked and copied in the server's thread; only the work itself goes to the object's.
class QObjectTarget final : public Target {
public:
    explicit QObjectTarget(QObject *object)
        : m_class(*object->metaObject()), m_gate(std::make_shared<ObjectGate>(object))
    {}

    [[nodiscard]] std::string_view typeName() const noexcept override { return m_class.description().type; }
    [[nodiscard]] Description describe() const override { return m_class.description(); }
    [[nodiscard]] Threading threading() const noexcept override { return Threading::Own; }
    [[nodiscard]] const void *identity() const noexcept override { return m_gate->identity(); }

    void get(std::string_view attribute, Reply &reply) override
    {
        if (const QMetaProperty *const property = m_class.property(attribute))
            return post(attribute, reply, [property = *property](QObject &object, Reply &later) {
                answer(later, property.read(&object));
            });
        if (m_class.overloads(attribute))
            return reply.callable(attribute);
        detail::throwAttributeNotFound(*this, "attribute", attribute);
    }

    void set(std::string_view attribute, const msgpack::object &value, Reply &reply) override
    {
        const QMetaProperty *const property = m_class.property(attribute);
        if (!property || !property->isWritable())
            detail::throwNotWritable(*this, attribute);
        QVariant converted = convertArgument(value, property->metaType(), {}, attribute).value;
        post(attribute, reply, [property = *property, converted = std::move(converted)](QObject &object, Reply &later) {
            if (!property.write(&object, converted))
                throw ArgumentError(std::string("'") + property.name() + "' did not take the value");
            later.none();
        });
    }

    void call(std::string_view method, const Arguments &arguments, Reply &reply) override
    {
        const std::vector<Overload> *const overloads = m_class.overloads(method);
        if (!overloads)
            detail::throwNotCallable(*this, method);
        post(method, reply, [prepared = chooseOverload(*overloads, arguments)](QObject &object, Reply &later) mutable {
            answer(later, prepared.run(object));
        });
    }

    [[nodiscard]] std::shared_ptr<void> subscribe(std::string_view event, std::shared_ptr<EventSink> sink) override
    {
        const QMetaMethod *const signal = m_class.signal(event);
        if (!signal)
            detail::throwNoSuchEvent(*this, event);
        struct Place {
            std::shared_ptr<SignalSource> source; // goes last
            std::shared_ptr<void> place;
        };
        auto source = sourceOf(*signal);
        auto place = source->outlet().add(std::move(sink));
        return std::make_shared<Place>(Place{std::move(source), std::move(place)});
    }

private:
    [[nodiscard]] std::shared_ptr<SignalSource> sourceOf(const QMetaMethod &signal)
    {
        const std::lock_guard lock(m_mutex);
        std::weak_ptr<SignalSource> &known = m_sources[signal.methodIndex()];
        auto source = known.lock();
        if (!source)
            known = source = std::make_shared<SignalSource>(m_gate, signal);
        return source;
    }

    /// Has `work(object, reply)` done in the object's thread; what it throws becomes the caller's error.
    template <class Work>
    void post(std::string_view member, Reply &reply, Work work)
    {
        auto pending = std::make_shared<PendingAnswer>(reply.defer(),
                                                       std::string(typeName()) + "." + std::string(member));
        m_gate->post([pending = std::move(pending), work = std::move(work)](QObject &object) mutable {
            pending->give([&](Reply &later) { work(object, later); });
        });
    }

    const MetaClass m_class;
    const std::shared_ptr<const ObjectGate> m_gate;
    std::mutex m_mutex;
    std::map<int, std::weak_ptr<SignalSource>> m_sources; // by the signal's index
};

} // namespace
} // namespace qt

std::shared_ptr<Target> qobjectTarget(QObject *object) { return std::make_shared<qt::QObjectTarget>(object); }

std::uint64_t publish(ProxyServer &server, std::string name, QObject *object)
{
    return server.publish(std::move(name), qobjectTarget(object));
}

} // namespace decoy
