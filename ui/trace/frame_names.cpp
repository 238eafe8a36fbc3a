// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_names.h"

#include <decoy/proxy_server.h>

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
        if (!object.name.empty() || !m_objects.contains(object.id))
            m_objects.insert(object.id, nameOf(object));
    }
}

void FrameNames::learnProcess(std::int32_t process, const QString &name) { m_processes.insert(process, name); }

QString FrameNames::object(std::uint64_t id) const
{
    const auto known = m_objects.constFind(id);
    if (known != m_objects.constEnd())
        return *known;
    return id == 0 ? QStringLiteral("server") : QStringLiteral("#%1").arg(id);
}

QString FrameNames::process(std::int32_t process) const
{
    const auto known = m_processes.constFind(process);
    return known != m_processes.constEnd() ? QStringLiteral("%1 %2").arg(*known).arg(process)
                                           : QString::number(process);
}

} // namespace decoy::ui
