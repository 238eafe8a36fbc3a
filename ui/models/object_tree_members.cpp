// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the object tree that are no objects: attributes, methods and workers.
#include "models/object_tree_node.h"

#include "theme/fonts.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

QString toText(const std::string &text) { return QString::fromStdString(text); }

QString withDoc(const QString &line, const std::string &doc) { return doc.empty() ? line : line + u'\n' + toText(doc); }

} // namespace

void ObjectTreeModel::setWorkers(const std::vector<TreeWorker> &workers)
{
    const std::size_t shown = std::min(workers.size(), mostChildren);
    for (std::size_t index = 0; index < shown; ++index) {
        const TreeWorker &worker = workers[index];
        Node node;
        node.kind = Kind::Worker;
        node.member = worker.title;
        node.detail = worker.state;
        node.meaning = u"Worker %1, process %2: %3"_s.arg(worker.title).arg(worker.process).arg(worker.state);
        node.process = worker.process;
        node.marks.isGone = !worker.isAlive;
        node.info.calls = worker.calls;
        const std::size_t row = m_servers + index;
        const auto isAt = [&](std::size_t at) {
            return at < m_root->children.size() && m_root->children[at]->member == worker.title;
        };
        // Workers are added at the end; what stands here instead has been taken off the list.
        while (row < m_root->children.size() && !isAt(row))
            removeRow(m_root.get(), row);
        if (row == m_root->children.size())
            insertRow(m_root.get(), row, std::make_unique<Node>(std::move(node)));
        else if (m_root->children[row]->update(node))
            announceChange(m_root->children[row].get());
    }
    syncMore(m_root.get(), m_servers + shown, {}, workers.size() - shown);
}

void ObjectTreeModel::setMembers(const ObjectRef &object, const Description &description, std::size_t leftOut)
{
    std::vector<std::unique_ptr<Node>> rows;
    const auto add = [&rows](Kind kind, const QString &name, const QString &detail, const QString &meaning) {
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->member = name;
        node->detail = detail;
        node->meaning = meaning;
        rows.push_back(std::move(node));
    };
    for (const AttributeDescription &attribute : description.attributes) {
        if (rows.size() == mostMembers)
            break;
        const QString access = attribute.writable ? u"attribute"_s : u"read-only attribute"_s;
        add(Kind::Attribute, toText(attribute.name), toText(attribute.type),
            withDoc(u"%1: %2, %3"_s.arg(toText(attribute.name), toText(attribute.type), access), attribute.doc));
    }
    for (const MethodDescription &method : description.methods) {
        if (rows.size() == mostMembers)
            break;
        add(Kind::Method, toText(method.name), u"→ "_s + toText(method.returns),
            withDoc(toText(method.signature()), method.doc));
    }
    const std::size_t hidden = description.attributes.size() + description.methods.size() + leftOut - rows.size();
    if (hidden > 0)
        add(Kind::More, u"%1 more attributes and methods"_s.arg(groupedNumber(hidden)), u"not shown"_s,
            u"Only the first %1 attributes and methods of one object are shown."_s.arg(mostMembers));
    if (const QModelIndex index = indexOf(object); index.isValid())
        syncMembers(nodeOf(index), std::move(rows));
}

void ObjectTreeModel::setMembersFailed(const ObjectRef &object, const QString &problem)
{
    const QModelIndex index = indexOf(object);
    if (!index.isValid())
        return;
    std::vector<std::unique_ptr<Node>> rows;
    rows.push_back(std::make_unique<Node>());
    rows.front()->kind = Kind::More;
    rows.front()->member = u"✕ "_s + problem;
    rows.front()->meaning = problem;
    syncMembers(nodeOf(index), std::move(rows));
}

void ObjectTreeModel::syncMembers(Node *object, std::vector<std::unique_ptr<Node>> wanted)
{
    object->isDescribed = true;
    std::size_t row = 0;
    for (std::unique_ptr<Node> &node : wanted) {
        const Node *there = row < object->members ? object->children[row].get() : nullptr;
        if (there && there->kind == node->kind && there->member == node->member) {
            if (object->children[row]->update(*node))
                announceChange(there);
        } else {
            insertRow(object, row, std::move(node));
            ++object->members;
        }
        ++row;
    }
    for (; object->members > row; --object->members)
        removeRow(object, object->members - 1);
}

} // namespace decoy::ui
