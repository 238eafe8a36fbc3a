// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"

#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "trace/frame_names.h"
#include "trace/timeline_builder.h"
#include "views/sequence_view.h"

#include <QApplication>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <memory>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A view of a store, as large as in the window.
struct ShownSequence {
    explicit ShownSequence(std::uint64_t frameCount = 0)
    {
        frames::fill(store, frameCount);
        view = std::make_unique<SequenceView>(store, names, builder);
        view->resize(1000, 600);
        view->show();
    }
    void add(frames::Event event, std::int32_t process = 4711)
    {
        event->process = process;
        event->connection = static_cast<std::uint32_t>(process);
        event->sequence = store.endRow();
        event->time = static_cast<std::int64_t>(store.endRow()) * 1000;
        event.appendTo(store);
    }
    void update() const
    {
        view->refresh();
        QTRY_COMPARE(builder.current()->endRow, store.endRow());
        QCoreApplication::sendPostedEvents();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(view.get(), static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] QImage picture() const { return view->viewport()->grab().toImage(); }
    [[nodiscard]] int scroll() const { return view->verticalScrollBar()->value(); }
    [[nodiscard]] int lastScroll() const { return view->verticalScrollBar()->maximum(); }

    FrameStore store;
    FrameNames names;
    TimelineBuilder builder;
    std::unique_ptr<SequenceView> view;
};

/// How much of an arrow's line, its ends left out, has exactly this colour.
double partInColour(const QImage &image, const QLine &line, const QColor &colour)
{
    constexpr int ends = 16;
    const int left = std::min(line.x1(), line.x2()) + ends;
    const int right = std::max(line.x1(), line.x2()) - ends;
    int found = 0;
    for (int x = left; x < right; ++x)
        found += image.pixelColor(x, line.y1()) == colour ? 1 : 0;
    return static_cast<double>(found) / (right - left);
}

frames::Event failure(std::uint64_t call)
{
    frames::Event event(ProxyOpCode::ExecutionResult,
                        frames::packed(ProxyOpCode::ExecutionResult, {Value(1), Value(), Value("ValueError: no")}),
                        call);
    event->flags |= FrameEvent::Failed;
    return event;
}

} // namespace

