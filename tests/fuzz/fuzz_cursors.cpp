// SPDX-License-Identifier: BSD-3-Clause

// The cursor of an iteration goes to the client and comes back as whatever the client likes. The input says which container is asked,
// which parts of a genuine cursor are kept, how many items are wanted, and what stands in place of the rest. Besides not crashing, each
// answer is a batch within its bounds, and who goes on from there comes to the end.

#include "object/class_target.h"
#include "support/recording_reply.h"

#include <decoy/containers.h>
#include <decoy/frame.h>
#include <decoy/limits.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

using namespace decoy;

namespace {

constexpr std::string_view method = "__next_items__";
constexpr int size = 7; // of each container

void require(bool condition)
{
    if (!condition)
        std::abort();
}

template <class C, class Make>
test::TargetProbe serve(Make make)
{
    auto items = std::make_shared<C>();
    for (int i = 0; i < size; ++i)
        items->insert(items->end(), make(i));
    return test::TargetProbe(std::make_shared<object::ClassTarget>(container<C>().finish(), std::move(items)));
}

const std::vector<test::TargetProbe> &containers()
{
    const auto number = [](int i) { return i; };
    const auto text = [](int i) { return std::string(static_cast<std::size_t>(1) << 2 * i, 'x'); };
    const auto entry = [](int i) { return std::pair(std::to_string(i), i); };
    static const std::vector<test::TargetProbe> all{
        serve<std::vector<int>>(number),    serve<std::deque<std::string>>(text),
        serve<std::list<int>>(number),      serve<std::map<std::string, int>>(entry),
        serve<std::set<int>>(number),       serve<std::multimap<std::string, int>>(entry),
        serve<std::set<std::string>>(text),
    };
    return all;
}

/// Any value that a peer can send.
Value valueFrom(std::span<const std::byte> bytes)
{
    constexpr std::array<unsigned char, 6> set{0x92, 0x01, 0x93, 0x01, 0xa1, 'x'}; // SET, and of what
    const auto head = std::as_bytes(std::span(set));
    std::vector<std::byte> frame(head.begin(), head.end());
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    return Frame::parse(frame).payload().at(2);
}

/// `given` in place of the whole cursor, or of those of its parts that `kept` does not name.
Value cursorFrom(const Value &genuine, const Value &given, unsigned kept)
{
    constexpr unsigned parts = 4;
    if (kept >> parts & 1 || given.object().type != msgpack::type::ARRAY)
        return given;
    std::vector<Value> cursor;
    for (unsigned i = 0; i < parts; ++i)
        cursor.push_back(kept >> i & 1 || i >= given.size() ? genuine.at(i) : given.at(i));
    return Value(cursor);
}

Value nextItems(const test::TargetProbe &container, const Value &cursor, const Value &most)
{
    Value batch = container.call(method, {cursor, most}).data;
    require(batch.at(0).size() <= mostItemsPerBatch && batch.at(0).size() <= size);
    return batch;
}

void goThrough(const test::TargetProbe &container, Value cursor, int most)
{
    Value batch = nextItems(container, cursor, Value(most));
    for (int step = 0; !batch.at(1).isNone(); ++step) {
        require(batch.at(0).size() > 0 && step <= size);
        batch = nextItems(container, batch.at(1), Value(most));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count)
{
    if (count < 3)
        return 0;
    const auto &container = containers()[bytes[0] % containers().size()];
    const unsigned kept = bytes[1];
    const int most = bytes[2];
    try {
        const Value genuine = nextItems(container, Value(), Value(1)).at(1);
        const Value given = valueFrom(std::as_bytes(std::span(bytes + 3, count - 3)));
        goThrough(container, cursorFrom(genuine, given, kept), most);
    } catch (const ProxyError &) {
        // The one way to refuse.
    }
    return 0;
}
