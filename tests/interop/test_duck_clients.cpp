// SPDX-License-Identifier: BSD-3-Clause
#include "python_peer.h"
#include "support/local_server.h"
#include "support/served_process.h"

#include <decoy/decoy.h>

#include <QCryptographicHash>
#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

using namespace decoy;
using namespace decoy::test;

/// A Python client that behaves, as far as it can: values, objects and errors through a mailbox of ours.
class TestDuckClients : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { forkOnce(); }
    void init();
    void cleanup();

    void valuesComeBackAsTheyWent_data();
    void valuesComeBackAsTheyWent();
    void aResultOfFloatOrBytesIsAValue();
    void tenMegabytesTravelBothWays();
    void attributesAreReadAndSet();
    void argumentsAreGivenByPositionAndByName();
    void aMethodIsACallable();
    void aListIsListedAndGrown();

    void aTooBigResultBecomesAnErrorThatNamesBothSizes();
    void whatThatClientCouldNotReadIsAnError_data();
    void whatThatClientCouldNotReadIsAnError();
    void aTextThatIsNotUtf8IsAnError();
    void aMethodOfAnotherObjectIsAnError();
    void theTargetsErrorArrivesWithItsText();
    void whatPythonWouldFindInEveryObjectIsNotThere_data();
    void whatPythonWouldFindInEveryObjectIsNotThere();

    void theSameChildFetchedTwiceIsOneObject();
    void chainsEndAtTheLimit();
    void aCollectedProxyReleasesOneReferenceAndOnlyThat_data();
    void aCollectedProxyReleasesOneReferenceAndOnlyThat();
    void anObjectOfAnotherMailboxIsOutOfReach();

private:
    [[nodiscard]] DuckAddress lab(std::uint32_t bufsize = 0)
    {
        return m_local->server->createProxy(m_local->objects->lab, {.bufsize = bufsize}).address();
    }
    [[nodiscard]] DuckAddress node() { return m_local->server->createProxy(m_local->objects->node).address(); }
    /// Nothing if the server does not hold the object.
    [[nodiscard]] std::optional<std::uint64_t> references(std::uint64_t id) const
    {
        const std::vector<ObjectInfo> objects = m_local->server->objects();
        const auto found = std::ranges::find(objects, id, &ObjectInfo::id);
        return found == objects.end() ? std::nullopt : std::optional(found->references);
    }

    std::optional<LocalServer> m_local;
};

void TestDuckClients::init() { m_local.emplace(); }

void TestDuckClients::cleanup() { m_local.reset(); }

// Values

void TestDuckClients::valuesComeBackAsTheyWent_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const QJsonValue &value, const char *answer) {
        QTest::newRow(name) << value << QByteArray(answer);
    };
    row("int", 5, "int 5");
    row("negative", -1, "int -1");
    row("largest signed", QJsonObject{{"$int", "9223372036854775807"}}, "int {\"$int\":\"9223372036854775807\"}");
    row("largest", QJsonObject{{"$int", "18446744073709551615"}}, "int {\"$int\":\"18446744073709551615\"}");
    row("smallest", QJsonObject{{"$int", "-9223372036854775808"}}, "int {\"$int\":\"-9223372036854775808\"}");
    row("text", "plain", "str \"plain\"");
    row("empty text", "", "str \"\"");
    row("text of many bytes a letter", "äß€𝄞", "str \"äß€𝄞\"");
    row("list", QJsonArray{1, "two", QJsonArray{3}}, "list [1,\"two\",[3]]");
    row("None", QJsonValue::Null, "NoneType null");
    row("True", true, "bool true");
    row("False", false, "bool false");
    row("dict", QJsonObject{{"one", 1}, {"list", QJsonArray{true}}}, "dict {\"list\":[true],\"one\":1}");
    row("float", 2.5, "float 2.5");
    row("whole float", QJsonObject{{"$float", "3"}}, "float 3");
    row("infinity", QJsonObject{{"$float", "inf"}}, "float {\"$float\":\"inf\"}");
    row("bytes", QJsonObject{{"$bytes", "AP8="}}, "bytes {\"$bytes\":\"AP8=\"}");
    row("nested bytes and float", QJsonArray{QJsonObject{{"$bytes", "AP8="}}, 0.5}, "list [{\"$bytes\":\"AP8=\"},0.5]");
    row("nested text with a prefix", QJsonArray{"<proxy>-x", "<callable>-x"}, "list [\"<proxy>-x\",\"<callable>-x\"]");
    row("text that only resembles a prefix", "<proxy>x", "str \"<proxy>x\"");
}

