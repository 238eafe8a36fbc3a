// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/object_tree_node.h"

#include "theme/fonts.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

bool sameRow(const ObjectInfo &one, const ObjectInfo &other)
{
    return one.level == other.level && one.references == other.references && one.clients == other.clients
        && one.calls == other.calls && one.errors == other.errors && one.name == other.name && one.type == other.type;
}

} // namespace

ObjectTreeModel::Children::Children(const ServerSnapshot &snapshot) : server(snapshot)
{
    const auto isListed = [&snapshot](quint64 id) {
        const auto found = std::ranges::lower_bound(snapshot.objects, id, {}, &ObjectInfo::id);
        return found != snapshot.objects.end() && found->id == id;
    };
    for (const ObjectInfo &object : snapshot.objects) {
        // A parent has a lower id, as ids are given in order. Anything else would be a loop; it goes below the server, as
        // does an object whose parent was released before it.
        const bool below = object.parent != 0 && object.parent < object.id && isListed(object.parent);
        byParent[below ? object.parent : 0].push_back(&object);
    }
}

ObjectRef ObjectTreeModel::Node::object() const
{
    switch (kind) {
    case Kind::Server: return {server, 0};
    case Kind::Object: return {server, info.id};
    case Kind::Root:
    case Kind::More: break;
    }
    return {};
}

QVariant ObjectTreeModel::Node::text(int column) const
{
    if (kind == Kind::More)
        return column == Name ? u"%1 more not shown"_s.arg(groupedNumber(hidden)) : QVariant();
    if (kind == Kind::Server && column == Name)
        return server;
    if (kind == Kind::Server && column == Type) {
        if (state == ServerSnapshot::State::Live)
            return isLocal ? u"this process"_s : u"process %1"_s.arg(process);
        return state == ServerSnapshot::State::Connecting ? u"connecting …"_s
            : isGone()                                    ? u"gone"_s
                                                          : u"not answering"_s;
    }
    if (column == Name)
        return info.name.empty() ? u"#%1"_s.arg(info.id) : QString::fromStdString(info.name);
    if (column == Type)
        return QString::fromStdString(info.type);
    if (column == Level)
        return kind == Kind::Server ? QVariant() : QVariant(QString::number(info.level));
    if (!isLocal || (kind == Kind::Server && column < Calls))
        return {}; // another process counts for itself
    switch (column) {
    case References: return groupedNumber(info.references);
    case Clients: return groupedNumber(info.clients);
    case Calls: return groupedNumber(info.calls);
    case Errors: return groupedNumber(info.errors);
    default: return {};
    }
}

QString ObjectTreeModel::Node::toolTip() const
{
    switch (kind) {
    case Kind::Root: return {};
    case Kind::More: return u"Only the first %1 objects below one row are shown."_s.arg(mostChildren);
    case Kind::Server:
        return problem.isEmpty() ? u"Server %1, process %2"_s.arg(server).arg(process)
                                 : u"Server %1: %2"_s.arg(server, problem);
    case Kind::Object: break;
    }
    const QString type = QString::fromStdString(info.type);
    return info.name.empty()
        ? u"%1 #%2: an object that a call returned; %3 proxies stand between it and the root"_s.arg(type)
              .arg(info.id)
              .arg(std::max(0, info.level))
        : u"%1: a published %2, id %3"_s.arg(QString::fromStdString(info.name), type).arg(info.id);
}

bool ObjectTreeModel::Node::update(const Node &other)
{
    const bool same = sameRow(info, other.info) && hidden == other.hidden && process == other.process
        && state == other.state && problem == other.problem;
    info = other.info;
    hidden = other.hidden;
    process = other.process;
    state = other.state;
    problem = other.problem;
    return !same;
}

} // namespace decoy::ui
