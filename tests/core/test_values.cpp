// SPDX-License-Identifier: BSD-3-Clause
#include "wire_bytes.h"

#include <decoy/description.h>
#include <decoy/json.h>

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace decoy;

namespace bank {
struct InsufficientFunds : std::runtime_error {
    using std::runtime_error::runtime_error;
};
template <class T>
struct Wrapped : std::logic_error {
    using std::logic_error::logic_error;
};
} // namespace bank

namespace {

struct Point {
    int x = 0;
    std::string label;
    MSGPACK_DEFINE(x, label)
};

Failure failureOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (...) {
        return Failure::fromCurrentException("Account.withdraw");
    }
    return {};
}

std::string argumentErrorOf(std::string_view json)
{
    try {
        (void)fromJson(json);
    } catch (const ArgumentError &error) {
        return error.what();
    }
    return {};
}

} // namespace

/// Values, JSON, errors and descriptions.
class TestValues : public QObject {
    Q_OBJECT

private slots:
    void aValueGivesBackWhatItWasMadeOf()
    {
        QCOMPARE(Value(5).as<int>(), 5);
        QCOMPARE(Value(UINT64_MAX).as<std::uint64_t>(), UINT64_MAX);
        QCOMPARE(Value("text").as<std::string>(), std::string("text"));
        QCOMPARE(Value(std::vector{1, 2}).as<std::vector<int>>(), (std::vector{1, 2}));
        QCOMPARE(Value(Point{3, "p"}).as<Point>().label, std::string("p"));
        QVERIFY(Value().isNone());
        const double converted = Value(2.5);
        QCOMPARE(converted, 2.5);
    }

    void aValueThatDoesNotFitNamesBothTypes()
    {
        QCOMPARE(decodeError([] { (void)Value("text").as<int>(); }), std::string("expected int, found str"));
        QCOMPARE(decodeError([] { (void)Value().as<std::string>(); }), std::string("expected str, found None"));
        QCOMPARE(decodeError([] { (void)Value(300).as<std::int8_t>(); }),
                 std::string("the value, a int, does not fit into the expected C++ type"));
        QVERIFY(!decodeError([] { (void)Value(-1).as<unsigned>(); }).empty());
    }

    void membersAreReachedByIndexAndByKey()
    {
        const Value list(std::vector<std::string>{"a", "b"});
        QCOMPARE(list.size(), 2U);
        QCOMPARE(list.at(1).as<std::string>(), std::string("b"));
        QCOMPARE(decodeError([&] { (void)list.at(2); }), std::string("there is no item 2 in a list of 2"));
        const Value map(std::map<std::string, int>{{"a", 1}});
        QCOMPARE(map.at("a").as<int>(), 1);
        QCOMPARE(decodeError([&] { (void)map.at("b"); }), std::string("there is no key 'b' in the dict"));
        QCOMPARE(decodeError([&] { (void)map.at(0); }), std::string("expected list, found dict"));
        QCOMPARE(Value(5).size(), 0U);
    }

    void aMemberOutlivesItsList()
    {
        Value member;
        {
            const Value list(std::vector<std::string>{"a string that is longer than any small buffer"});
            member = list.at(0);
        }
        QCOMPARE(member.as<std::string>(), std::string("a string that is longer than any small buffer"));
    }

    void anUnpackedValueOwnsEverythingInIt()
    {
        Value copy;
        {
            const Value original(std::map<std::string, std::vector<std::string>>{{"key", {"one", ""}}});
            copy.msgpack_unpack(original.object());
        }
        QCOMPARE(copy.toString(), std::string(R"({"key":["one",""]})"));
    }

