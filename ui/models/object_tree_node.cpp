// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/object_tree_node.h"

#include "theme/fonts.h"
#include "theme/icons.h"

#include <algorithm>
#include <chrono>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace decoy::ui {

namespace {

bool sameRow(const ObjectInfo &one, const ObjectInfo &other)
{
    return one.level == other.level && one.references == other.references && one.clients == other.clients
        && one.calls == other.calls && one.errors == other.errors && one.name == other.name && one.type == other.type;
}

/// In whole units, so that a row changes seldom. Nobody knows the age of another process's objects.
QString ageText(const ObjectInfo &object, qint64 now)
{
    if (object.created == 0)
        return {};
    const auto age = std::chrono::nanoseconds(std::max<qint64>(0, now - object.created));
    if (age < 1min)
        return u"%1 s"_s.arg(age / 1s);
    if (age < 1h)
        return u"%1 min"_s.arg(age / 1min);
    return age < 48h ? u"%1 h"_s.arg(age / 1h) : u"%1 d"_s.arg(age / 24h);
}

} // namespace

ObjectTreeModel::Children::Children(const ServerSnapshot &snapshot, const MarkedObjects &marks)
    : server(snapshot), marked(marks), now(std::chrono::steady_clock::now().time_since_epoch() / 1ns)
{
    movePinned();
    shareRows();
}

void ObjectTreeModel::Children::movePinned()
{
    // What is pinned stands below the server: in a chain that is folded up nobody would see it.
    const QHash<quint64, QString> pins = marked.chainedPins.value(server.name);
    for (auto pin = pins.begin(); pin != pins.end(); ++pin) {
        const ObjectInfo *object = server.objects.find(pin.key());
        if (!object) {
            ObjectInfo &gone = m_gone.emplace_back();
            gone.id = pin.key();
            gone.type = pin.value().toStdString();
            object = &gone;
        }
        m_moved.push_back(object);
        m_movedIds.insert(object->id);
    }
}

void ObjectTreeModel::Children::shareRows()
{
    std::vector<quint64> rows = {0}; // the server, then level by level
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const std::size_t left = mostRows - std::min(mostRows, rows.size() - 1);
        Below below = choose(rows[at], std::min(mostChildren, left));
        for (const ObjectInfo *object : below.shown)
            rows.push_back(object->id);
        if (!below.shown.empty() || below.hidden != 0)
            m_below.emplace(rows[at], std::move(below));
    }
}

const ObjectTreeModel::Children::Below &ObjectTreeModel::Children::below(quint64 parent) const
{
    static const Below none;
    const auto found = m_below.find(parent);
    return found == m_below.end() ? none : found->second;
}

ObjectTreeModel::Children::Below ObjectTreeModel::Children::choose(quint64 parent, std::size_t most) const
{
    const std::vector<ObjectInfo> &objects = server.objects.all();
    const std::span<const std::uint32_t> places = server.objects.below(parent);
    Below below;
    std::size_t next = 0;
    for (; next < places.size() && below.shown.size() < most; ++next) {
        if (!m_movedIds.contains(objects[places[next]].id))
            below.shown.push_back(&objects[places[next]]);
    }
    const auto rest = places.subspan(next);
    const auto isInRest = [&](const ObjectInfo *object) {
        return server.objects.contains(object)
            && std::ranges::binary_search(rest, static_cast<std::uint32_t>(object - objects.data()));
    };
    below.hidden = rest.size() - static_cast<std::size_t>(std::ranges::count_if(m_moved, isInRest));
    if (parent != 0)
        return below;
    if (!marked.pinned.isEmpty()) {
        for (const std::uint32_t place : rest) {
            if (objects[place].name.empty() || !marked.marks(server.name, objects[place]).isPinned)
                continue;
            below.shown.push_back(&objects[place]);
            --below.hidden;
        }
    }
    below.shown.insert(below.shown.end(), m_moved.begin(), m_moved.end());
    std::ranges::sort(below.shown, {}, &ObjectInfo::id);
    return below;
}

ObjectTreeModel::Node ObjectTreeModel::Children::row(const ObjectInfo &object) const
{
    Node node;
    node.kind = Kind::Object;
    node.server = server.name;
    node.isLocal = server.isLocal;
    node.info = object;
    node.marks = marked.marks(server.name, object);
    node.marks.isGone = !server.objects.contains(&object);
    node.age = ageText(object, now);
    return node;
}

ObjectRef ObjectTreeModel::Node::object() const
{
    switch (kind) {
    case Kind::Server: return {server, 0};
    case Kind::Object: return {server, info.id};
    case Kind::Attribute:
    case Kind::Method: return parent->object();
    case Kind::Root:
    case Kind::Worker:
    case Kind::More: break;
    }
    return {};
}

bool ObjectTreeModel::Node::isMember() const noexcept { return kind == Kind::Attribute || kind == Kind::Method; }

int ObjectTreeModel::Node::rank() const noexcept
{
    enum { Attributes, Methods, MoreMembers, Pinned, Others, Rest };
    switch (kind) {
    case Kind::Attribute: return Attributes;
    case Kind::Method: return Methods;
    case Kind::More: return member.isEmpty() ? Rest : MoreMembers;
    default: return marks.isPinned ? Pinned : Others;
    }
}

