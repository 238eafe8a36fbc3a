// SPDX-License-Identifier: BSD-3-Clause
#include "object/class_target.h"
#include "support/bank.h"
#include "support/error_message.h"
#include "support/recording_reply.h"

#include <decoy/containers.h>

#include <QTest>

#include <array>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

using namespace decoy;
using test::History;
using test::messageOf;
using test::TargetProbe;

template <class C>
TargetProbe probe(C &items)
{
    return TargetProbe(
        std::make_shared<object::ClassTarget>(container<C>().finish(), std::shared_ptr<void>(&items, [](void *) {})));
}

/// All that an iteration gives, `most` items at a time.
template <class T>
std::vector<T> gone(const TargetProbe &container, int most = 2)
{
    std::vector<T> all;
    Value cursor;
    do {
        const Value batch = container.call("__next_items__", {cursor, most}).data;
        const auto items = batch.at(0).as<std::vector<T>>();
        all.insert(all.end(), items.begin(), items.end());
        cursor = batch.at(1);
    } while (!cursor.isNone());
    return all;
}

template <class Error, class Action>
bool fails(Action action)
{
    try {
        action();
    } catch (const Error &) {
        return true;
    }
    return false;
}

class Odd { // a class with what a container needs, in its own way
public:
    [[nodiscard]] const int *begin() const { return m_items.data(); }
    [[nodiscard]] const int *end() const { return m_items.data() + m_items.size(); }
    void touch() {}
    void look() const {}
    void peek() {}
    int colour = 0;

private:
    std::array<int, 3> m_items{1, 3, 5};
};

class Powers {
public:
    [[nodiscard]] std::size_t size() const { return 4; }
    [[nodiscard]] int operator[](std::size_t index) const { return 1 << index; }
};

class Chain { // items that can be taken out, but not counted
public:
    using Links = std::list<int>;
    [[nodiscard]] Links::iterator begin() { return m_links.begin(); }
    [[nodiscard]] Links::iterator end() { return m_links.end(); }
    void push_back(int link) { m_links.push_back(link); }
    Links::iterator insert(Links::iterator place, int link) { return m_links.insert(place, link); }
    Links::iterator erase(Links::iterator place) { return m_links.erase(place); }

private:
    Links m_links{1, 2};
};

class Register { // keys that can only be looked up
public:
    using key_type = int;
    using value_type = int;
    [[nodiscard]] std::set<int>::const_iterator begin() const { return m_keys.begin(); }
    [[nodiscard]] std::set<int>::const_iterator end() const { return m_keys.end(); }
    [[nodiscard]] std::set<int>::const_iterator find(int key) const { return m_keys.find(key); }

private:
    std::set<int> m_keys{1, 2};
};

struct Opaque { // travels, but cannot be compared
    int value = 0;
    MSGPACK_DEFINE(value)
};

struct Thing {
    int weight = 1;
};

template <class C>
bool has(const char *method)
{
    return Class<C>(container<C>()).finish()->describe().method(method) != nullptr;
}

} // namespace

/// Containers as targets: what each kind of them can be asked for, and how clients go through its items.
class TestContainers : public QObject {
    Q_OBJECT

private slots:
    void everyStandardContainerIsGoneThroughInBatches()
    {
        const std::vector expected{1, 2, 3, 4, 5};
        std::vector vector{1, 2, 3, 4, 5};
        std::deque deque{1, 2, 3, 4, 5};
        std::list list{1, 2, 3, 4, 5};
        std::forward_list forward{1, 2, 3, 4, 5};
        std::array array{1, 2, 3, 4, 5};
        std::span<int> span(vector);
        std::set set{5, 4, 3, 2, 1};
        std::multiset multiset{5, 4, 3, 2, 1};
        auto view = std::views::iota(1, 6);
        auto filtered = vector | std::views::filter([](int) { return true; });
        for (const int most : {1, 2, 5, 256}) {
            QCOMPARE(gone<int>(probe(vector), most), expected);
            QCOMPARE(gone<int>(probe(deque), most), expected);
            QCOMPARE(gone<int>(probe(list), most), expected);
            QCOMPARE(gone<int>(probe(forward), most), expected);
            QCOMPARE(gone<int>(probe(array), most), expected);
            QCOMPARE(gone<int>(probe(span), most), expected);
            QCOMPARE(gone<int>(probe(set), most), expected);
            QCOMPARE(gone<int>(probe(multiset), most), expected);
            QCOMPARE(gone<int>(probe(view), most), expected);
            QCOMPARE(gone<int>(probe(filtered), most), expected);
        }
        std::unordered_set hashed{1, 2, 3, 4, 5};
        std::vector<int> anyOrder = gone<int>(probe(hashed));
        std::ranges::sort(anyOrder);
        QCOMPARE(anyOrder, expected);
        std::vector bits{true, false, true};
        QCOMPARE(gone<bool>(probe(bits)), bits);
        std::vector<std::string> empty;
        QVERIFY(gone<std::string>(probe(empty)).empty());
    }