void TestDuckClients::valuesComeBackAsTheyWent()
{
    QFETCH(QJsonValue, value);
    QFETCH(QByteArray, answer);
    PythonClient client(lab());
    QCOMPARE(client.call("echo", {value}).text(), answer);
    QCOMPARE(client.execute("echo", {value}).text(), answer);
}

void TestDuckClients::aResultOfFloatOrBytesIsAValue()
{
    PythonClient client(lab());
    QCOMPARE(client.call("blob", {3, 255}).text(), "bytes {\"$bytes\":\"////\"}");
    QCOMPARE(client.call("length", {QJsonObject{{"$bytes", "AP8="}}}).text(), "int 2");
}

void TestDuckClients::tenMegabytesTravelBothWays()
{
    constexpr int size = 10'000'000;
    PythonClient client(lab(16 << 20));
    const QByteArray hash = QCryptographicHash::hash(QByteArray(size, 'x'), QCryptographicHash::Sha256).toHex();
    for (int round = 0; round < 3; ++round) {
        const QJsonObject answer = client.call("echo", {QJsonObject{{"$big", size}}}).object()["value"].toObject();
        QCOMPARE(answer["length"].toInt(), size);
        QCOMPARE(answer["sha256"].toString().toLatin1(), hash);
        QCOMPARE(client.call("digits", {round}).text(), "int " + QByteArray::number(100 * round + 23));
    }
}

void TestDuckClients::attributesAreReadAndSet()
{
    PythonClient client(lab());
    QCOMPARE(client.get("value").text(), "int 100");
    QCOMPARE(client.set("value", -7).text(), "NoneType null");
    QCOMPARE(client.get("value").text(), "int -7");
    QCOMPARE(decoy::connect("local")["lab"].get<int>("value"), -7);
    QVERIFY(client.set("value", "text").text().contains("ArgumentError"));
    QVERIFY(client.set("constant", 4).text().contains("AttributeNotFound"));
    QCOMPARE(client.get("constant").text(), "int 3");
}

void TestDuckClients::argumentsAreGivenByPositionAndByName()
{
    PythonClient client(lab());
    QCOMPARE(client.call("digits", {1}).text(), "int 123");
    QCOMPARE(client.call("digits", {1}, {{"kwargs", QJsonObject{{"c", 7}}}}).text(), "int 127");
    QCOMPARE(client.call("digits", {}, {{"kwargs", QJsonObject{{"a", 9}, {"b", 8}, {"c", 7}}}}).text(), "int 987");
    QVERIFY(client.call("digits", {1, 2, 3, 4}).text().contains("ArgumentError"));
    QVERIFY(client.call("digits").text().contains("'a'"));
}

void TestDuckClients::aMethodIsACallable()
{
    PythonClient client(lab());
    QCOMPARE(client.get("digits", {{"keep", "method"}}).text(), "callable digits");
    QCOMPARE(client.ask("apply", {{"on", "method"}, {"args", QJsonArray{4}}}).text(), "int 423");
    QCOMPARE(client.get("value").text(), "int 100");
    QCOMPARE(client.ask("apply", {{"on", "method"}, {"args", QJsonArray{5}}}).text(), "int 523");
}

void TestDuckClients::aListIsListedAndGrown()
{
    std::vector<int> numbers{1, 2, 3};
    PythonClient client(m_local->server->createProxy(numbers).address());
    QCOMPARE(client.call("__iter__").text(), "list [1,2,3]");
    QCOMPARE(client.call("append", {4}).text(), "NoneType null");
    QCOMPARE(client.execute("__iter__").text(), "list [1,2,3,4]");
    QCOMPARE(client.execute("__len__").text(), "int 4");
    QCOMPARE(client.execute("__getitem__", {-1}).text(), "int 4");
    QCOMPARE(client.execute("__setitem__", {0, 10}).text(), "NoneType null");
    QCOMPARE(client.execute("__delitem__", {1}).text(), "NoneType null");
    QCOMPARE(client.execute("__contains__", {2}).text(), "bool false");
    QCOMPARE(client.execute("__eq__", QJsonArray{QJsonValue(QJsonArray{10, 3, 4})}).text(), "bool true");
    QVERIFY(client.execute("__getitem__", {4}).text().contains("out of range"));
    QCOMPARE(numbers, (std::vector{10, 3, 4}));
}

