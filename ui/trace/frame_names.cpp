// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_names.h"

#include <decoy/proxy_server.h>

#include <QSet>

namespace decoy::ui {

namespace {

/// Chained objects come and go by the thousand; names of those that went long ago are given up.
constexpr qsizetype mostObjects = 64 * 1024;

QString nameOf(const ObjectInfo &object)
{
    if (!object.name.empty())
        return QString::fromStdString(object.name);
    return QStringLiteral("%1 #%2").arg(QString::fromStdString(object.type)).arg(object.id);
}

} // namespace

void FrameNames::learnObjects(const std::vector<ObjectInfo> &objects)
{
    if (m_objects.size() > mostObjects)
        m_objects.clear();
    for (const ObjectInfo &object : objects) {
        // An id is never used again, so what is known stays true; only a published name can come later.
        const auto known = m_objects.constFind(object.id);
        const bool isNew = known == m_objects.constEnd();
        const QString title = isNew || !object.name.empty() ? nameOf(object) : known->title;
        if (!isNew && title == known->title)
            continue;
        m_renames += isNew ? 0 : 1;
        m_objects.insert(object.id, {title, QString::fromStdString(object.type), !object.name.empty()});
        ++m_revision;
    }
}

void FrameNames::learnProcess(std::int32_t process, const QString &name)
{
    m_renames += knowsProcess(process) && processName(process) != name ? 1 : 0;
    m_processes.insert(process, name);
    ++m_revision;
}

QString FrameNames::object(std::uint64_t id) const
{
    const auto known = m_objects.constFind(id);
    if (known != m_objects.constEnd())
        return known->title;
    return id == 0 ? QStringLiteral("server") : QStringLiteral("#%1").arg(id);
}

QString FrameNames::process(std::int32_t process) const
{
    const auto known = m_processes.constFind(process);
    return known != m_processes.constEnd() ? QStringLiteral("%1 %2").arg(*known).arg(process)
                                           : QString::number(process);
}

QString FrameNames::type(std::uint64_t object) const
{
    const auto known = m_objects.constFind(object);
    return known != m_objects.constEnd() ? known->type : QString();
}

QString FrameNames::processName(std::int32_t process) const { return m_processes.value(process); }

QStringList FrameNames::publishedNames() const
{
    QStringList names;
    for (const Object &object : m_objects) {
        if (object.isPublished)
            names += object.title;
    }
    names.sort();
    return names;
}

QStringList FrameNames::typeNames() const
{
    QSet<QString> types;
    for (const Object &object : m_objects)
        types.insert(object.type);
    QStringList names(types.cbegin(), types.cend());
    names.sort();
    return names;
}

QStringList FrameNames::processNames() const
{
    QStringList names(m_processes.cbegin(), m_processes.cend());
    names.sort();
    names.removeDuplicates();
    return names;
}

} // namespace decoy::ui
