// SPDX-License-Identifier: BSD-3-Clause
#include "meta_class.h"

#include "argument_conversion.h"

#include <QMetaClassInfo>
#include <QObject>

#include <algorithm>
#include <utility>

namespace decoy::qt {

namespace {

/// "Thermostat" for "demo::Thermostat".
std::string shortName(const QMetaObject &meta)
{
    const std::string_view name = meta.className();
    const auto colon = name.rfind("::");
    return std::string(colon == std::string_view::npos ? name : name.substr(colon + 2));
}

/// The text of Q_CLASSINFO(key, text), the most derived class's.
std::string classInfo(const QMetaObject &meta, const std::string &key)
{
    const int index = meta.indexOfClassInfo(key.c_str());
    return index < 0 ? std::string() : meta.classInfo(index).value();
}

bool hasKnownParameters(const QMetaMethod &method)
{
    for (int index = 0; index < method.parameterCount(); ++index) {
        if (!method.parameterMetaType(index).isValid())
            return false;
    }
    return true;
}

bool isReachable(const QMetaMethod &method)
{
    if (method.access() != QMetaMethod::Public
        || (method.methodType() != QMetaMethod::Slot && method.methodType() != QMetaMethod::Method))
        return false;
    return method.returnMetaType().isValid() && hasKnownParameters(method); // also void's is valid
}

std::vector<ParameterDescription> describeParameters(const QMetaMethod &method)
{
    std::vector<ParameterDescription> parameters;
    const QByteArrayList names = method.parameterNames();
    for (int index = 0; index < method.parameterCount(); ++index) {
        const QByteArray name = names.at(index).isEmpty() ? "arg" + QByteArray::number(index) : names.at(index);
        parameters.push_back({name.toStdString(), std::string(typeWord(method.parameterMetaType(index))), true, {}});
    }
    return parameters;
}

Overload describe(const QMetaObject &meta, const QMetaMethod &method)
{
    Overload overload;
    MethodDescription &description = overload.description;
    description.name = method.name().toStdString();
    description.doc = classInfo(meta, "doc:" + description.name);
    description.returns = typeWord(method.returnMetaType());
    description.parameters = describeParameters(method);
    for (int index = 0; index < method.parameterCount(); ++index)
        overload.types.push_back(method.parameterMetaType(index));
    overload.returns = method.returnMetaType();
    overload.indexes = {method.methodIndex()};
    return overload;
}

/// Whether `method` is the next shorter signature that a default argument of `whole` makes. The whole one may be missing, if it
/// has a type that is not known.
bool isShorterForm(const Overload &whole, const QMetaMethod &method)
{
    if (!(method.attributes() & QMetaMethod::Cloned) || method.parameterCount() + 1 != static_cast<int>(whole.fewest()))
        return false;
    for (int index = 0; index < method.parameterCount(); ++index) {
        if (method.parameterMetaType(index) != whole.types[static_cast<std::size_t>(index)])
            return false;
    }
    return true;
}

} // namespace

MetaClass::MetaClass(const QMetaObject &meta) : m_description{shortName(meta), classInfo(meta, "doc"), {}, {}}
{
    addSignals(meta);
    addProperties(meta);
    addMethods(meta);
}

const QMetaProperty *MetaClass::property(std::string_view name) const
{
    const auto found = m_properties.find(name);
    return found == m_properties.end() ? nullptr : &found->second;
}

const std::vector<Overload> *MetaClass::overloads(std::string_view name) const
{
    const auto found = m_methods.find(name);
    return found == m_methods.end() ? nullptr : &found->second;
}

const QMetaMethod *MetaClass::signal(std::string_view name) const
{
    auto found = m_signals.find(name);
    if (found == m_signals.end()) {
        const AttributeDescription *const attribute = m_description.attribute(name);
        found = m_signals.find(attribute ? attribute->notifiedBy : std::string());
    }
    return found == m_signals.end() ? nullptr : &found->second;
}

/// Of signals with one name the first counts: moc puts those with fewer arguments, which defaults make, behind it.
void MetaClass::addSignals(const QMetaObject &meta)
{
    for (int index = QObject::staticMetaObject.methodCount(); index < meta.methodCount(); ++index) {
        const QMetaMethod method = meta.method(index);
        const std::string name = method.name().toStdString();
        if (method.methodType() != QMetaMethod::Signal || !hasKnownParameters(method)
            || !m_signals.emplace(name, method).second)
            continue;
        m_description.events.push_back({name, classInfo(meta, "doc:" + name), describeParameters(method)});
    }
}

void MetaClass::addProperties(const QMetaObject &meta)
{
    for (int index = QObject::staticMetaObject.propertyCount(); index < meta.propertyCount(); ++index) {
        const QMetaProperty property = meta.property(index);
        if (!property.isReadable() || !property.isScriptable() || !property.metaType().isValid())
            continue;
        const std::string name = property.name();
        if (const auto [place, isNew] = m_properties.insert_or_assign(name, property); !isNew)
            std::erase_if(m_description.attributes,
                          [&name = name](const AttributeDescription &each) { return each.name == name; });
        const std::string signal = property.notifySignal().name().toStdString(); // empty without one
        m_description.attributes.push_back({name, std::string(typeWord(property.metaType())), property.isWritable(),
                                            classInfo(meta, "doc:" + name),
                                            m_signals.contains(signal) ? signal : std::string()});
    }
}

void MetaClass::addMethods(const QMetaObject &meta)
{
    for (int index = QObject::staticMetaObject.methodCount(); index < meta.methodCount(); ++index) {
        if (const QMetaMethod method = meta.method(index); isReachable(method))
            addMethod(meta, method);
    }
    for (const auto &[name, overloads] : m_methods) {
        for (const Overload &overload : overloads)
            m_description.methods.push_back(overload.description);
    }
}

void MetaClass::addMethod(const QMetaObject &meta, const QMetaMethod &method)
{
    std::vector<Overload> &overloads = m_methods[method.name().toStdString()];
    // moc puts the shorter signatures behind the whole one, each one argument shorter than the last.
    if (!overloads.empty() && isShorterForm(overloads.back(), method)) {
        Overload &whole = overloads.back();
        whole.indexes.insert(whole.indexes.begin(), method.methodIndex());
        whole.description.parameters[whole.fewest()].required = false;
        return;
    }
    Overload overload = describe(meta, method);
    // A derived class may declare a base's method anew.
    std::erase_if(overloads, [&overload](const Overload &older) { return older.types == overload.types; });
    overloads.push_back(std::move(overload));
}

} // namespace decoy::qt
