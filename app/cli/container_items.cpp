// SPDX-License-Identifier: BSD-3-Clause
#include "container_items.h"

#include <decoy/description.h>

#include <utility>
#include <vector>

namespace decoy::cli {

namespace {

/// Pairs that travel, and are written, as a dict.
struct Entries {
    std::vector<std::pair<Value, Value>> pairs;

    template <class Packer>
    void msgpack_pack(Packer &packer) const
    {
        packer.pack_map(static_cast<std::uint32_t>(pairs.size()));
        for (const auto &[key, value] : pairs) {
            packer.pack(key);
            packer.pack(value);
        }
    }
};

Value shown(const Value &item) { return item.isProxy() ? Value(item.proxy().toString()) : item; }

/// A server of the reference does not describe its objects.
bool isDictionary(const Proxy &container)
{
    try {
        return container.describe().method("items") != nullptr;
    } catch (const RemoteError &) {
        return false;
    }
}

} // namespace

Value itemsOf(const Proxy &container)
{
    if (isDictionary(container)) {
        Entries entries;
        for (const auto &[key, value] : container.range<std::pair<Value, Value>>())
            entries.pairs.emplace_back(key, value);
        return Value(entries);
    }
    std::vector<Value> items;
    for (const Value &item : container)
        items.push_back(shown(item));
    return Value(items);
}

std::optional<std::size_t> sizeOf(const Proxy &object, const Description &description)
{
    return description.method("__len__") ? std::optional(object.size()) : std::nullopt;
}

} // namespace decoy::cli