QIcon ObjectTreeModel::Node::icon() const
{
    switch (kind) {
    case Kind::Server: return ui::icon(isGone() ? "server-gone"_L1 : "server"_L1);
    case Kind::Worker: return ui::icon("workers"_L1);
    case Kind::Object: return ui::icon(info.name.empty() ? "chained"_L1 : "object"_L1);
    case Kind::Attribute: return ui::icon("attribute"_L1);
    case Kind::Method: return ui::icon("invoke"_L1);
    case Kind::Root:
    case Kind::More: break;
    }
    return {};
}

QVariant ObjectTreeModel::Node::text(int column) const
{
    if (isMember() || kind == Kind::Worker || !member.isEmpty()) {
        if (kind == Kind::Worker && column == Calls)
            return groupedNumber(info.calls);
        return column == Name ? QVariant(member) : column == Type ? QVariant(detail) : QVariant();
    }
    if (kind == Kind::More)
        return column == Name ? u"%1 more not shown"_s.arg(groupedNumber(hidden)) : QVariant();
    if (kind == Kind::Server && column == Name)
        return server;
    if (kind == Kind::Server && column == Type) {
        if (state == ServerSnapshot::State::Live)
            return isLocal ? u"this process"_s : u"process %1"_s.arg(process);
        return state == ServerSnapshot::State::Connecting ? u"connecting …"_s
            : isGone() && process == 0                    ? u"not there"_s
            : isGone()                                    ? u"gone"_s
                                                          : u"not answering"_s;
    }
    if (column == Name)
        return info.name.empty() ? u"#%1"_s.arg(info.id) : QString::fromStdString(info.name);
    if (column == Type)
        return marks.isGone ? QString::fromStdString(info.type) + u", gone"_s : QString::fromStdString(info.type);
    if (marks.isGone)
        return {};
    if (column == Level)
        return kind == Kind::Server ? QVariant() : QVariant(QString::number(info.level));
    if (!isLocal || (kind == Kind::Server && column < Calls))
        return {}; // another process counts for itself
    switch (column) {
    case References: return groupedNumber(info.references);
    case Clients: return groupedNumber(info.clients);
    case Calls: return groupedNumber(info.calls);
    case Errors: return groupedNumber(info.errors);
    case Age: return age;
    default: return {};
    }
}

QVariant ObjectTreeModel::Node::sortValue(int column) const
{
    switch (column) {
    case Name:
        if (!member.isEmpty())
            return member;
        return info.name.empty() ? u"#%1"_s.arg(info.id, 20, 10, '0'_L1) : QString::fromStdString(info.name);
    case Level: return qint64(info.level);
    case References: return qint64(info.references);
    case Clients: return qint64(info.clients);
    case Calls: return qint64(info.calls);
    case Errors: return qint64(info.errors);
    case Age: return -qint64(info.created);
    default: return text(column).toString();
    }
}

QString ObjectTreeModel::Node::spokenName() const
{
    QStringList words(text(Name).toString());
    if (kind == Kind::Attribute)
        words += u"attribute"_s;
    else if (kind == Kind::Method)
        words += u"method"_s;
    else if (kind == Kind::Worker)
        words += u"worker"_s;
    return (words + marks.words()).join(u", "_s);
}

QString ObjectTreeModel::Node::toolTip() const
{
    switch (kind) {
    case Kind::Root: return {};
    case Kind::Worker:
    case Kind::Attribute:
    case Kind::Method: return meaning;
    case Kind::More:
        if (!member.isEmpty())
            return meaning;
        return u"At most %1 objects are shown below one row, and %2 of one server."_s.arg(mostChildren)
            .arg(groupedNumber(mostRows));
    case Kind::Server:
        return problem.isEmpty() ? u"Server %1, process %2"_s.arg(server).arg(process)
                                 : u"Server %1: %2"_s.arg(server, problem);
    case Kind::Object: break;
    }
    const QString type = QString::fromStdString(info.type);
    if (marks.isGone)
        return u"%1 #%2 is gone: its last reference was released. Unpin it to take it off the list."_s.arg(type).arg(
            info.id);
    const QString words = marks.words().isEmpty() ? QString() : u" ("_s + marks.words().join(u", "_s) + u')';
    return (info.name.empty()
                ? u"%1 #%2: an object that a call returned; %3 proxies stand between it and the root"_s.arg(type)
                      .arg(info.id)
                      .arg(std::max(0, info.level))
                : u"%1: a published %2, id %3"_s.arg(QString::fromStdString(info.name), type).arg(info.id))
        + words;
}

bool ObjectTreeModel::Node::update(const Node &other)
{
    const bool same = sameRow(info, other.info) && marks == other.marks && age == other.age && hidden == other.hidden
        && member == other.member && detail == other.detail && meaning == other.meaning && process == other.process
        && state == other.state && problem == other.problem;
    info = other.info;
    marks = other.marks;
    age = other.age;
    hidden = other.hidden;
    member = other.member;
    detail = other.detail;
    meaning = other.meaning;
    process = other.process;
    state = other.state;
    problem = other.problem;
    return !same;
}

} // namespace decoy::ui
