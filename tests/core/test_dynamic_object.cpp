// SPDX-License-Identifier: BSD-3-Clause
#include "support/error_message.h"
#include "support/recording_reply.h"

#include <decoy/dynamic_object.h>

#include <QTest>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace decoy;
using test::TargetProbe;

/// Objects whose attributes and functions come and go while they are served.
class TestDynamicObject : public QObject {
    Q_OBJECT

private slots:
    void aDynamicObjectTakesNewAttributesAndDropsThem()
    {
        const auto object = std::make_shared<DynamicObject>("Bag");
        object->setFunction("add", [](const std::vector<Value> &values) {
            return Value(values.at(0).as<int>() + values.at(1).as<int>());
        });
        object->setObject("child", std::make_shared<DynamicObject>("Child"));
        const TargetProbe bag(object);
        bag.set("colour", "red");
        QCOMPARE(object->attribute("colour").as<std::string>(), "red");
        QCOMPARE(bag.get("colour").data.as<std::string>(), "red");
        QCOMPARE(bag.get("child").object->typeName(), "Child");
        QCOMPARE(bag.get("add").callable, "add");
        QCOMPARE(bag.call("add", {2, 3}).data.as<int>(), 5);
        bag.set("add", 1); // replaces the function, as in Python
        COMPARE_MESSAGE(AttributeNotFound, bag.call("add"), "'add' is an attribute of Bag, not a method");
        bag.call("__delattr__", {"colour"});
        COMPARE_MESSAGE(AttributeNotFound, bag.get("colour"), "Bag has no attribute 'colour'");
        COMPARE_MESSAGE(AttributeNotFound, bag.call("__delattr__", {"chil"}),
                        "Bag has no attribute 'chil'; did you mean 'child'?");
        const Description description = object->describe();
        QCOMPARE(description.attribute("add")->type, "int");
        QVERIFY(description.method("__delattr__"));
    }

    void aDynamicObjectsFunctionsMayUseIt()
    {
        const auto object = std::make_shared<DynamicObject>();
        object->setFunction("next", [&bag = *object](const std::vector<Value> &) {
            const int next = bag.attribute("count").as<int>() + 1;
            bag.setAttribute("count", next);
            bag.setFunction("next",
                            [](const std::vector<Value> &) { return Value("replaced"); }); // this one still runs
            return Value(next);
        });
        object->setAttribute("count", 1);
        QCOMPARE(TargetProbe(object).call("next").data.as<int>(), 2);
        QCOMPARE(TargetProbe(object).call("next").data.as<std::string>(), "replaced");
    }

    void aDynamicObjectIsUsedByManyThreads()
    {
        const auto object = std::make_shared<DynamicObject>();
        object->setAttribute("count", 0);
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&object, name = "own" + std::to_string(thread)] {
                const TargetProbe probe(object);
                for (int round = 0; round < 500; ++round) {
                    probe.set("count", round);
                    probe.set(name, round);
                    static_cast<void>(probe.get("count"));
                    static_cast<void>(object->describe());
                    probe.call("__delattr__", {name});
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(object->describe().attributes.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestDynamicObject)
#include "test_dynamic_object.moc"