class TestSequenceView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QApplication::setPalette(lightPalette()); }

    void everyProcessHasALaneInTheOrderOfAppearance()
    {
        ShownSequence shown;
        shown.add(frames::request(1), 30);
        shown.add(frames::request(2), 10);
        shown.add(frames::answer(1), 30);
        shown.add(frames::request(3), 20);
        shown.update();
        QCOMPARE(shown.view->clients(), (std::vector<std::int32_t>{30, 10, 20}));
        QVERIFY(shown.view->arrow(0).x1() < shown.view->arrow(1).x1());
        QVERIFY(shown.view->arrow(1).x1() < shown.view->arrow(3).x1());
    }

    void aClientOfTwoChannelsHasOneLane()
    {
        ShownSequence shown;
        frames::Event one = frames::request(1);
        frames::Event two = frames::request(1);
        two->connection = 2;
        one.appendTo(shown.store);
        two.appendTo(shown.store);
        shown.update();
        QCOMPARE(shown.view->clients().size(), std::size_t(1));
    }

    void requestsGoToTheServerAndAnswersComeFromIt()
    {
        ShownSequence shown;
        shown.add(frames::request(1));
        shown.add(frames::answer(1));
        shown.update();
        const QLine request = shown.view->arrow(0);
        const QLine answer = shown.view->arrow(1);
        QVERIFY(request.x1() > request.x2());
        QCOMPARE(request.p1().x(), answer.p2().x());
        QCOMPARE(request.p2().x(), answer.p1().x());
        QCOMPARE(answer.y1() - request.y1(), shown.view->rowHeight());
    }

    void arrowsSayByTheirLineWhatTheyAre_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << lightPalette();
        QTest::newRow("dark") << darkPalette();
    }
    void arrowsSayByTheirLineWhatTheyAre()
    {
        QFETCH(const QPalette, palette);
        QApplication::setPalette(palette);
        ShownSequence shown;
        shown.add(frames::request(1));
        shown.add(frames::stillWorking(1));
        shown.add(frames::answer(1));
        shown.add(frames::request(2));
        shown.add(failure(2));
        shown.update();
        const QImage image = shown.picture();
        const auto part = [&](Row row, FrameRole role) {
            return partInColour(image, shown.view->arrow(row), opcodeStyle(role, palette).colour);
        };
        const double request = part(0, FrameRole::Execute);
        const double pending = part(1, FrameRole::Pending);
        const double result = part(2, FrameRole::Result);
        QVERIFY2(request > 0.98, qPrintable(QString::number(request)));                  // solid
        QVERIFY2(result > 0.5 && result < 0.8, qPrintable(QString::number(result)));     // dashed
        QVERIFY2(pending > 0.15 && pending < 0.4, qPrintable(QString::number(pending))); // dotted
        QVERIFY(part(4, FrameRole::Error) > 0.5);
        QCOMPARE(part(4, FrameRole::Result), 0.0);
    }

    void aProxyResultIsMarkedWhereTheObjectWasBorn()
    {
        ShownSequence shown;
        frames::Event proxy = frames::answer(1);
        proxy->flags |= FrameEvent::ProxyResult;
        shown.add(frames::request(1));
        shown.add(proxy);
        shown.add(frames::request(2));
        shown.add(frames::answer(2));
        shown.update();
        const QImage image = shown.picture();
        const auto around = [&](Row row) {
            return image.copy(QRect(shown.view->arrow(row).p1() - QPoint(5, 5), QSize(11, 11)));
        };
        QVERIFY(around(1) != around(3));
    }

    void aCallWithoutAnAnswerStaysOpen()
    {
        ShownSequence shown;
        shown.add(frames::request(1));
        shown.update();
        const QImage open = shown.picture();
        shown.add(frames::answer(1));
        shown.update();
        const QImage answered = shown.picture();
        const QRect row(QPoint(0, shown.view->arrow(0).y1() - 20), QSize(1000, 28));
        QVERIFY(open.copy(row) != answered.copy(row));
    }

    void theNewestFrameIsFollowedUntilThePersonScrollsUp()
    {
        ShownSequence shown(1000);
        QCOMPARE(shown.scroll(), shown.lastScroll());
        frames::fill(shown.store, 100);
        shown.update();
        QCOMPARE(shown.scroll(), shown.lastScroll());
        shown.view->verticalScrollBar()->setValue(500);
        QVERIFY(!shown.view->isFollowing());
        frames::fill(shown.store, 1000);
        shown.update();
        QCOMPARE(shown.scroll(), 500);
        auto *jump = shown.view->viewport()->findChild<QPushButton *>();
        QVERIFY(jump->isVisible());
        jump->click();
        QVERIFY(shown.view->isFollowing());
        QCOMPARE(shown.scroll(), shown.lastScroll());
    }

    void theKeyboardReachesEveryFrame()
    {
        ShownSequence shown(1000);
        shown.press(Qt::Key_Home);
        QCOMPARE(shown.view->currentRow(), Row(0));
        shown.press(Qt::Key_Down);
        shown.press(Qt::Key_Down);
        shown.press(Qt::Key_Up);
        QCOMPARE(shown.view->currentRow(), Row(1));
        shown.press(Qt::Key_PageDown);
        QVERIFY(shown.view->currentRow() > 10);
        QVERIFY(!shown.view->arrow(shown.view->currentRow()).isNull());
        shown.press(Qt::Key_PageUp);
        QCOMPARE(shown.view->currentRow(), Row(1));
        shown.press(Qt::Key_End);
        QCOMPARE(shown.view->currentRow(), Row(999));
        QVERIFY(shown.view->isFollowing());
    }

    void periodAndCommaWalkThroughOneCall()
    {
        ShownSequence shown;
        shown.add(frames::request(1), 1);
        shown.add(frames::request(1), 2);
        shown.add(frames::stillWorking(1), 1);
        shown.add(frames::answer(1), 2);
        shown.add(frames::answer(1), 1);
        shown.update();
        shown.view->setCurrentRow(0);
        shown.press(Qt::Key_Period);
        QCOMPARE(shown.view->currentRow(), Row(2));
        shown.press(Qt::Key_Period);
        QCOMPARE(shown.view->currentRow(), Row(4));
        shown.press(Qt::Key_Comma);
        shown.press(Qt::Key_Comma);
        QCOMPARE(shown.view->currentRow(), Row(0));
    }

    void aClickSelectsAndIsAnnounced()
    {
        const ShownSequence shown(5);
        const QSignalSpy chosen(shown.view.get(), &SequenceView::currentRowChanged);
        QTest::mouseClick(shown.view->viewport(), Qt::LeftButton, {}, shown.view->arrow(2).center());
        QCOMPARE(shown.view->currentRow(), Row(2));
        QCOMPARE(chosen.count(), 1);
        QVERIFY(shown.view->accessibleDescription().contains(u"frame 3"_s));
        shown.view->setCurrentRow(2);
        QCOMPARE(chosen.count(), 1);
    }

    void selectingAFrameElsewhereScrollsToIt()
    {
        const ShownSequence shown(100'000);
        shown.view->setCurrentRow(50'000);
        QVERIFY(!shown.view->arrow(50'000).isNull());
        QVERIFY(!shown.view->isFollowing());
    }

    void aMillionFramesAreScrolledByDecodingOnlyWhatIsVisible()
    {
        const ShownSequence shown(1'000'000);
        const auto rowsOnScreen = static_cast<quint64>(600 / shown.view->rowHeight() + 2);
        int pictures = 0;
        const quint64 before = shown.view->rowsDecoded();
        for (const int place : {0, 1, 250'000, 777'777, shown.lastScroll()}) {
            shown.view->verticalScrollBar()->setValue(place);
            static_cast<void>(shown.picture());
            ++pictures;
        }
        const quint64 decoded = shown.view->rowsDecoded() - before;
        QVERIFY(decoded > 0);
        QVERIFY2(decoded <= rowsOnScreen * static_cast<quint64>(pictures), qPrintable(QString::number(decoded)));
    }

    void denseRowsAreNotDecodedAtAll()
    {
        const ShownSequence shown(10'000);
        for (int i = 0; i < 20; ++i)
            shown.press(Qt::Key_Minus);
        QCOMPARE(shown.view->rowHeight(), 4);
        const quint64 before = shown.view->rowsDecoded();
        static_cast<void>(shown.picture());
        QCOMPARE(shown.view->rowsDecoded(), before);
        shown.press(Qt::Key_0);
        QVERIFY(shown.view->rowHeight() > 16);
    }

    void zoomingKeepsTheRowUnderThePointer()
    {
        const ShownSequence shown(10'000);
        shown.view->verticalScrollBar()->setValue(5'000);
        const QPoint at = shown.view->arrow(5'009).center();
        QWheelEvent wheel(at, shown.view->viewport()->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::ControlModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(shown.view->viewport(), &wheel);
        QVERIFY(std::abs(shown.view->arrow(5'009).y1() - at.y()) <= shown.view->rowHeight());
    }

    void manyLanesScrollSidewaysAndTheServerStays()
    {
        ShownSequence shown;
        for (std::int32_t process = 1; process <= 40; ++process)
            shown.add(frames::request(1), process);
        shown.update();
        shown.view->verticalScrollBar()->setValue(0);
        shown.view->setFollowing(false);
        QVERIFY(shown.view->horizontalScrollBar()->maximum() > 1000);
        const int server = shown.view->arrow(0).x2();
        shown.view->setCurrentRow(39);
        QVERIFY(shown.view->horizontalScrollBar()->value() > 1000);
        const QLine arrow = shown.view->arrow(39);
        QCOMPARE(arrow.x2(), server);
        QVERIFY(arrow.x1() < shown.view->viewport()->width() - 16); // all of it is in sight
        shown.press(Qt::Key_Home);
        QCOMPARE(shown.view->arrow(0).x2(), server);
    }

    void clearTakesTheSelectionAndTheLanesAway()
    {
        ShownSequence shown(10);
        shown.view->setCurrentRow(3);
        shown.store.clear();
        shown.update();
        QCOMPARE(shown.view->currentRow(), noRow);
        QVERIFY(shown.view->clients().empty());
    }

    void aFrozenViewStaysAsItIs()
    {
        ShownSequence shown(10);
        shown.view->setFrozen(true);
        frames::fill(shown.store, 100);
        shown.view->refresh();
        QVERIFY(shown.view->arrow(15).isNull());
        shown.view->setFrozen(false);
        QCOMPARE(shown.scroll(), shown.lastScroll());
        QVERIFY(!shown.view->arrow(109).isNull());
    }

    void discardedAndLostFramesArePainted()
    {
        ShownSequence shown;
        frames::Event call = frames::request(1);
        call->sequence = 7;
        call.appendTo(shown.store);
        call->sequence = 20;
        call.appendTo(shown.store);
        shown.update();
        const QColor warning = opcodeStyle(FrameRole::Set, shown.view->palette()).colour;
        const int top = shown.view->arrow(1).y1() - shown.view->rowHeight() + 5;
        const QImage image = shown.picture();
        bool isMarked = false;
        for (int y = top - 3; y < top + 3; ++y)
            isMarked = isMarked || image.pixelColor(4, y) == warning;
        QVERIFY(isMarked);
    }

    void hostileFramesArePainted()
    {
        ShownSequence shown;
        frames::Event broken(static_cast<ProxyOpCode>(77), QByteArray("\x05\x00\x00\x00\x4d\xff\xff", 7), 1);
        shown.add(broken, -5);
        frames::Event none(ProxyOpCode::Get, QByteArray(), 2);
        shown.add(none, 0);
        frames::Event answer = frames::answer(99); // of a request that nobody saw
        shown.add(answer, 1);
        shown.update();
        QVERIFY(!shown.picture().isNull());
        QCOMPARE(shown.view->clients().size(), std::size_t(3));
    }
};

QTEST_MAIN(TestSequenceView)
#include "test_sequence_view.moc"
