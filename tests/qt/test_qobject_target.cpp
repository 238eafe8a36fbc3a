// SPDX-License-Identifier: BSD-3-Clause
#include "heating_server.h"
#include "support/process.h"

#include <decoy/connection.h>
#include <decoy/json.h>
#include <decoy/qt/qobject_target.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QEventLoop>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace decoy;
using namespace decoy::test;

struct Reading {
    Q_GADGET
    Q_PROPERTY(QString place MEMBER place)
    Q_PROPERTY(double value MEMBER value)
public:
    QString place = QStringLiteral("hall");
    double value = 1.5;
};

struct Unknown; // to the meta-type system, because it is incomplete where it is used

class Base : public QObject {
    Q_OBJECT
public slots:
    virtual QString redeclared(int value) { return QStringLiteral("base %1").arg(value); }
};

/// Has one of everything that the bridge must know.
class Heater : public Base {
    Q_OBJECT
    Q_CLASSINFO("doc", "Heats.")
    Q_CLASSINFO("doc:level", "How hot.")
    Q_CLASSINFO("doc:add", "Adds up.")
    Q_PROPERTY(int level MEMBER level)
    Q_PROPERTY(quint8 small MEMBER small)
    Q_PROPERTY(QString label MEMBER label)
    Q_PROPERTY(double serial MEMBER serial CONSTANT)
    Q_PROPERTY(Mode mode MEMBER mode)
    Q_PROPERTY(Options options READ currentOptions WRITE setOptions)
    Q_PROPERTY(QDateTime since MEMBER since)
    Q_PROPERTY(QByteArray data MEMBER data)
    Q_PROPERTY(QStringList names MEMBER names)
    Q_PROPERTY(QVariantMap settings MEMBER settings)
    Q_PROPERTY(QVariant nothing MEMBER nothing)
    Q_PROPERTY(int hidden MEMBER level SCRIPTABLE false)

public:
    enum class Mode { Off, Heating = 4, Cooling };
    Q_ENUM(Mode)
    enum Option { Fast = 1, Quiet = 2 };
    Q_DECLARE_FLAGS(Options, Option)
    Q_FLAG(Options)

    static const Unknown &noOption();
    [[nodiscard]] Options currentOptions() const { return options; }
    void setOptions(Options value) { options = value; }

    Q_INVOKABLE int add(int first, int second = 10, int third = 100) { return first + second + third; }
    Q_INVOKABLE QString kind(int) { return QStringLiteral("int"); }
    Q_INVOKABLE QString kind(double) { return QStringLiteral("float"); }
    Q_INVOKABLE QString kind(const QString &) { return QStringLiteral("str"); }
    Q_INVOKABLE QString kind(int, int) { return QStringLiteral("two"); }
    Q_INVOKABLE QVariant echo(const QVariant &value) { return value; }
    Q_INVOKABLE QList<int> doubled(QList<int> values) { return values + values; }
    Q_INVOKABLE Reading reading() { return {}; }
    Q_INVOKABLE QObject *child() { return &m_child; }
    Q_INVOKABLE QObject *noChild() { return nullptr; }
    Q_INVOKABLE void fail() { throw std::runtime_error("burnt"); }
    Q_INVOKABLE int partly(int value, const Unknown &option = noOption()) { return &option == &noOption() ? value : 0; }
    Q_INVOKABLE int eleven(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k)
    {
        return a + b + c + d + e + f + g + h + i + j + k;
    }
    Q_INVOKABLE Heater::Mode other(Heater::Mode now) { return now == Mode::Off ? Mode::Heating : Mode::Off; }

    int level = 1;
    quint8 small = 1;
    QString label = QStringLiteral("old");
    double serial = 7.5;
    Mode mode = Mode::Off;
    Options options = Fast;
    QDateTime since = QDateTime(QDate(2026, 11, 23), QTime(1, 2, 3, 4), Qt::UTC);
    QByteArray data = QByteArray("\0\xff", 2);
    QStringList names = {QStringLiteral("a"), QStringLiteral("b")};
    QVariantMap settings = {{QStringLiteral("x"), 1}};
    QVariant nothing;

public slots:
    void reset() { level = 0; }
    QString redeclared(int value) override { return QStringLiteral("heater %1").arg(value); }

protected slots:
    void protectedSlot() {}

private slots:
    void privateSlot() {}

signals:
    void levelChanged();

private:
    QObject m_child;
};

