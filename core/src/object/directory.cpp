// SPDX-License-Identifier: BSD-3-Clause
#include "object/directory.h"

#include "object/class_target.h"

#include <decoy/class.h>

#include <algorithm>

namespace decoy::object {

namespace {

std::shared_ptr<Target> findPublished(ObjectTable &table, const std::string &name)
{
    const auto entry = table.published(name);
    if (!entry)
        throw ProxyObjectNotFound("no object is published as \"" + name + "\"");
    return entry->target;
}

template <class Row>
std::vector<Row> firstOf(std::vector<Row> rows)
{
    constexpr std::size_t mostRows = 128; // an answer has to fit into a frame
    rows.resize(std::min(rows.size(), mostRows));
    return rows;
}

std::vector<HeldObjects> largestHeld(const ObjectTable &table) { return firstOf(table.heldObjects()); }

std::vector<ClientCalls> busiestClients(const ObjectTable &table) { return firstOf(table.clients()); }

std::vector<SubscriptionInfo> firstSubscriptions(const ObjectTable &table) { return firstOf(table.subscriptions()); }

} // namespace

std::shared_ptr<Target> makeDirectory(std::shared_ptr<ObjectTable> table)
{
    auto info = Class<ObjectTable>("Directory", "What this server has published.")
                    .method("objects", &ObjectTable::publishedObjects, "Name, id and type of every published object.")
                    .method("held", &largestHeld, "What clients hold, by client and type; most references first.")
                    .method("clients", &busiestClients,
                            "The clients and how many calls each has in flight; the most first.")
                    .method("subscriptions", &firstSubscriptions,
                            "Who has subscribed to what; those that have lost the most events first.")
                    .method("object", &findPublished, arg("name"), "The published object of a name.")
                    .method("__getitem__", &findPublished, arg("name"), "The published object of a name.")
                    .method(
                        "__len__",
                        [](ObjectTable &objects) {
                            return static_cast<std::int64_t>(objects.publishedObjects().size());
                        },
                        "How many objects are published.")
                    .threading(Threading::Concurrent)
                    .finish();
    return std::make_shared<ClassTarget>(std::move(info), std::move(table));
}

} // namespace decoy::object