// What cannot be answered as asked

void TestDuckClients::aTooBigResultBecomesAnErrorThatNamesBothSizes()
{
    PythonClient client(lab());
    const QByteArray error = client.call("blob", {70'000}).text();
    QVERIFY2(error.startsWith("ProxyError: DataTooBigError") && error.contains("65536") && error.contains(" 700"),
             error);
    QCOMPARE(client.call("digits", {1}).text(), "int 123");
    QVERIFY(!client.call("blob", {65'000}).isError());
}

void TestDuckClients::whatThatClientCouldNotReadIsAnError_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("a map with int keys") << QJsonValue(QJsonObject{{"$intkeys", QJsonObject{{"1", "one"}}}});
    QTest::newRow("one deep within") << QJsonValue(
        QJsonArray{QJsonObject{{"a", QJsonObject{{"$intkeys", QJsonObject{{"1", "one"}}}}}}});
    QTest::newRow("a text that it would take for a proxy") << QJsonValue("<proxy>-Account");
    QTest::newRow("a text that it would take for a callable") << QJsonValue("<callable>-digits");
}

void TestDuckClients::whatThatClientCouldNotReadIsAnError()
{
    QFETCH(QJsonValue, value);
    PythonClient client(lab());
    const QByteArray error = client.execute("echo", {value}).text();
    QVERIFY2(error.startsWith("ProxyError: DataEncodeError"), error);
    QCOMPARE(client.call("digits", {1}).text(), "int 123");
}

void TestDuckClients::aTextThatIsNotUtf8IsAnError()
{
    m_local->objects->lab.text = "\xff\xfe";
    PythonClient client(lab());
    const QByteArray error = client.get("text").text();
    QVERIFY2(error.startsWith("ProxyError: DataEncodeError") && error.contains("UTF-8"), error);
    QCOMPARE(client.get("value").text(), "int 100");
}

void TestDuckClients::aMethodOfAnotherObjectIsAnError()
{
    const Value foreign = decoy::connect("local")["lab"].get("digits");
    QVERIFY(foreign.isCallable());
    const auto bag = std::make_shared<DynamicObject>("Bag");
    bag->setFunction("foreign", [foreign](const std::vector<Value> &) { return foreign; });
    bag->setAttribute("method", foreign);
    PythonClient client(m_local->server->createProxy(bag).address());
    const QByteArray called = client.call("foreign").text();
    QVERIFY2(called.startsWith("ProxyError: DataEncodeError"), called);
    const QByteArray read = client.get("method").text();
    QVERIFY2(read.startsWith("ProxyError: DataEncodeError"), read);
    QCOMPARE(client.set("number", 1).text(), "NoneType null");
    QCOMPARE(client.get("number").text(), "int 1");
}

void TestDuckClients::theTargetsErrorArrivesWithItsText()
{
    PythonClient client(lab());
    const QByteArray error = client.call("fail", {static_cast<int>(ErrorKind::RemoteError), "it was empty"}).text();
    QVERIFY2(error.startsWith("ProxyError: Broken: it was empty"), error);
    QVERIFY(client.call("throwInteger").text().startsWith("ProxyError: "));
    const QByteArray missing = client.get("valeu").text();
    QVERIFY2(missing.startsWith("ProxyError: AttributeNotFound") && missing.contains("value"), missing);
    QVERIFY(client.execute("no such thing").text().startsWith("ProxyError: AttributeNotFound"));
}

void TestDuckClients::whatPythonWouldFindInEveryObjectIsNotThere_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"__class__", "__init__", "__dict__", "__reduce__", "__globals__"})
        QTest::newRow(name) << QString(name);
}

void TestDuckClients::whatPythonWouldFindInEveryObjectIsNotThere()
{
    QFETCH(QString, name);
    PythonClient client(lab());
    QVERIFY(client.get(name).text().startsWith("ProxyError: AttributeNotFound"));
    QVERIFY(client.execute(name).text().startsWith("ProxyError: AttributeNotFound"));
    QVERIFY(client.set(name, 1).text().startsWith("ProxyError: AttributeNotFound"));
}

// Objects

void TestDuckClients::theSameChildFetchedTwiceIsOneObject()
{
    PythonClient client(node());
    const PythonAnswer first = client.execute("child", {}, {{"keep", "first"}});
    const PythonAnswer second = client.execute("child", {}, {{"keep", "second"}});
    QCOMPARE(first.text(), "proxy Node");
    QCOMPARE(second.id(), first.id());
    QCOMPARE(references(first.id()).value_or(0), std::uint64_t{2});
    QCOMPARE(client.set("name", "ours", {{"on", "first"}}).text(), "NoneType null");
    QCOMPARE(client.get("name", {{"on", "second"}}).text(), "str \"ours\"");
    QCOMPARE(client.get("name").text(), "str \"root\"");
}

void TestDuckClients::chainsEndAtTheLimit()
{
    PythonClient client(node());
    QString last = "root";
    for (int level = 1; level <= defaultMaxChainLevel; ++level) {
        const QString next = QString("level%1").arg(level);
        const PythonAnswer answer = client.execute("child", {}, {{"on", last}, {"keep", next}});
        QCOMPARE(answer.text(), "proxy Node");
        QCOMPARE(answer.level(), level);
        last = next;
    }
    const std::size_t objects = m_local->server->objects().size();
    const QByteArray error = client.execute("child", {}, {{"on", last}}).text();
    QVERIFY2(error.contains("LimitedProxyChaining") && error.contains("maximum is 7"), error);
    QCOMPARE(m_local->server->objects().size(), objects);
    QCOMPARE(client.get("name", {{"on", last}}).text(), "str \"child\"");
}

void TestDuckClients::aCollectedProxyReleasesOneReferenceAndOnlyThat_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("without waiting for an answer") << QStringList();
    QTest::newRow("waiting for an answer") << QStringList{"--wait-for-delete"};
}