struct Unknown {};

const Unknown &Heater::noOption()
{
    static const Unknown none;
    return none;
}

using Fixture = HeatingServer<Heater>;

} // namespace

/// What a QObject offers to clients, and in which forms: properties, methods, arguments, results and descriptions.
class TestQObjectTarget : public QObject {
    Q_OBJECT

private slots:
    void propertiesAreReadInEveryForm()
    {
        const Fixture heating;
        QCOMPARE(heating.json("level"), "1");
        QCOMPARE(heating.json("label"), "\"old\"");
        QCOMPARE(heating.json("serial"), "7.5");
        QCOMPARE(heating.json("mode"), "0");
        QCOMPARE(heating.json("options"), "1");
        QCOMPARE(heating.json("since"), "\"2026-11-23T01:02:03.004Z\"");
        QCOMPARE(heating.json("data"), "{\"$bytes\":\"AP8=\"}");
        QCOMPARE(heating.json("names"), "[\"a\",\"b\"]");
        QCOMPARE(heating.json("settings"), "{\"x\":1}");
        QCOMPARE(heating.json("nothing"), "null");
        QCOMPARE(heating.call("reading"), "{\"place\":\"hall\",\"value\":1.5}");
    }

    void propertiesAreSet()
    {
        const Fixture heating;
        runClient([&proxy = heating.proxy] {
            proxy.set("level", 42);
            proxy.set("label", "new");
            proxy.set("mode", "Cooling");
            proxy.set("options", "Fast|Quiet");
            proxy.set("since", "2001-01-01T00:00:00Z");
            proxy.set("data", std::vector<std::byte>{std::byte{1}});
            proxy.set("names", std::vector<std::string>{"z"});
            proxy.set("settings", std::map<std::string, int>{{"y", 2}});
            proxy.set("nothing", 2.5);
        });
        const Heater &heater = *heating.heater;
        QCOMPARE(heater.level, 42);
        QCOMPARE(heater.label, "new");
        QCOMPARE(heater.mode, Heater::Mode::Cooling);
        QCOMPARE(heater.options, Heater::Fast | Heater::Quiet);
        QCOMPARE(heater.since.toSecsSinceEpoch(), 978307200);
        QCOMPARE(heater.data, QByteArray("\x01"));
        QCOMPARE(heater.names, QStringList{"z"});
        QCOMPARE(heater.settings, (QVariantMap{{"y", 2}}));
        QCOMPARE(heater.nothing.toDouble(), 2.5);
        runClient([&proxy = heating.proxy] { proxy.set("mode", 4); });
        QCOMPARE(heater.mode, Heater::Mode::Heating);
    }

    void valuesThatDoNotFitAPropertyAreRefused()
    {
        const Fixture heating;
        const auto refusal = [&](std::string_view name, const Value &value) {
            return errorOf([&] { heating.proxy.set(name, value); });
        };
        QCOMPARE(refusal("level", "7"), "ArgumentError: 'level' must be int, not str \"7\"");
        QCOMPARE(refusal("level", 7.5), "ArgumentError: 'level' must be int, not float 7.5");
        QCOMPARE(refusal("small", 256), "ArgumentError: 'small' is out of range: it must be from 0 to 255, not 256");
        QCOMPARE(refusal("mode", "Warm"),
                 "ArgumentError: 'mode' must be one of Off, Heating, Cooling, not str \"Warm\"");
        QCOMPARE(refusal("mode", 3), "ArgumentError: 'mode' must be one of Off, Heating, Cooling, not int 3");
        QCOMPARE(refusal("since", "soon"),
                 "ArgumentError: 'since' must be str with an ISO 8601 date and time, not str \"soon\"");
        QCOMPARE(refusal("names", std::vector<Value>{"a", 1}), "ArgumentError: 'names[1]' must be str, not int 1");
        QCOMPARE(refusal("serial", 1), "AttributeNotFound: 'serial' of Heater is read-only");
        QCOMPARE(refusal("hidden", 1), "AttributeNotFound: Heater has no attribute 'hidden'");
        QCOMPARE(refusal("reset", 1), "AttributeNotFound: 'reset' is a method of Heater and cannot be set");
        QCOMPARE(heating.heater->level, 1);
    }

