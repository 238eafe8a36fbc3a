// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_bytes.h"
#include "models/problem_model.h"
#include "models/statistics_tables.h"
#include "theme/opcode_style.h"
#include "theme/theme.h"
#include "trace/frame_names.h"
#include "trace/problem_analyser.h"
#include "trace/traffic_statistics.h"
#include "views/flat_table.h"
#include "views/latency_chart.h"
#include "views/problems_panel.h"
#include "views/rate_chart.h"
#include "views/statistics_view.h"

#include <decoy/proxy_server.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

using ReportingMode = QAbstractItemModelTester::FailureReportingMode;

struct Shown {
    Shown()
    {
        store.setObserver(&statistics);
        decoy::ObjectInfo account;
        account.id = 1;
        account.type = "Account";
        statistics.learnObjects({account});
        view.resize(1000, 640);
        view.setFilterAvailable(true);
    }
    void call(const std::string &method, int times, std::int64_t latency = 50'000)
    {
        for (int i = 0; i < times; ++i) {
            const std::uint64_t id = ++lastCall;
            frames::Event request = frames::request(id, method);
            frames::Event result = frames::answer(id);
            result->latency = latency;
            request->time = result->time = time += 20'000'000;
            request.appendTo(store);
            result.appendTo(store);
        }
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return view.methods()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList list;
        for (int row = 0; row < view.methods()->model()->rowCount(); ++row)
            list += cell(row, methodColumns::method);
        return list;
    }

    std::int64_t time = 100'000'000'000;
    std::uint64_t lastCall = 0;
    TrafficStatistics statistics;
    FrameStore store;
    FrameNames names_;
    StatisticsView view{statistics, names_};
};

void showAndWait(QWidget &widget)
{
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

MethodRow method(const QString &name, quint64 calls)
{
    MethodRow row;
    row.member = name;
    row.calls = calls;
    return row;
}

Problem problem(const std::string &member, ProblemSeverity severity, std::uint64_t count = 1)
{
    return {.kind = ProblemKind::SlowMethod,
            .severity = severity,
            .member = member,
            .count = count,
            .first = 1,
            .last = 5,
            .frame = 3};
}

} // namespace

class TestStatisticsView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void methodsAppearWithTheirNumbers();
    void rowsStayWhereTheyAreWhileNumbersChange();
    void aSelectedMethodStaysSelectedWhenRowsAreSorted();
    void theHistogramShowsTheSelectedMethod();
    void ratesAreDrawnSecondBySecond();
    void aMethodCanBecomeTheFilter();
    void theSlowestCallCanBeReached();
    void nothingIsDoneWhileItCannotBeSeen();
    void withoutFramesItSaysWhy();
    void aRowCanBeCopied();
    void columnsGiveWayInsteadOfScrolling();
    void whichColumnsAreWantedIsKept();
    void numbersGrowWithTheText();
    void bothThemesAreFollowed();
    void theTableModelKeepsItsPromises();
    void theProblemModelKeepsItsPromises();
    void theGravestProblemsComeFirst();
    void problemsAreListedAndEnterGoesToTheFrame();
};

void TestStatisticsView::methodsAppearWithTheirNumbers()
{
    Shown shown;
    shown.call("deposit", 30);
    shown.call("withdraw", 10, 2'000'000);
    showAndWait(shown.view);
    QCOMPARE(shown.names(), (QStringList{u"Account.deposit"_s, u"Account.withdraw"_s})); // the busiest first
    QCOMPARE(shown.cell(0, methodColumns::calls), u"30"_s);
    QCOMPARE(shown.cell(1, methodColumns::p99), u"2.00 ms"_s);
    QVERIFY(shown.cell(0, methodColumns::kind).contains(u"EXECUTE"_s));
    QCOMPARE(shown.view.talkers()->model()->rowCount(), 1);
    QCOMPARE(shown.view.talkers()->model()->index(0, 0).data().toString(), u"4711"_s);
    QCOMPARE(shown.view.errors()->model()->rowCount(), 0);
}