    void aDictionaryIsGoneThroughByItsEntries()
    {
        using Entries = std::vector<std::pair<std::string, int>>;
        std::map<std::string, int> map{
            {"a", 1}, {std::string(300, 'b'), 2}, {"c", 3}}; // one key is too long for a cursor
        const Entries expected(map.begin(), map.end());
        for (const int most : {1, 2, 256})
            QCOMPARE((gone<Entries::value_type>(probe(map), most)), expected);
        std::unordered_map<std::string, int> hashed(map.begin(), map.end());
        auto found = gone<Entries::value_type>(probe(hashed), 1);
        std::ranges::sort(found);
        QCOMPARE(found, expected);
        std::multimap<int, int> several{{1, 1}, {1, 2}, {1, 3}, {2, 4}};
        QCOMPARE((gone<std::pair<int, int>>(probe(several), 2)),
                 (std::vector<std::pair<int, int>>{{1, 1}, {1, 2}, {1, 3}, {2, 4}}));
        QCOMPARE(probe(map).call("__iter__").data.size(), map.size());
        QCOMPARE(probe(map).call("__iter__").data.at(0).as<std::string>(), "a");
    }

    void aBatchHasItsItemsAndACursorAsDocumented()
    {
        std::vector numbers{7, 8, 9};
        std::map<std::string, int> ages{{"Ada", 36}, {"Eve", 29}};
        const Value batch = probe(numbers).call("__next_items__", {Value(), 2}).data;
        QCOMPARE(batch.size(), std::size_t{2});
        QCOMPARE(batch.at(0).as<std::vector<int>>(), (std::vector{7, 8}));
        const Value cursor = batch.at(1);
        QCOMPARE(cursor.size(), std::size_t{4});
        QCOMPARE(cursor.at(1).as<int>(), 3);
        QCOMPARE(cursor.at(2).as<int>(), 2);
        QVERIFY(cursor.at(3).isNone());
        const Value entries = probe(ages).call("__next_items__", {Value(), 1}).data;
        QCOMPARE((entries.at(0).at(0).as<std::pair<std::string, int>>()), (std::pair<std::string, int>("Ada", 36)));
        QCOMPARE(entries.at(1).at(3).as<std::string>(), "Eve");
    }

    void aListBehavesAsInPython()
    {
        auto numbers = std::make_shared<std::vector<int>>(std::vector{1, 2, 3});
        const TargetProbe list(
            std::make_shared<object::ClassTarget>(decoy::list<std::vector<int>>().finish(), numbers));
        QCOMPARE(list.call("__len__").data.as<int>(), 3);
        QCOMPARE(list.call("__getitem__", {-1}).data.as<int>(), 3);
        list.call("__setitem__", {0, 10});
        list.call("append", {4});
        list.call("insert", {-100, 0});
        QCOMPARE(*numbers, (std::vector{0, 10, 2, 3, 4}));
        QCOMPARE(list.call("pop").data.as<int>(), 4);
        QCOMPARE(list.call("pop", {0}).data.as<int>(), 0);
        list.call("__delitem__", {1});
        QCOMPARE(list.call("__iter__").data.as<std::vector<int>>(), (std::vector{10, 3}));
        QVERIFY(list.call("__contains__", {3}).data.as<bool>());
        COMPARE_MESSAGE(ArgumentError, list.call("__getitem__", {7}), "index 7 is out of range, the size is 2");
        COMPARE_MESSAGE(ArgumentError, list.call("__getitem__", {-3}), "index -3 is out of range, the size is 2");
        for (const std::int64_t index : {INT64_MIN, INT64_MAX})
            QVERIFY(messageOf<ArgumentError>([&] { list.call("__getitem__", {index}); }).starts_with("index "));
        list.call("clear");
        QVERIFY(numbers->empty());
    }