    void methodsTakeDefaultsNamesAndManyArguments()
    {
        const Fixture heating;
        QCOMPARE(heating.call("add", 1), "111");
        QCOMPARE(heating.call("add", 1, 2), "103");
        QCOMPARE(heating.call("add", 1, 2, 3), "6");
        QCOMPARE(heating.call("add", kw("second", 0), kw("first", 1)), "101");
        QCOMPARE(heating.call("add", 1, Value()), "111"); // None where the default is not known
        QCOMPARE(heating.call("eleven", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "66");
        QCOMPARE(heating.call("other", "Off"), "4");
        QCOMPARE(heating.call("partly", 5), "5"); // what is left of a method with a type that is not known
        QCOMPARE(heating.call("doubled", std::vector<int>{1, 2}), "[1,2,1,2]");
        QCOMPARE(heating.call("redeclared", 3), "\"heater 3\"");
        QCOMPARE(heating.call("reset"), "null");
        QCOMPARE(heating.heater->level, 0);
    }

    void wrongArgumentsAreNamedPrecisely()
    {
        const Fixture heating;
        const Proxy &proxy = heating.proxy;
        QCOMPARE(errorOf([&] { proxy.call("add"); }), "ArgumentError: add() needs 'first'");
        QCOMPARE(errorOf([&] { proxy.call("add", 1, 2, 3, 4); }),
                 "ArgumentError: add() takes at most 3 arguments, 4 were given");
        QCOMPARE(errorOf([&] { proxy.call("add", "x"); }), "ArgumentError: add(): 'first' must be int, not str \"x\"");
        QCOMPARE(errorOf([&] { proxy.call("add", 1, kw("third", 3)); }),
                 "ArgumentError: add() needs 'second' when 'third' is given");
        QCOMPARE(errorOf([&] { proxy.call("doubled", std::vector<std::string>{"x"}); }),
                 "ArgumentError: doubled(): 'values[0]' must be int, not str \"x\"");
        QCOMPARE(errorOf([&] { proxy.call("kind", std::vector<int>{}); }),
                 "ArgumentError: kind() cannot be called with these arguments; there is kind(arg0: int) -> str, "
                 "kind(arg0: float) -> str, kind(arg0: str) -> str, kind(arg0: int, arg1: int) -> str");
        QCOMPARE(errorOf([&] { proxy.call("rest"); }),
                 "AttributeNotFound: Heater has no method 'rest'; did you mean 'reset'?");
    }

    void overloadsAreChosenByCountThenByType()
    {
        const Fixture heating;
        QCOMPARE(heating.call("kind", 1), "\"int\"");
        QCOMPARE(heating.call("kind", 1.5), "\"float\"");
        QCOMPARE(heating.call("kind", "1"), "\"str\"");
        QCOMPARE(heating.call("kind", 1, 2), "\"two\"");
        QCOMPARE(heating.call("kind", std::uint64_t{1} << 40), "\"float\""); // no int, but a float can be that large
    }

    void anyValueGoesThroughAVariantAndBack()
    {
        const Fixture heating;
        for (const char *text : {"null", "true", "-9223372036854775808", "18446744073709551615", "1.5", "\"ä\"", "[]",
                                 "{}", "[1,[2,{\"a\":[null]}]]", "{\"$bytes\":\"AP8=\"}"})
            QCOMPARE(heating.call("echo", fromJson(text)), text);
        QCOMPARE(errorOf([&] {
                     heating.proxy.call("echo", std::map<int, int>{{1, 2}});
                 }),
                 "DataDecodeError: the keys of a dict for a Qt object have to be str");
    }

    void whatIsNotPublicCannotBeReached()
    {
        const Fixture heating;
        for (const std::string_view name : {"deleteLater", "objectName", "setObjectName", "destroyed", "levelChanged",
                                            "protectedSlot", "privateSlot", "_q_reregisterTimers", "hidden"}) {
            QVERIFY2(errorOf([&] { heating.proxy.call(name); }).startsWith("AttributeNotFound"), name.data());
            QVERIFY2(errorOf([&] { static_cast<void>(heating.proxy.get(name)); }).startsWith("AttributeNotFound"),
                     name.data());
        }
    }

    void anExceptionOfAMethodIsReported()
    {
        const Fixture heating;
        QCOMPARE(errorOf([&] { heating.proxy.call("fail"); }), "RemoteError: runtime_error: burnt in Heater.fail");
        QCOMPARE(heating.json("level"), "1");
    }

    void aResultThatIsAnObjectBecomesAChainedProxy()
    {
        const Fixture heating;
        runClient([&] {
            const Proxy child = heating.proxy.call<Proxy>("child");
            const Proxy again = heating.proxy.call<Proxy>("child");
            if (child.level() != 1 || child.typeName() != "QObject" || child.id() != again.id())
                throw std::logic_error("child: " + child.typeName() + " at level " + std::to_string(child.level()));
            if (!heating.proxy.call("noChild").isNone())
                throw std::logic_error("no child is None");
        });
    }

    void theDescriptionTellsTypesDefaultsAndDocs()
    {
        const Fixture heating;
        Description description;
        runClient([&] { description = heating.proxy.describe(); });
        QCOMPARE(description.type, "Heater");
        QCOMPARE(description.doc, "Heats.");
        QCOMPARE(description.attribute("level")->type, "int");
        QCOMPARE(description.attribute("level")->doc, "How hot.");
        QVERIFY(description.attribute("level")->writable);
        QVERIFY(!description.attribute("serial")->writable);
        QCOMPARE(description.attribute("names")->type, "list");
        QCOMPARE(description.attribute("data")->type, "bytes");
        QCOMPARE(description.attribute("settings")->type, "dict");
        QCOMPARE(description.attribute("since")->type, "str");
        QCOMPARE(description.attribute("nothing")->type, "any");
        QCOMPARE(description.method("add")->signature(),
                 "add(first: int, second: int = null, third: int = null) -> int");
        QCOMPARE(description.method("add")->doc, "Adds up.");
        QCOMPARE(description.method("reset")->returns, "None");
        QCOMPARE(description.method("child")->returns, "object");
        QCOMPARE(description.method("doubled")->signature(), "doubled(values: list) -> list");
        QCOMPARE(std::ranges::count(description.methods, "kind", &MethodDescription::name), 4);
        QCOMPARE(std::ranges::count(description.methods, "redeclared", &MethodDescription::name), 1);
        QVERIFY(!description.method("levelChanged"));
    }

    void manyTargetsOfOneObjectAreOneObject()
    {
        Heater heater;
        const auto first = qobjectTarget(&heater);
        QCOMPARE(qobjectTarget(&heater)->identity(), first->identity());
        Heater other;
        QVERIFY(qobjectTarget(&other)->identity() != first->identity());
    }

    void anotherProcessUsesTheObject()
    {
        const Fixture heating;
        QProcess client;
        QEventLoop loop;
        QObject::connect(&client, &QProcess::finished, &loop, &QEventLoop::quit);
        client.start(QCoreApplication::applicationFilePath(), {"--client", "heating"});
        loop.exec();
        QCOMPARE(client.readAllStandardError(), QByteArray());
        QCOMPARE(client.readAllStandardOutput(), QByteArray("111 5\n"));
        QCOMPARE(heating.heater->level, 5);
    }
};

/// What the other process of anotherProcessUsesTheObject() does.
static int useHeater(const char *server)
{
    const decoy::Proxy heater = decoy::connect(server)["heater"];
    heater.set("level", 5);
    std::printf("%d %d\n", heater.call<int>("add", 1), heater.get<int>("level"));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--client")
        return useHeater(argv[2]);
    const decoy::test::RuntimeDirectory directory;
    QCoreApplication application(argc, argv);
    TestQObjectTarget test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_qobject_target.moc"
