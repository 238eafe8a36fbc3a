// SPDX-License-Identifier: GPL-3.0-or-later
// The mailbox of the guided tour: its bytes as they stand in the memory, who wrote them, and what they mean.
#include "lesson_steps.h"
#include "own_settings.h"

#include "learn/lesson_mailbox.h"
#include "learn/mailbox_cells.h"
#include "learn/mailbox_history.h"
#include "learn/mailbox_meaning.h"
#include "learn/mailbox_view.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

std::vector<std::byte> bytesOf(const char *hex)
{
    const QByteArray raw = QByteArray::fromHex(hex);
    const auto span = std::as_bytes(std::span(raw.constData(), static_cast<std::size_t>(raw.size())));
    std::vector<std::byte> bytes(LessonMailbox::size);
    std::ranges::copy(span, bytes.begin());
    return bytes;
}

MailboxHistory historyOf(const std::vector<std::vector<std::byte>> &images)
{
    MailboxHistory history;
    for (const auto &image : images)
        history.add(image, MailboxWriter::Server, std::chrono::steady_clock::now());
    return history;
}

QStringList briefsOf(const std::vector<ByteMeaning> &meanings, int end)
{
    QStringList briefs;
    for (int byte = 0; byte < end; ++byte)
        briefs += meanings[static_cast<std::size_t>(byte)].brief;
    return briefs;
}

} // namespace

class TestLearnMailbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void theMailboxViewShowsTheBytesOfTheSegment()
    {
        DemoMonitor monitor;
        LessonPlayer &lessons = player(monitor);
        START(monitor, Mailbox);
        WALK_TO(lessons, 2);
        const QString segment =
            lessons.scene()->observation(LessonGoal::MailboxOpen).section(u',', 0, 0).section(u'/', -1);
        const SharedMemory memory = SharedMemory::openNamed(segment.toStdString());
        const auto shown = [&monitor]() -> const std::vector<std::byte> & {
            return monitor.window->mailbox()->cells()->image().bytes;
        };
        const auto standsInMemory = [&memory](const auto &bytes) { return std::ranges::equal(memory.bytes(), bytes); };
        QVERIFY(standsInMemory(shown()));
        QCOMPARE(hexText(std::span(shown()).first(17)), u"00 00 00 00 92 02 94 06 a5 73 6c 65 65 70 91 03 80"_s);
        WALK_TO(lessons, 4);
        QVERIFY(standsInMemory(shown())); // the call takes three seconds
        QCOMPARE(hexText(std::span(shown()).first(8)), u"00 00 00 0d 92 fe 94 06"_s);
        WALK_TO(lessons, 5);
        QVERIFY(standsInMemory(shown()));
        QCOMPARE(hexText(std::span(shown()).first(11)), u"00 00 00 06 92 ff 93 06 c0 c0 c1"_s);
        // And all of it can be gone back through.
        QCOMPARE(monitor.window->mailbox()->shown(), 4);
    }

    void writersAreTold()
    {
        MailboxHistory history;
        const auto now = std::chrono::steady_clock::now();
        QVERIFY(history.add(bytesOf(""), MailboxWriter::Nobody, now));
        QVERIFY(!history.add(bytesOf(""), MailboxWriter::Server, now)); // nothing new
        QVERIFY(history.add(bytesOf("00 00 00 00 92 02 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Client, now));
        QCOMPARE(history.latest().writers[3], MailboxWriter::Nobody);
        QCOMPARE(history.latest().writers[4], MailboxWriter::Client);
        QVERIFY(history.add(bytesOf("00 00 00 0d 92 02 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Client, now));
        QCOMPARE(history.latest().writers[0], MailboxWriter::Client); // the whole length, zeros included
        QVERIFY(!history.latest().changed[0]);
        QVERIFY(history.latest().changed[3]);
        QVERIFY(history.add(bytesOf("00 00 00 0d 92 fe 94 06 a5 73 6c 65 65 70 91 03 80"), MailboxWriter::Server, now));
        QCOMPARE(history.latest().writers[5], MailboxWriter::Server);
        QCOMPARE(history.latest().writers[6], MailboxWriter::Client);
        QCOMPARE(describeImage(history.latest()), u"The server took the request: PENDING"_s);
    }

    void everyByteIsExplained()
    {
        const auto request = mailboxMeaning(bytesOf("00 00 00 0d 92 02 94 06 a5 73 6c 65 65 70 91 03 80"));
        QCOMPARE(briefsOf(request, 18).mid(3),
                 (QStringList{u"length 13"_s, u"[2]"_s, u"EXECUTE"_s, u"[4]"_s, u"object 6"_s, u"str 5"_s, u"‘s’"_s,
                              u"‘l’"_s, u"‘e’"_s, u"‘e’"_s, u"‘p’"_s, u"args 1"_s, u"3"_s, u"named 0"_s, QString()}));
        const auto pending = mailboxMeaning(bytesOf("00 00 00 0d 92 fe 94 06 a5 73 6c 65 65 70 91 03 80"));
        QCOMPARE(pending[5].brief, u"PENDING"_s);
        QCOMPARE(pending[7].brief, u"object 6"_s);
        const auto result = mailboxMeaning(bytesOf("00 00 00 06 92 ff 93 06 c0 c0 c1 c1"));
        QCOMPARE(
            briefsOf(result, 12).mid(5),
            (QStringList{u"RESULT"_s, u"[3]"_s, u"object 6"_s, u"nil"_s, u"no error"_s, u"covered"_s, u"covered"_s}));
        for (const ByteMeaning &meaning : result)
            QVERIFY(!meaning.explanation.isEmpty());
    }

    void hostileContentIsShownAndNotBelieved_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("a huge length") << QByteArray("ff ff ff ff 92 02 94 06");
        QTest::newRow("a length beyond the memory") << QByteArray("00 00 00 3d 92 02 94 06");
        QTest::newRow("an array without end") << QByteArray("00 00 00 3c 92 02 dd ff ff ff ff");
        QTest::newRow("a string without end") << QByteArray("00 00 00 3c 92 02 94 01 db ff ff ff ff");
        QTest::newRow("nested too deeply") << QByteArray("00 00 00 3c 92 02 ") + QByteArray("91").repeated(58);
        QTest::newRow("an opcode that nobody knows") << QByteArray("00 00 00 03 92 7f 90");
        QTest::newRow("a length of two") << QByteArray("00 00 00 02 92 02");
        QTest::newRow("only c1") << QByteArray("c1").repeated(64);
        for (int seed = 1; seed <= 200; ++seed) {
            QRandomGenerator random(static_cast<quint32>(seed));
            QByteArray bytes(64, '\0');
            random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), 16);
            if (seed % 2 == 0)
                bytes.replace(0, 5, QByteArray::fromHex("0000003c92")); // so that it is looked into
            QTest::addRow("random %d", seed) << bytes.toHex();
        }
    }
    void hostileContentIsShownAndNotBelieved()
    {
        QFETCH(QByteArray, hex);
        const std::vector<std::byte> bytes = bytesOf(hex.constData());
        QCOMPARE(mailboxMeaning(bytes).size(), bytes.size());
        MailboxView view;
        view.resize(600, 500);
        view.showHistory(historyOf({bytesOf(""), bytes}));
        QCOMPARE(view.cells()->image().bytes, bytes);
        QVERIFY(!view.title().isEmpty());
        QVERIFY(!view.grab().isNull());
        for (int byte = 0; byte < static_cast<int>(bytes.size()); ++byte)
            view.cells()->setCurrentByte(byte);
    }

    void mailboxesOfAnySizeAreExplained()
    {
        for (std::size_t size = 0; size < 20; ++size)
            QCOMPARE(mailboxMeaning(std::vector<std::byte>(size, std::byte{0x92})).size(), size);
    }

    void theMailboxIsReadWithTheKeyboard()
    {
        MailboxView view;
        view.resize(600, 500);
        view.show();
        view.showHistory(historyOf({bytesOf(""), bytesOf("00 00 00 03 92 fe 90")}));
        MailboxCells &cells = *view.cells();
        QTest::keyClick(&cells, Qt::Key_Home);
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(&cells, Qt::Key_Right);
        QCOMPARE(cells.currentByte(), 5);
        QVERIFY(cells.accessibleDescription().contains(u"opcode"_s));
        QTest::keyClick(&cells, Qt::Key_End);
        QCOMPARE(cells.currentByte(), 63);
        QTest::keyClick(&cells, Qt::Key_Right);
        QCOMPARE(cells.currentByte(), 63);
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestLearnMailbox)
#include "test_learn_mailbox.moc"