    void jsonRoundTrips_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {
                 "null",
                 "true",
                 "false",
                 "0",
                 "-1",
                 "9223372036854775807",
                 "-9223372036854775808",
                 "18446744073709551615",
                 "1.5",
                 "5.0",
                 "-0.0",
                 "1e+300",
                 "5e-324",
                 R"({"$float":"nan"})",
                 R"({"$float":"inf"})",
                 R"({"$float":"-inf"})",
                 R"("")",
                 R"("text")",
                 "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\"",
                 "\"\xc3\xa9\xf0\x9f\xa6\x86\"",
                 R"({"$bytes":""})",
                 R"({"$bytes":"AA=="})",
                 R"({"$bytes":"AAE="})",
                 R"({"$bytes":"AAEC"})",
                 R"({"$bytes":"+/8="})",
                 "[]",
                 "[1,[2,[]]]",
                 "{}",
                 R"({"a":1,"b":{"c":null}})",
                 R"({"$a":1,"b":2})",
                 R"({"$map":[[1,"one"],[null,2]]})",
                 R"({"$map":[["$bytes","AAEC"]]})",
                 R"({"$ext":[5,"AAEC"]})",
                 R"({"$ext":[-1,""]})",
             })
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void jsonRoundTrips()
    {
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(toJson(fromJson(text.toStdString()))), text);
    }

    void numbersKeepTheirTypes()
    {
        QCOMPARE(fromJson("18446744073709551615").as<std::uint64_t>(), UINT64_MAX);
        QCOMPARE(fromJson("-9223372036854775808").as<std::int64_t>(), INT64_MIN);
        QCOMPARE(fromJson("5").object().type, msgpack::type::POSITIVE_INTEGER);
        QCOMPARE(fromJson("5.0").object().type, msgpack::type::FLOAT64);
        QVERIFY(std::isnan(fromJson(R"({"$float":"nan"})").as<double>()));
        QCOMPARE(fromJson(R"({"$bytes":"AAH/"})").as<std::vector<unsigned char>>(),
                 (std::vector<unsigned char>{0, 1, 255}));
    }

    void anEscapedPairOfSurrogatesIsOneCharacter()
    {
        QCOMPARE(fromJson(R"("\ud83e\udd86")").as<std::string>(), std::string("\xf0\x9f\xa6\x86"));
    }

    void jsonIsAlwaysValidUtf8()
    {
        QCOMPARE(toJson(Value(std::string("a\xff\xc0z"))), std::string("\"a\xef\xbf\xbd\xef\xbf\xbdz\""));
        QCOMPARE(toJson(Value(std::map<std::string, int>{{"\x80", 1}})), std::string("{\"\xef\xbf\xbd\":1}"));
    }

    void indentedJsonHasOneMemberALine()
    {
        QCOMPARE(toJson(fromJson(R"({"a":[1,{}],"b":{"$bytes":"AA=="}})"), 2),
                 std::string("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"$bytes\": \"AA==\"\n  }\n}"));
    }

    void badJsonSaysWhereAndWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("nothing") << ""
                                 << "line 1, column 1: syntax error while parsing value - unexpected end of input";
        QTest::newRow("word") << "[1, nope]"
                              << "line 1, column 6: syntax error while parsing value - invalid literal";
        QTest::newRow("rest")
            << "1 2"
            << "line 1, column 3: syntax error while parsing value - unexpected number literal; expected end of input";
        QTest::newRow("long integer")
            << "[\n 18446744073709551616]"
            << "line 2, column 22: the integer 18446744073709551616 does not fit into 64 bits";
        QTest::newRow("huge float") << "1e999"
                                    << "number overflow";
        QTest::newRow("base64 length") << R"({"$bytes":"AAA"})"
                                       << "line 1, column 16: expected base64, padded and without spaces";
        QTest::newRow("base64 bits") << R"({"$bytes":"AB=="})"
                                     << "expected base64";
        QTest::newRow("base64 padding") << R"({"$bytes":"A==="})"
                                        << "expected base64";
        QTest::newRow("base64 early padding") << R"({"$bytes":"AA==AAAA"})"
                                              << "expected base64";
        QTest::newRow("bytes no string") << R"({"$bytes":5})"
                                         << "expected base64";
        QTest::newRow("float") << R"({"$float":"big"})"
                               << "expected \"nan\", \"inf\" or \"-inf\"";
        QTest::newRow("extension type") << R"({"$ext":[128,""]})"
                                        << "with a type of -128 to 127";
        QTest::newRow("extension shape") << R"({"$ext":[1]})"
                                         << "with a type of -128 to 127";
        QTest::newRow("map") << R"({"$map":[[1]]})"
                             << "expected a list of [key, value] pairs";
        QTest::newRow("proxy") << R"({"$proxy":{"id":1}})"
                               << "a proxy or a callable cannot be given as JSON";
        QTest::newRow("unknown") << R"({"$price":1})"
                                 << "unknown \"$price\"; for a map with just this key write";
        QTest::newRow("invalid UTF-8") << QString() << QString();
    }
    void badJsonSaysWhereAndWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const bool isInvalid = message.isNull();
        const QString error = QString::fromStdString(argumentErrorOf(isInvalid ? "\"\xff\"" : text.toStdString()));
        QVERIFY2(isInvalid ? error.contains("invalid") : error.contains(message), qPrintable(error));
    }

    void deepJsonStopsAtTheLimitAndNotAtTheStack()
    {
        QVERIFY(argumentErrorOf(std::string(1'000'000, '[')).find("nested deeper") != std::string::npos);
        std::string objects;
        for (int i = 0; i < 100'000; ++i)
            objects += R"({"a":)";
        QVERIFY(argumentErrorOf(objects).find("nested deeper") != std::string::npos);
    }

    void aLongBadTokenDoesNotMakeALongMessage()
    {
        QVERIFY(argumentErrorOf("\"" + std::string(100'000, 'x')).size() < 400);
    }

    void exceptionsBecomeFailuresWithTheirNames()
    {
        const Failure funds = failureOf([] { throw bank::InsufficientFunds("balance 40 is less than 50"); });
        QCOMPARE(funds.kind, ErrorKind::RemoteError);
        QCOMPARE(funds.type, std::string("InsufficientFunds"));
        QCOMPARE(funds.where, std::string("Account.withdraw"));
        QCOMPARE(funds.text(), std::string("InsufficientFunds: balance 40 is less than 50"));
        QCOMPARE(failureOf([] { throw std::runtime_error(""); }).type, std::string("runtime_error"));
        QCOMPARE(failureOf([] { throw 5; }).type, std::string("int"));
        QVERIFY(failureOf([] { throw bank::Wrapped<std::vector<int>>(""); }).type.starts_with("Wrapped<std::vector<"));
    }

    void errorsOfTheLibraryKeepTheirKind()
    {
        const Failure failure = failureOf([] { throw ArgumentError("deposit() needs 'amount'"); });
        QCOMPARE(failure.kind, ErrorKind::ArgumentError);
        QCOMPARE(failure.text(), std::string("ArgumentError: deposit() needs 'amount'"));
        const Failure remote = failureOf([] { throw RemoteError("KeyError", "no such key", "Map.get"); });
        QCOMPARE(remote.type, std::string("KeyError"));
        QCOMPARE(remote.where, std::string("Map.get"));
    }

    void everyFailureRaisesTheClassOfItsKind()
    {
        for (int number = 0; number <= static_cast<int>(lastErrorKind); ++number) {
            const Failure failure{static_cast<ErrorKind>(number), "Type", "message", "Place.name"};
            const Failure again = failureOf([&] { failure.raise(); });
            QCOMPARE(static_cast<int>(again.kind), number);
            QCOMPARE(again.message, std::string("message"));
            QVERIFY(errorKindName(failure.kind) == errorKindName(again.kind));
        }
        QVERIFY_EXCEPTION_THROWN(Failure({ErrorKind::PeerDied, "", "", ""}).raise(), PeerDied);
        QVERIFY_EXCEPTION_THROWN(Failure({ErrorKind::DataTooBigError, "", "", ""}).raise(), DataTooBigError);
        QVERIFY_EXCEPTION_THROWN(Failure({ErrorKind::LimitedProxyChaining, "", "", ""}).raise(), LimitedProxyChaining);
        QCOMPARE(errorKindName(static_cast<ErrorKind>(200)), std::string_view("ProxyError"));
    }

    void errorsSayWhatToDo()
    {
        QCOMPARE(
            std::string(LimitedProxyChaining(7, "Node").what()),
            std::string(
                "Node would be at chain level 8, the maximum is 7; keep a reference nearer to the root, or raise the "
                "server's maximum chain level"));
        QCOMPARE(std::string(RemoteError("Oops", "no", "A.b").what()), std::string("Oops: no"));
    }

    void aSignatureReadsAsInSource()
    {
        const MethodDescription method{
            "deposit", "Adds.", {{"amount", "int", true, {}}, {"memo", "str", false, Value("")}}, "int"};
        QCOMPARE(method.signature(), std::string(R"(deposit(amount: int, memo: str = "") -> int)"));
        QCOMPARE((MethodDescription{"reset", "", {}, "None"}).signature(), std::string("reset() -> None"));
    }

    void aDescriptionCrossesTheWireAndFindsItsMembers()
    {
        const MethodDescription method{"deposit", "Adds.", {{"memo", "str", false, Value("")}}, "int"};
        const Description description{"Account", "doc", {{"owner", "str", true, ""}}, {method}};
        const Description copy = Value(description).as<Description>();
        QCOMPARE(copy.method("deposit")->parameters.at(0).defaultValue.as<std::string>(), std::string());
        QVERIFY(copy.attribute("owner")->writable);
        QVERIFY(!copy.attribute("deposit"));
        QVERIFY(!copy.method("owner"));
    }
};

QTEST_APPLESS_MAIN(TestValues)
#include "test_values.moc"