void TestStatisticsView::rowsStayWhereTheyAreWhileNumbersChange()
{
    Shown shown;
    shown.call("deposit", 30);
    shown.call("withdraw", 10);
    showAndWait(shown.view);
    shown.call("withdraw", 100);
    shown.call("close", 1000);
    shown.view.refresh();
    QCOMPARE(shown.names(), (QStringList{u"Account.deposit"_s, u"Account.withdraw"_s, u"Account.close"_s}));
    QCOMPARE(shown.cell(1, methodColumns::calls), u"110"_s);
    shown.view.methods()->sortByColumn(methodColumns::calls, Qt::DescendingOrder);
    QCOMPARE(shown.names(), (QStringList{u"Account.close"_s, u"Account.withdraw"_s, u"Account.deposit"_s}));
}

void TestStatisticsView::aSelectedMethodStaysSelectedWhenRowsAreSorted()
{
    Shown shown;
    shown.call("deposit", 30);
    shown.call("withdraw", 10, 7'000'000);
    showAndWait(shown.view);
    shown.view.methods()->selectRow(1);
    shown.view.methods()->sortByColumn(methodColumns::p99, Qt::DescendingOrder);
    QCOMPARE(shown.view.methods()->currentIndex().row(), 0);
    QCOMPARE(shown.view.latency().title(), u"Account.withdraw"_s);
}