    void aListOfObjectsGivesItsItemsByReference()
    {
        const auto classes = std::make_shared<object::ClassRegistry>();
        classes->bind(typeid(History), Class<History>("History").property("entries", &History::entries).finish());
        auto items = std::make_shared<std::deque<History>>(2);
        const TargetProbe list(
            std::make_shared<object::ClassTarget>(decoy::list<std::deque<History>>().finish(), items), classes);
        QCOMPARE(list.call("__getitem__", {1}).object->identity(), static_cast<const void *>(&items->at(1)));
        QVERIFY(!list.target().describe().method("append"));

        auto flags = std::make_shared<std::vector<bool>>(2);
        const TargetProbe bits(std::make_shared<object::ClassTarget>(decoy::list<std::vector<bool>>().finish(), flags));
        bits.call("__setitem__", {1, true});
        QCOMPARE(bits.call("__getitem__", {1}).data.as<bool>(), true);
    }

    void aDictionaryBehavesAsInPython()
    {
        using Map = std::map<std::string, int>;
        auto settings = std::make_shared<Map>(Map{{"a", 1}, {"b", 2}});
        const TargetProbe map(std::make_shared<object::ClassTarget>(dictionary<Map>().finish(), settings));
        QCOMPARE(map.call("__getitem__", {"a"}).data.as<int>(), 1);
        map.call("__setitem__", {"c", 3});
        map.call("__delitem__", {"a"});
        QCOMPARE(map.call("keys").data.as<std::vector<std::string>>(), (std::vector<std::string>{"b", "c"}));
        QCOMPARE(map.call("values").data.as<std::vector<int>>(), (std::vector{2, 3}));
        QCOMPARE(map.call("items").data.as<Map>(), (Map{{"b", 2}, {"c", 3}}));
        QVERIFY(map.call("get", {"x"}).data.isNone());
        QCOMPARE(map.call("get", {"x", 5}).data.as<int>(), 5);
        QCOMPARE(map.call("get", {"b"}).data.as<int>(), 2);
        QVERIFY(!map.call("__contains__", {"x"}).data.as<bool>());
        COMPARE_MESSAGE(ArgumentError, map.call("__getitem__", {"x"}), "there is no key \"x\"");
        COMPARE_MESSAGE(ArgumentError, map.call("__delitem__", {"x"}), "there is no key \"x\"");
    }

    void aSetBehavesAsInPython()
    {
        std::set<int> numbers{1, 2};
        const TargetProbe set = probe(numbers);
        QVERIFY(set.call("add", {3}).data.as<bool>());
        QVERIFY(!set.call("add", {3}).data.as<bool>());
        QVERIFY(set.call("__contains__", {3}).data.as<bool>());
        QVERIFY(set.call("discard", {1}).data.as<bool>());
        QVERIFY(!set.call("discard", {1}).data.as<bool>());
        set.call("__delitem__", {2});
        QVERIFY(fails<ArgumentError>([&] { set.call("__delitem__", {2}); }));
        QCOMPARE(numbers, std::set{3});
        QCOMPARE(set.call("__len__").data.as<int>(), 1);
    }

    void aListInNodesBehavesAsOneInARow()
    {
        std::list<int> numbers{1, 2, 3};
        const TargetProbe list = probe(numbers);
        QCOMPARE(list.call("__getitem__", {-1}).data.as<int>(), 3);
        list.call("__setitem__", {1, 20});
        list.call("insert", {1, 10});
        list.call("extend", {std::vector{4, 5}});
        QCOMPARE(list.call("pop", {0}).data.as<int>(), 1);
        list.call("__delitem__", {-1});
        QCOMPARE(numbers, (std::list{10, 20, 3, 4}));
    }

