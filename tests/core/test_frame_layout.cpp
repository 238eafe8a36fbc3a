// SPDX-License-Identifier: BSD-3-Clause
#include "wire_bytes.h"

#include <decoy/frame_layout.h>

#include <QTest>

#include <algorithm>
#include <random>

using decoy::FrameElement;
using Role = decoy::FrameElement::Role;

namespace {

std::vector<FrameElement> layout(const char *hexBytes, std::size_t size = 0)
{
    const std::vector<std::byte> frame = bytes(hexBytes);
    return decoy::frameLayout(frame, std::max(size, frame.size()));
}

const FrameElement *find(const std::vector<FrameElement> &elements, Role role)
{
    const auto found = std::ranges::find(elements, role, &FrameElement::role);
    return found == elements.end() ? nullptr : &*found;
}

/// "begin-end" of the element, or "none".
std::string range(const std::vector<FrameElement> &elements, Role role)
{
    const FrameElement *element = find(elements, role);
    return element ? std::to_string(element->begin) + "-" + std::to_string(element->end) : "none";
}

std::string value(const std::vector<FrameElement> &elements, Role role)
{
    const FrameElement *element = find(elements, role);
    return element ? element->value : "none";
}

constexpr const char *addFive = "00 00 00 0b 92 02 94 01 a3 61 64 64 91 05 80";

} // namespace

class TestFrameLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyByteOfARequestHasAMeaning();
    void keywordArgumentsCarryTheirNames();
    void aProxyResultIsOpened();
    void whatIsLentIsOpened();
    void whatOnlyLooksLentIsData();
    void aFailureIsOpened();
    void aPendingHasAnEmptyPayload();
    void everyByteOfAnEventHasAMeaning();
    void anUnknownOpcodeIsNamedAndItsPayloadStillTakenApart();
    void aCutStringShowsItsBeginning();
    void aCutArrayShowsTheMembersThatAreThere();
    void aWholeFrameThatEndsTooEarlyIsInvalid();
    void bytesAfterTheEndAreExcess();
    void aPrefixThatAnnouncesTooMuchIsInvalid();
    void deepNestingStopsAtTheLimit();
    void moreElementsThanAskedForAreNotShown();
    void everyElementHasAnExplanation();
    void damagedBytesAlwaysGiveACompleteCover();
};

void TestFrameLayout::everyByteOfARequestHasAMeaning()
{
    const auto elements = layout(addFive);
    QCOMPARE(range(elements, Role::Prefix), "0-4");
    QCOMPARE(range(elements, Role::Frame), "4-15");
    QCOMPARE(range(elements, Role::Opcode), "5-6");
    QCOMPARE(range(elements, Role::Payload), "6-15");
    QCOMPARE(range(elements, Role::ObjectId), "7-8");
    QCOMPARE(range(elements, Role::Member), "8-12");
    QCOMPARE(range(elements, Role::Arguments), "12-14");
    QCOMPARE(range(elements, Role::Argument), "13-14");
    QCOMPARE(range(elements, Role::Keywords), "14-15");
    QCOMPARE(elements.size(), std::size_t(9));
    QCOMPARE(value(elements, Role::Prefix), "11");
    QCOMPARE(value(elements, Role::Opcode), "2 EXECUTE");
    QCOMPARE(value(elements, Role::Member), "\"add\"");
    QCOMPARE(find(elements, Role::Member)->label, "method");
    QCOMPARE(find(elements, Role::Argument)->label, "argument 1");
    QCOMPARE(std::string(find(elements, Role::Payload)->type), "fixarray");
    QCOMPARE(find(elements, Role::Payload)->headerEnd, 7U);
}

void TestFrameLayout::keywordArgumentsCarryTheirNames()
{
    const auto elements = layout("00 00 00 12 92 02 94 01 a3 61 64 64 90 81 a4 6d 65 6d 6f a1 78 c0");
    const FrameElement *argument = find(elements, Role::Argument);
    QVERIFY(argument);
    QCOMPARE(argument->label, "memo");
    QCOMPARE(argument->value, "\"x\"");
    QCOMPARE(range(elements, Role::Excess), "21-22");
}

void TestFrameLayout::aProxyResultIsOpened()
{
    // ext 8, 7 bytes, type 1: [2, "Node"]
    const auto elements = layout("00 00 00 0f 92 ff 93 0c c7 07 01 92 02 a4 4e 6f 64 65 c0");
    QCOMPARE(value(elements, Role::Value), "a proxy");
    QCOMPARE(value(elements, Role::ProxyLevel), "2");
    QCOMPARE(value(elements, Role::TypeName), "\"Node\"");
    QCOMPARE(range(elements, Role::TypeName), "13-18");
    QCOMPARE(value(elements, Role::Error), "null");
}