void TestDuckClients::aCollectedProxyReleasesOneReferenceAndOnlyThat()
{
    QFETCH(QStringList, options);
    const DuckAddress address = node();
    PythonClient client(address, options);
    const std::uint64_t child = client.execute("child", {}, {{"keep", "first"}}).id();
    QCOMPARE(client.execute("child", {}, {{"keep", "second"}}).id(), child);
    const std::uint64_t fresh = client.execute("fresh", {}, {{"keep", "fresh"}}).id();
    QVERIFY(fresh != child);
    const auto root = references(address.id);

    QCOMPARE(client.ask("drop", {{"name", "first"}}).text(), "{\"dropped\":\"first\"}");
    EVENTUALLY_EQUAL(references(child).value_or(0), std::uint64_t{1});
    QCOMPARE(client.get("name", {{"on", "second"}}).text(), "str \"child\"");
    client.ask("drop", {{"name", "second"}});
    EVENTUALLY(!references(child));
    EVENTUALLY_EQUAL(Node::living(), 2); // the root and the fresh one
    QCOMPARE(client.get("name", {{"on", "fresh"}}).text(), "str \"fresh\"");
    client.ask("drop", {{"name", "fresh"}});
    EVENTUALLY(!references(fresh));
    QCOMPARE(references(address.id), root);
    QCOMPARE(client.get("name").text(), "str \"root\"");
    QVERIFY(client.execute("child", {}, {{"keep", "again"}}).id() > fresh); // ids are never used again
}

void TestDuckClients::anObjectOfAnotherMailboxIsOutOfReach()
{
    const DuckAddress own = lab();
    DuckAddress stolen = own;
    stolen.id = node().id;
    PythonClient thief(stolen);
    for (const PythonAnswer &answer : {thief.get("name"), thief.set("name", "mine"), thief.execute("child")})
        QVERIFY2(answer.text().startsWith("ProxyError: ProxyObjectNotFound"), answer.text());
    QCOMPARE(m_local->objects->node.name, std::string("root"));

    PythonClient client(node());
    const std::uint64_t chained = client.execute("child", {}, {{"keep", "child"}}).id();
    stolen.id = chained;
    PythonClient other(stolen);
    QVERIFY(other.get("name").text().startsWith("ProxyError: ProxyObjectNotFound"));
    other.execute("__del__"); // four elements: a method of that name, which there is not
    QVERIFY(other.get("name").text().startsWith("ProxyError: ProxyObjectNotFound"));
    QCOMPARE(client.get("name", {{"on", "child"}}).text(), "str \"child\"");
}

QTEST_GUILESS_MAIN(TestDuckClients)
#include "test_duck_clients.moc"