    void whatAContainerCannotDoIsNotOffered()
    {
        QVERIFY(!has<std::forward_list<int>>("__len__") && !has<std::forward_list<int>>("__getitem__"));
        QVERIFY((!has<std::array<int, 3>>("append") && has<std::array<int, 3>>("__setitem__")));
        QVERIFY((!has<std::ranges::iota_view<int, int>>("__setitem__")));
        QVERIFY(has<std::vector<bool>>("__setitem__"));
        QVERIFY(!has<Powers>("__setitem__"));
        QVERIFY(has<Register>("__contains__") && !has<Register>("add") && !has<Register>("__delitem__"));
        QVERIFY(has<Chain>("append") && !has<Chain>("insert") && !has<Chain>("__delitem__"));
        QVERIFY(!has<std::vector<std::vector<Opaque>>>("__contains__")
                && !has<std::vector<std::vector<Opaque>>>("__eq__"));
    }

    void nobodyIsLeftWithAProxyToAnItemThatIsGone()
    {
        // Items that are handed out by reference lie in the container; clients must not be able to remove them.
        for (const char *method : {"append", "insert", "pop", "clear", "__delitem__", "__setitem__"}) {
            QVERIFY(!has<std::deque<Thing>>(method));
            QVERIFY(!(has<std::map<int, Thing>>(method)));
            QVERIFY(!has<std::vector<std::unique_ptr<Thing>>>(method));
        }
        QVERIFY(has<std::vector<std::shared_ptr<Thing>>>("__delitem__")); // whoever has one keeps it
        QVERIFY((has<std::map<int, std::shared_ptr<Thing>>>("clear")));
    }

    void aClassOfOnesOwnIsAContainerBesides()
    {
        Odd odd;
        const TargetProbe target(std::make_shared<object::ClassTarget>(
            container(
                Class<Odd>("Odd").property("colour", &Odd::colour).method("__len__", [](const Odd &) { return 77; }))
                .finish(),
            std::shared_ptr<void>(&odd, [](void *) {})));
        QCOMPARE(gone<int>(target), (std::vector{1, 3, 5}));
        QCOMPARE(target.call("__getitem__", {-1}).data.as<int>(), 5);
        QVERIFY(target.call("__contains__", {3}).data.as<bool>());
        QCOMPARE(target.call("__len__").data.as<int>(), 77); // what was bound by hand stays
        QCOMPARE(target.get("colour").data.as<int>(), 0);
        Powers powers; // size() and operator[] are enough
        QCOMPARE(gone<int>(probe(powers)), (std::vector{1, 2, 4, 8}));
        QCOMPARE(probe(powers).call("__getitem__", {2}).data.as<int>(), 4);
        QVERIFY(fails<ArgumentError>([&] { probe(powers).call("__getitem__", {4}); }));
    }

    void aChangeEndsAnIteration()
    {
        std::vector numbers{1, 2, 3};
        const TargetProbe list = probe(numbers);
        const auto isCutOffBy = [&](auto change) {
            const Value cursor = list.call("__next_items__", {Value(), 1}).data.at(1);
            change();
            return fails<ConcurrentModification>([&] { list.call("__next_items__", {cursor, 1}); });
        };
        QVERIFY(isCutOffBy([&] { list.call("append", {4}); }));
        QVERIFY(isCutOffBy([&] { list.call("__setitem__", {0, 9}); }));
        QVERIFY(isCutOffBy([&] { numbers.push_back(5); })); // out of sight, but the size tells
        QVERIFY(isCutOffBy([&] { QVERIFY(fails<ArgumentError>([&] { list.call("pop", {77}); })); })); // who knows
        QVERIFY(!isCutOffBy([&] { list.call("__getitem__", {0}); }));
        QVERIFY(!isCutOffBy([&] { list.call("__contains__", {0}); }));
        QVERIFY(!isCutOffBy([&] { list.call("__len__"); }));
    }

