// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/frame_names.h"

#include <decoy/frame_layout.h>
#include <decoy/proxy_server.h>

#include <QSet>

#include <utility>

namespace decoy::ui {

namespace {

QString chainedName(const QString &type, quint64 id) { return QStringLiteral("%1 #%2").arg(type).arg(id); }

QStringList sorted(const QSet<QString> &texts)
{
    QStringList list(texts.cbegin(), texts.cend());
    list.sort();
    return list;
}

} // namespace

const FrameNames::Object *FrameNames::find(std::uint64_t id) const
{
    for (const auto *half : {&m_objects, &m_older}) {
        if (const auto known = half->constFind(id); known != half->constEnd())
            return &*known;
    }
    return nullptr;
}

void FrameNames::learn(std::uint64_t id, Object object)
{
    const Object *known = find(id);
    // An id is never used again, so what is known stays true; only a published name can come later.
    if (known && (!object.isPublished || known->title == object.title))
        object = *known;
    else
        ++m_revision;
    m_renames += known && known->title != object.title ? 1 : 0;
    if (m_objects.size() >= most / 2 && !m_objects.contains(id))
        m_older = std::exchange(m_objects, {});
    m_objects.insert(id, std::move(object));
}

void FrameNames::learnObjects(const std::vector<ObjectInfo> &objects)
{
    for (const ObjectInfo &info : objects) {
        if (const auto known = m_objects.constFind(info.id);
            known != m_objects.constEnd() && (known->isPublished || info.name.empty()))
            continue; // the usual case, four times a second: nothing is made
        const QString type = QString::fromStdString(info.type);
        const bool isPublished = !info.name.empty();
        learn(info.id,
              {isPublished ? QString::fromStdString(info.name) : chainedName(type, info.id), type, isPublished});
    }
}

void FrameNames::learnHandedOut(const std::vector<HandedOut> &objects)
{
    for (const HandedOut &object : objects) {
        const QString type = QString::fromStdString(object.type);
        if (!knowsObject(object.object))
            learn(object.object, {chainedName(type, object.object), type, false});
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
    if (const Object *known = find(id))
        return known->title;
    return id == 0 ? QStringLiteral("server") : QStringLiteral("#%1").arg(id);
}

QString FrameNames::lent(std::uint64_t id, QStringView member)
{
    return QString::fromStdString(lentName(id, member == u"__call__" ? "callable" : ""));
}

QString FrameNames::process(std::int32_t process) const
{
    const auto known = m_processes.constFind(process);
    return known != m_processes.constEnd() ? QStringLiteral("%1 %2").arg(*known).arg(process)
                                           : QString::number(process);
}

QString FrameNames::type(std::uint64_t object) const
{
    const Object *known = find(object);
    return known ? known->type : QString();
}

QString FrameNames::processName(std::int32_t process) const { return m_processes.value(process); }

QStringList FrameNames::publishedNames() const
{
    QSet<QString> published;
    for (const auto *half : {&m_objects, &m_older}) {
        for (const Object &object : *half) {
            if (object.isPublished)
                published.insert(object.title);
        }
    }
    return sorted(published);
}

QStringList FrameNames::typeNames() const
{
    QSet<QString> types;
    for (const auto *half : {&m_objects, &m_older}) {
        for (const Object &object : *half)
            types.insert(object.type);
    }
    return sorted(types);
}

QStringList FrameNames::processNames() const { return sorted({m_processes.cbegin(), m_processes.cend()}); }

} // namespace decoy::ui
