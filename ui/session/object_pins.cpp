// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/object_pins.h"

#include <QSettings>

#include <algorithm>

namespace decoy::ui {

namespace {

// Another version's settings are not read: nothing is pinned then.
constexpr QLatin1String versionKey{"pins/version"};
constexpr QLatin1String namesKey{"pins/objects"};
constexpr int version = 1;

} // namespace

ObjectPins::ObjectPins(QObject *parent) : QObject(parent)
{
    const QSettings settings;
    if (settings.value(versionKey).toInt() != version)
        return;
    m_names = settings.value(namesKey).toStringList();
    m_names.removeAll(QString());
    m_names.removeDuplicates();
    m_names = m_names.last(std::min(m_names.size(), most));
}

void ObjectPins::setPinned(const QString &name, bool isPinned)
{
    if (name.isEmpty() || this->isPinned(name) == isPinned)
        return;
    if (!isPinned)
        m_names.removeOne(name);
    else
        m_names += name;
    if (m_names.size() > most)
        m_names.removeFirst();
    save();
}

bool ObjectPins::isPinned(const ObjectRef &object) const
{
    return std::ranges::find(m_chained, object, &ChainedPin::object) != m_chained.end();
}

void ObjectPins::setPinned(const ChainedPin &pin, bool isPinned)
{
    if (pin.object.isNull() || this->isPinned(pin.object) == isPinned)
        return;
    if (!isPinned)
        m_chained.removeIf([&pin](const ChainedPin &known) { return known.object == pin.object; });
    else
        m_chained += pin;
    if (m_chained.size() > most)
        m_chained.removeFirst();
    Q_EMIT changed();
}

void ObjectPins::clear()
{
    if (m_names.isEmpty() && m_chained.isEmpty())
        return;
    m_names.clear();
    m_chained.clear();
    save();
}

void ObjectPins::save()
{
    QSettings settings;
    settings.setValue(versionKey, version);
    settings.setValue(namesKey, m_names);
    Q_EMIT changed();
}

} // namespace decoy::ui