void TestFrameLayout::whatIsLentIsOpened()
{
    // ext 8, 11 bytes, type 4: [3, "callable"]
    const auto elements = layout(
        "00 00 00 19 92 02 94 07 a4 6b 65 65 70 91 c7 0b 04 92 03 a8 63 61 6c 6c 61 62 6c 65 80");
    QCOMPARE(value(elements, Role::Argument), "callback 3 of the client");
    QCOMPARE(value(elements, Role::LentId), "3");
    QCOMPARE(value(elements, Role::TypeName), "\"callable\"");
    QCOMPARE(value(elements, Role::ObjectId), "7");
    QVERIFY(!find(elements, Role::Invalid));
    // the same, set as an attribute: [4, "Duck"]
    const auto set = layout("00 00 00 10 92 01 93 07 a1 61 c7 07 04 92 04 a4 44 75 63 6b");
    QCOMPARE(value(set, Role::Value), "Duck 4 of the client");
    const auto broken = layout("00 00 00 0b 92 01 93 07 a1 61 c7 02 04 91 04");
    QCOMPARE(value(broken, Role::Value), "something of the client, not readable");
    QCOMPARE(decoy::lentName(5, ""), std::string("lent 5"));
}

void TestFrameLayout::whatOnlyLooksLentIsData()
{
    // a result, and an item within an argument
    const auto result = layout("00 00 00 0f 92 ff 93 07 c7 07 04 92 04 a4 44 75 63 6b c0");
    QCOMPARE(value(result, Role::Value), "extension 4, 7 bytes");
    const auto nested = layout("00 00 00 13 92 02 94 07 a1 61 91 91 c7 07 04 92 04 a4 44 75 63 6b 80");
    QCOMPARE(value(nested, Role::Argument), "array of 1 element");
    QVERIFY(!find(nested, Role::LentId));
}

void TestFrameLayout::aFailureIsOpened()
{
    // ext 8, 5 bytes, type 3: [12, "", "a"], "oops"
    const auto elements = layout("00 00 00 11 92 ff 93 01 c7 05 03 93 0c a0 a1 61 a4 6f 6f 70 73");
    QCOMPARE(value(elements, Role::ErrorKind), "12 ArgumentError");
    QCOMPARE(value(elements, Role::Where), "\"a\"");
    QCOMPARE(value(elements, Role::Error), "\"oops\"");
    QVERIFY(!find(elements, Role::Invalid));
}

void TestFrameLayout::aPendingHasAnEmptyPayload()
{
    const auto elements = layout("00 00 00 03 92 fe 90");
    QCOMPARE(value(elements, Role::Opcode), "-2 RESPONSE_PENDING");
    QCOMPARE(value(elements, Role::Payload), "array of 0 elements");
}

void TestFrameLayout::everyByteOfAnEventHasAMeaning()
{
    const auto elements = layout("00 00 00 14 92 fd 94 07 a4 72 61 6e 67 cf 00 00 00 00 00 00 00 02 91 2a");
    QCOMPARE(value(elements, Role::Prefix), "20");
    QCOMPARE(value(elements, Role::Opcode), "-3 EVENT");
    QCOMPARE(range(elements, Role::ObjectId), "7-8");
    QCOMPARE(range(elements, Role::Member), "8-13");
    QCOMPARE(find(elements, Role::Member)->label, "event");
    QCOMPARE(range(elements, Role::EventNumber), "13-22");
    QCOMPARE(value(elements, Role::EventNumber), "2");
    QCOMPARE(range(elements, Role::Arguments), "22-24");
    QCOMPARE(value(elements, Role::Argument), "42");
    QCOMPARE(elements.size(), std::size_t(9));
    for (const FrameElement &element : elements)
        QVERIFY(!decoy::explainElement(element).empty());
}

void TestFrameLayout::anUnknownOpcodeIsNamedAndItsPayloadStillTakenApart()
{
    const auto elements = layout("00 00 00 05 92 63 92 01 02");
    QCOMPARE(value(elements, Role::Opcode), "99 UNKNOWN");
    QCOMPARE(find(elements, Role::Item)->label, "[0]");
}