void TestStatisticsView::theHistogramShowsTheSelectedMethod()
{
    Shown shown;
    shown.call("deposit", 30, 1'000'000);
    shown.call("withdraw", 10, 1'000);
    showAndWait(shown.view);
    QCOMPARE(shown.view.latency().title(), u"Account.deposit"_s); // the busiest is chosen at first
    const auto highest = [&shown] {
        QPointF top;
        for (const QPointF &point : shown.view.latency().outline())
            top = point.y() > top.y() ? point : top;
        return top;
    };
    QCOMPARE(highest().y(), 30.0);
    QVERIFY(std::abs(highest().x() - 6) < 0.1); // 10^6 ns
    shown.view.methods()->selectRow(1);
    QCOMPARE(highest().y(), 10.0);
    QVERIFY(std::abs(highest().x() - 3) < 0.1);
}

void TestStatisticsView::ratesAreDrawnSecondBySecond()
{
    Shown shown;
    shown.call("deposit", 100); // 50 calls a second, for two seconds
    showAndWait(shown.view);
    const QList<QPointF> calls = shown.view.rates().points(1);
    QCOMPARE(calls.size(), 60);
    double sum = 0;
    for (const QPointF &point : calls)
        sum += point.y();
    QCOMPARE(sum, 100.0);
    QCOMPARE(calls.at(58).y(), 50.0);
}

void TestStatisticsView::aMethodCanBecomeTheFilter()
{
    Shown shown;
    shown.call("deposit", 3);
    frames::Event(decoy::ProxyOpCode::Get,
                  frames::packed(decoy::ProxyOpCode::Get, {decoy::Value(1), decoy::Value("balance")}))
        .appendTo(shown.store);
    showAndWait(shown.view);
    QSignalSpy filters(&shown.view, &StatisticsView::filterRequested);
    shown.view.methods()->setFocus();
    shown.view.methods()->selectRow(0);
    QTest::keyClick(shown.view.methods(), Qt::Key_Return);
    QCOMPARE(filters.count(), 1);
    QCOMPARE(filters.last().first().toString(), u"type == \"Account\" && method == \"deposit\""_s);
    shown.view.methods()->selectRow(1);
    QTest::keyClick(shown.view.methods(), Qt::Key_Return);
    QCOMPARE(filters.last().first().toString(), u"type == \"Account\" && attr == \"balance\""_s);
}

void TestStatisticsView::theSlowestCallCanBeReached()
{
    Shown shown;
    shown.call("deposit", 3, 1000);
    shown.call("deposit", 1, 9'000'000);
    shown.call("deposit", 3, 1000);
    shown.view.setFilterAvailable(false); // then Enter goes to a frame
    showAndWait(shown.view);
    QSignalSpy frames(&shown.view, &StatisticsView::frameRequested);
    shown.view.methods()->setFocus();
    QTest::keyClick(shown.view.methods(), Qt::Key_Return);
    QCOMPARE(frames.count(), 1);
    QCOMPARE(frames.last().first().value<Row>(), Row(7));
}

void TestStatisticsView::nothingIsDoneWhileItCannotBeSeen()
{
    Shown shown;
    shown.call("deposit", 3);
    QSignalSpy changes(shown.view.methods()->model(), &QAbstractItemModel::modelReset);
    shown.view.setCapturing(true);
    auto *timer = shown.view.findChild<QTimer *>();
    QCOMPARE(timer, nullptr); // the only one is a member, and has no parent
    QCOMPARE(shown.names(), QStringList());
    showAndWait(shown.view);
    QCOMPARE(shown.names().size(), 1);
    shown.view.hide();
    shown.call("withdraw", 3);
    shown.view.setCapturing(false);
    QCOMPARE(shown.names().size(), 1);
    showAndWait(shown.view);
    QCOMPARE(shown.names().size(), 2);
}

void TestStatisticsView::withoutFramesItSaysWhy()
{
    Shown shown;
    showAndWait(shown.view);
    QVERIFY(!shown.view.methods()->isVisible());
    shown.call("deposit", 3);
    QTRY_VERIFY(shown.view.methods()->isVisible()); // by itself
    shown.store.clear();
    QTRY_VERIFY(!shown.view.methods()->isVisible());
}

void TestStatisticsView::aRowCanBeCopied()
{
    Shown shown;
    shown.call("deposit", 3);
    showAndWait(shown.view);
    shown.view.methods()->setFocus();
    QTest::keyClick(shown.view.methods(), Qt::Key_C, Qt::ControlModifier);
    const QString text = QApplication::clipboard()->text();
    QVERIFY2(text.contains(u"Account.deposit\t3\t"_s), qPrintable(text));
}

void TestStatisticsView::columnsGiveWayInsteadOfScrolling()
{
    Shown shown;
    shown.call("deposit", 30);
    showAndWait(shown.view);
    const auto isShown = [&](int column) { return !shown.view.methods()->isColumnHidden(column); };
    for (const int width : {480, 560, 800, 1000, 1600}) {
        shown.view.resize(width, 640);
        for (const FlatTable *table : shown.view.tables())
            QTRY_VERIFY2(table->horizontalHeader()->length() <= table->viewport()->width(),
                         qPrintable(table->accessibleName()));
        for (const int column : {methodColumns::kind, methodColumns::method, methodColumns::calls,
                                 methodColumns::errors, methodColumns::p99})
            QVERIFY(isShown(column));
        QCOMPARE(isShown(methodColumns::min), width >= 1000);
        QCOMPARE(isShown(methodColumns::p50), width >= 800);
    }
}

void TestStatisticsView::whichColumnsAreWantedIsKept()
{
    Shown shown;
    shown.view.resize(560, 640);
    showAndWait(shown.view);
    FlatTable *table = shown.view.tables().front();
    QVERIFY(table->isColumnHidden(methodColumns::min));
    Q_EMIT table->horizontalHeader()->customContextMenuRequested({10, 10});
    auto *menu = table->findChild<QMenu *>();
    QVERIFY(menu);
    menu->actions().at(methodColumns::min)->trigger();
    menu->close();
    QVERIFY(!table->isColumnHidden(methodColumns::min));
    Shown other;
    QVERIFY(other.view.tables().front()->restoreColumns(table->saveColumns()));
    other.view.resize(560, 640);
    showAndWait(other.view);
    QVERIFY(!other.view.methods()->isColumnHidden(methodColumns::min));
    other.view.tables().front()->resetColumns();
    QVERIFY(other.view.methods()->isColumnHidden(methodColumns::min));
}

void TestStatisticsView::numbersGrowWithTheText()
{
    Shown shown;
    shown.call("deposit", 30);
    showAndWait(shown.view);
    const QFont before = QApplication::font();
    const QModelIndex calls = shown.view.methods()->model()->index(0, methodColumns::calls);
    const double size = calls.data(Qt::FontRole).value<QFont>().pointSizeF();
    const int width = shown.view.methods()->columnWidth(methodColumns::calls);
    QFont larger = before;
    larger.setPointSizeF(2 * before.pointSizeF());
    QApplication::setFont(larger);
    QVERIFY(calls.data(Qt::FontRole).value<QFont>().pointSizeF() > 1.7 * size);
    QTRY_VERIFY2(shown.view.methods()->columnWidth(methodColumns::calls) > 1.7 * width,
                 qPrintable(QString::number(shown.view.methods()->columnWidth(methodColumns::calls))));
    QApplication::setFont(before);
    QTRY_VERIFY(std::abs(shown.view.methods()->columnWidth(methodColumns::calls) - width) <= 1);
    for (const int column :
         {methodColumns::min, methodColumns::mean, methodColumns::max}) // those that gave way are there again
        QVERIFY(shown.view.methods()->columnWidth(column) > 40);
}

void TestStatisticsView::bothThemesAreFollowed()
{
    Shown shown;
    shown.call("deposit", 300);
    showAndWait(shown.view);
    for (const QPalette &palette : {lightPalette(), darkPalette()}) {
        QApplication::setPalette(palette);
        const QColor line = accentColour(palette);
        const auto isDrawn = [&] {
            const QImage picture = shown.view.grab().toImage();
            bool hasLine = false;
            for (int y = 0; y < picture.height() / 2; ++y) {
                for (int x = 0; x < picture.width() / 2; ++x)
                    hasLine = hasLine || picture.pixelColor(x, y) == line;
            }
            return hasLine && picture.pixelColor(picture.width() / 4, 4) == palette.color(QPalette::Base);
        };
        QTRY_VERIFY(isDrawn());
    }
    QApplication::setPalette(lightPalette());
}

void TestStatisticsView::theTableModelKeepsItsPromises()
{
    const std::unique_ptr<MethodTable> table(makeMethodTable(nullptr));
    const QAbstractItemModelTester tester(table.get(), ReportingMode::QtTest);
    table->sort(methodColumns::calls, Qt::DescendingOrder);
    table->setRows({method(u"a"_s, 1), method(u"b"_s, 5)}, 0);
    QCOMPARE(table->row(0).member, u"b"_s);
    const QPersistentModelIndex a = table->index(1, 0);
    table->setRows({method(u"a"_s, 10), method(u"b"_s, 5), method(u"c"_s, 7)}, 0);
    QCOMPARE(table->row(2).member, u"c"_s);
    QCOMPARE(a.row(), 1);
    table->sortAgain();
    QCOMPARE(a.row(), 0);
    table->sort(methodColumns::method, Qt::AscendingOrder);
    QCOMPARE(table->row(2).member, u"c"_s);
    table->setRows({method(u"z"_s, 1)}, 1); // cleared meanwhile
    QCOMPARE(table->rowCount(), 1);
    QVERIFY(!a.isValid());
    table->setRows({}, 2);
    QCOMPARE(table->rowCount(), 0);

    const std::unique_ptr<TalkerTable> talkers(makeTalkerTable(nullptr));
    const QAbstractItemModelTester talkerTester(talkers.get(), ReportingMode::QtTest);
    talkers->setRows({{{.process = 1}, u"one"_s}, {{.process = 2}, u"two"_s}}, 0);
    talkers->setRows({}, 1);
    const std::unique_ptr<ErrorTable> errors(makeErrorTable(nullptr));
    const QAbstractItemModelTester errorTester(errors.get(), ReportingMode::QtTest);
    errors->setRows({{{.type = "LabFailure", .message = "no", .count = 3}, u"Lab.fail"_s, u"one"_s}}, 0);
    QVERIFY(errors->index(0, 0).data().toString().contains(u"LabFailure"_s));
    errors->setRows({}, 1);
}

void TestStatisticsView::theProblemModelKeepsItsPromises()
{
    const FrameNames names;
    ProblemModel model(names);
    const QAbstractItemModelTester tester(&model, ReportingMode::QtTest);
    model.setProblems({problem("a", ProblemSeverity::Warning), problem("b", ProblemSeverity::Warning)});
    const QPersistentModelIndex b = model.index(1, 0);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setProblems({problem("a", ProblemSeverity::Warning), problem("b", ProblemSeverity::Warning, 9)});
    QCOMPARE(changes.count(), 1);
    model.setProblems({problem("b", ProblemSeverity::Warning, 9), problem("c", ProblemSeverity::Note)});
    QCOMPARE(b.row(), 0);
    QCOMPARE(model.rowCount(), 2);
    model.setProblems({});
    QCOMPARE(model.rowCount(), 0);
}

void TestStatisticsView::theGravestProblemsComeFirst()
{
    const FrameNames names;
    ProblemModel model(names);
    model.setProblems({problem("note", ProblemSeverity::Note), problem("warning", ProblemSeverity::Warning)});
    model.setProblems({problem("note", ProblemSeverity::Note), problem("warning", ProblemSeverity::Warning),
                       problem("error", ProblemSeverity::Error)});
    QCOMPARE(model.index(0, ProblemModel::Severity).data().toString(), u"✕ Error"_s);
    QCOMPARE(model.index(1, ProblemModel::Severity).data().toString(), u"▲ Warning"_s);
    QCOMPARE(model.index(2, ProblemModel::Severity).data().toString(), u"• Note"_s);
}

void TestStatisticsView::problemsAreListedAndEnterGoesToTheFrame()
{
    TrafficStatistics statistics;
    FrameStore store;
    store.setObserver(&statistics);
    const FrameNames names;
    ProblemAnalyser analyser(store, statistics, {});
    ProblemsPanel panel(analyser, names);
    panel.resize(900, 260);
    showAndWait(panel);
    QVERIFY(!panel.table()->isVisible());
    QSignalSpy titles(&panel, &ProblemsPanel::titleChanged);
    frames::fill(store, 10);
    const frames::Event get(decoy::ProxyOpCode::Get,
                            frames::packed(decoy::ProxyOpCode::Get, {decoy::Value(1), decoy::Value("a")}));
    for (int i = 0; i < 50; ++i)
        get.appendTo(store);
    analyser.noteFrames();
    QTRY_COMPARE(panel.title(), u"Problems (1)"_s);
    QCOMPARE(titles.count(), 1);
    QVERIFY(panel.table()->isVisible());
    QVERIFY(panel.advice().contains(u"Read it once"_s));
    QSignalSpy frames(&panel, &ProblemsPanel::frameRequested);
    panel.table()->setFocus();
    QTest::keyClick(panel.table(), Qt::Key_Return);
    QCOMPARE(frames.count(), 1);
    QCOMPARE(frames.first().first().value<Row>(), Row(10));

    panel.resize(560, 150); // what a window of 1100 pixels leaves
    QTRY_VERIFY(panel.table()->isColumnHidden(ProblemModel::Last));
    QVERIFY(panel.table()->columnWidth(ProblemModel::Title) > panel.table()->columnWidth(ProblemModel::Severity));
    const auto *goToFrame = panel.findChild<QToolButton *>();
    QVERIFY(panel.rect().contains(QRect(goToFrame->mapTo(&panel, QPoint()), goToFrame->size())));
}

QTEST_MAIN(TestStatisticsView)
#include "test_statistics_view.moc"