    void methodsThatAreNotConstChangeUnlessTheySayOtherwise()
    {
        Odd odd;
        const TargetProbe target(std::make_shared<object::ClassTarget>(
            container(Class<Odd>("Odd")
                          .property("colour", &Odd::colour)
                          .method("touch", &Odd::touch)
                          .method("look", &Odd::look)
                          .method("peek", &Odd::peek, Effect::Reads, "Looks at it, although it is not const."))
                .finish(),
            std::shared_ptr<void>(&odd, [](void *) {})));
        const auto goesOnAfter = [&](auto use) {
            const Value cursor = target.call("__next_items__", {Value(), 1}).data.at(1);
            use();
            return !fails<ConcurrentModification>([&] { target.call("__next_items__", {cursor, 1}); });
        };
        QVERIFY(!goesOnAfter([&] { target.call("touch"); }));
        QVERIFY(!goesOnAfter([&] { target.set("colour", 1); }));
        QVERIFY(goesOnAfter([&] { target.call("look"); }));
        QVERIFY(goesOnAfter([&] { target.call("peek"); }));
        QVERIFY(goesOnAfter([&] { (void)target.get("colour"); }));
    }

    void aBatchIsHalfAFrameAtMost()
    {
        std::vector<std::string> texts(100, std::string(10'000, 'x'));
        const Value batch = probe(texts).call("__next_items__", {Value(), 256}).data;
        QCOMPARE(batch.at(0).size(), std::size_t{3});                // of 32768 bytes
        std::vector<std::string> large(3, std::string(60'000, 'x')); // one fits
        QCOMPARE(gone<std::string>(probe(large), 256), large);
        std::vector<std::string> huge{"small", std::string(70'000, 'x')};
        const Value first = probe(huge).call("__next_items__", {Value(), 256}).data;
        QCOMPARE(first.at(0).size(), std::size_t{1});
        const TargetProbe list = probe(huge);
        try {
            const Value cursor = list.call("__next_items__").data.at(1);
            list.call("__next_items__", {cursor});
            QFAIL("it fits");
        } catch (const DataTooBigError &error) {
            QVERIFY2(std::string(error.what()).find("item 1 ") != std::string::npos, error.what());
        }
    }

    void cursorsThatNobodyMadeDoNoHarm()
    {
        std::vector<std::string> texts{"a", "b", "c"};
        std::map<int, int> map{{1, 1}, {2, 2}};
        std::forward_list<int> nodes{1, 2, 3};
        std::mt19937 random(7);
        const auto number = [&]() -> std::uint64_t {
            const std::array<std::uint64_t, 6> few{0, 1, 3, 4, UINT64_MAX, INT64_MAX};
            return few[random() % few.size()];
        };
        const auto attack = [&](const TargetProbe &target) {
            const Value genuine = target.call("__next_items__", {Value(), 1}).data.at(1);
            const Value changes = genuine.at(0);
            const Value size = genuine.at(1);
            const std::vector<Value> keys{Value(), 1, 2, 3, "text", std::vector{1, 2}, std::string(1000, 'k'), -1};
            for (int round = 0; round < 2000; ++round) {
                std::vector<Value> cursor{changes, size, number(), keys[random() % keys.size()]};
                if (random() % 4 == 0)
                    cursor[random() % 4] = keys[random() % keys.size()];
                cursor.resize(random() % 6);
                try {
                    const Value batch = target.call("__next_items__", {cursor, number()}).data;
                    QVERIFY(batch.size() == 2 && batch.at(0).size() <= 3);
                } catch (const ProxyError &error) {
                    QVERIFY(error.kind() == ErrorKind::ArgumentError
                            || error.kind() == ErrorKind::ConcurrentModification);
                }
            }
            for (const Value &cursor : {Value(5), Value("cursor"), Value(true), Value(std::map<int, int>{{1, 2}})})
                QVERIFY(fails<ArgumentError>([&] { target.call("__next_items__", {cursor}); }));
        };
        attack(probe(texts));
        attack(probe(map));
        attack(probe(nodes));
    }
};

QTEST_APPLESS_MAIN(TestContainers)
#include "test_containers.moc"