void TestFrameLayout::aCutStringShowsItsBeginning()
{
    // SET 1 "a" = str 16 of 300 bytes, of which 3 were kept
    const auto elements = layout("00 00 01 35 92 01 93 01 a1 61 da 01 2c 78 79 7a", 313);
    QCOMPARE(value(elements, Role::Value), "\"xyz…\"");
    QCOMPARE(value(elements, Role::CutOff), "after 16 of 313 bytes");
    QVERIFY(!find(elements, Role::Invalid));
}

void TestFrameLayout::aCutArrayShowsTheMembersThatAreThere()
{
    // SET 1 "a" = array 16 of 1000 elements, of which 3 were kept
    const auto elements = layout("00 00 03 f1 92 01 93 01 a1 61 dc 03 e8 07 08 09", 1013);
    QCOMPARE(value(elements, Role::Value), "array of 1000 elements");
    QCOMPARE(std::ranges::count(elements, Role::Item, &FrameElement::role), 3);
    QVERIFY(find(elements, Role::CutOff));
    QVERIFY(!find(elements, Role::Invalid));
}

void TestFrameLayout::aWholeFrameThatEndsTooEarlyIsInvalid()
{
    const auto elements = layout("00 00 00 04 92 02 94 01");
    QVERIFY(find(elements, Role::Invalid));
    QVERIFY(!find(elements, Role::CutOff));
}

void TestFrameLayout::bytesAfterTheEndAreExcess()
{
    const auto elements = layout("00 00 00 03 92 fe 90 c0 c0");
    QCOMPARE(range(elements, Role::Excess), "7-9");
}

void TestFrameLayout::aPrefixThatAnnouncesTooMuchIsInvalid()
{
    const auto elements = layout("00 00 00 64 92 fe 90");
    QCOMPARE(value(elements, Role::Invalid), "the prefix announces more bytes than the frame has");
}

void TestFrameLayout::deepNestingStopsAtTheLimit()
{
    std::vector<std::byte> frame(4000, std::byte{0x91});
    frame[0] = frame[1] = std::byte{0};
    frame[2] = std::byte{3996 >> 8};
    frame[3] = std::byte{3996 & 0xff};
    const auto elements = decoy::frameLayout(frame, frame.size());
    QVERIFY(elements.size() < 100);
    QVERIFY(find(elements, Role::Invalid));
}

void TestFrameLayout::moreElementsThanAskedForAreNotShown()
{
    const std::vector<std::byte> frame = bytes("00 00 00 0d 92 63 9a 01 02 03 04 05 06 07 08 09 0a");
    const auto elements = decoy::frameLayout(frame, frame.size(), {.maxElements = 6});
    QCOMPARE(elements.size(), std::size_t(7));
    QCOMPARE(elements.back().role, Role::NotShown);
    QCOMPARE(elements.back().end, 17U);
}

void TestFrameLayout::everyElementHasAnExplanation()
{
    for (int role = 0; role <= static_cast<int>(Role::NotShown); ++role) {
        FrameElement element;
        element.role = static_cast<Role>(role);
        QVERIFY(!decoy::explainElement(element).empty());
    }
}

void TestFrameLayout::damagedBytesAlwaysGiveACompleteCover()
{
    const std::vector<std::byte> whole = bytes(
        "00 00 00 1b 92 02 94 01 a3 61 64 64 93 05 cb 3f f0 00 00 00 00 00 00 82 01 91 02 c3 c2 "
        "80 80");
    std::mt19937 random(7); // the same damage every time
    for (int round = 0; round < 50'000; ++round) {
        std::vector<std::byte> frame = whole;
        for (int change = 0; change < 3; ++change)
            frame[random() % frame.size()] = static_cast<std::byte>(random());
        frame.resize(random() % (frame.size() + 1));
        const std::size_t size = round % 2 == 0 ? frame.size() : frame.size() + random() % 1000;
        const auto elements = decoy::frameLayout(frame, size);

        std::vector<bool> covered(frame.size(), false);
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const FrameElement &element = elements[i];
            QVERIFY(element.begin <= element.headerEnd && element.headerEnd <= element.end
                    && element.end <= frame.size());
            QVERIFY(element.parent < static_cast<int>(i));
            if (element.parent >= 0) {
                const FrameElement &parent = elements[static_cast<std::size_t>(element.parent)];
                QVERIFY(element.begin >= parent.begin && element.end <= parent.end);
            }
            std::fill(covered.begin() + element.begin, covered.begin() + element.end, true);
        }
        QVERIFY2(std::ranges::all_of(covered, [](bool byte) { return byte; }), hex(frame).constData());
    }
}

QTEST_GUILESS_MAIN(TestFrameLayout)
#include "test_frame_layout.moc"
