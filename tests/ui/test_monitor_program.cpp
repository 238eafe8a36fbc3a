// SPDX-License-Identifier: GPL-3.0-or-later
// decoy-monitor as a person or a script starts it.
#include <QImage>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>

using namespace Qt::Literals::StringLiterals;

namespace {

/// A run with settings and a runtime folder of its own.
struct Run {
    explicit Run(const QStringList &arguments)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &variable : {u"HOME"_s, u"XDG_CONFIG_HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_RUNTIME_DIR"_s})
            environment.insert(variable, folder.path());
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        process.setProcessEnvironment(environment);
        QStringList all = arguments;
        all.replaceInStrings(u"PICTURE"_s, picturePath());
        process.start(QStringLiteral(DECOY_MONITOR), all);
        hasEnded = process.waitForFinished(60'000);
        errors = QString::fromUtf8(process.readAllStandardError());
    }
    [[nodiscard]] QString picturePath() const { return folder.filePath(u"picture.png"_s); }
    [[nodiscard]] QImage picture() const { return QImage(picturePath()); }

    QTemporaryDir folder;
    QProcess process;
    bool hasEnded = false;
    QString errors;
};

/// How many colours a picture has: a window that shows nothing has few.
int coloursOf(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            colours.insert(image.pixel(x, y));
    }
    return int(colours.size());
}

} // namespace

class TestMonitorProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotUnderstoodIsNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("a filter") << QStringList{u"--filter"_s, u"latency >"_s} << u"--filter latency >: "_s;
        QTest::newRow("a breakpoint") << QStringList{u"--hold"_s, u"latency > 5ms"_s}
                                      << u"--hold latency > 5ms: a breakpoint cannot ask for latency"_s;
        QTest::newRow("a size") << QStringList{u"--size"_s, u"big"_s} << u"--size big: a width and a height"_s;
        QTest::newRow("a tab") << QStringList{u"--tab"_s, u"nowhere"_s} << u"--tab nowhere: there are traffic"_s;
        QTest::newRow("a lesson") << QStringList{u"--learn"_s, u"6"_s} << u"--learn 6: a lesson from 0 to 5"_s;
        QTest::newRow("a step") << QStringList{u"--learn"_s, u"1:x"_s} << u"--learn 1:x: a lesson"_s;
        QTest::newRow("a scenario") << QStringList{u"--worker"_s, u"nobody"_s} << u"no scenario “nobody”"_s;
    }

    void whatIsNotUnderstoodIsNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const Run run(arguments);
        QVERIFY(run.hasEnded);
        QCOMPARE(run.process.exitCode(), 2);
        QVERIFY2(run.errors.contains(says), qPrintable(run.errors));
    }

    void aPictureShowsWhatWasAskedFor()
    {
        const Run run({u"--demo"_s, u"--theme"_s, u"dark"_s, u"--size"_s, u"1100x700"_s, u"--filter"_s,
                       u"opcode == EXECUTE"_s, u"--screenshot"_s, u"PICTURE"_s, u"--quit-after"_s, u"2"_s});
        QVERIFY2(run.hasEnded && run.process.exitCode() == 0, qPrintable(run.errors));
        QCOMPARE(run.picture().size(), QSize(1100, 700));
        QVERIFY(run.picture().pixelColor(1, 1).lightness() < 80);
        QVERIFY2(coloursOf(run.picture()) > 100, qPrintable(QString::number(coloursOf(run.picture()))));
    }

    void everyThemeIsDrawnInFullAtEveryScale_data()
    {
        QTest::addColumn<QString>("theme");
        QTest::addColumn<double>("scale");
        for (const char *theme : {"light", "dark"}) {
            for (const double scale : {1.0, 1.5, 2.0})
                QTest::addRow("%s at %.0f %%", theme, scale * 100) << QString::fromLatin1(theme) << scale;
        }
    }

    void everyThemeIsDrawnInFullAtEveryScale()
    {
        QFETCH(QString, theme);
        QFETCH(double, scale);
        qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
        const Run run({u"--theme"_s, theme, u"--size"_s, u"1200x800"_s, u"--screenshot"_s, u"PICTURE"_s,
                       u"--quit-after"_s, u"1"_s});
        qunsetenv("QT_SCALE_FACTOR");
        const QImage picture = run.picture();
        QCOMPARE(picture.size(), QSize(1200, 800) * scale);
        const bool isDark = theme == u"dark"_s;
        QCOMPARE(picture.pixelColor(picture.width() / 2, picture.height() / 2).lightnessF() < 0.5F, isDark);
        // One physical pixel beside another: a picture that was drawn small and blown up has no such edges of text.
        int edges = 0;
        const QRect toolBar = QRectF(0, 24 * scale, 400 * scale, 36 * scale).toRect();
        for (int y = toolBar.top(); y < toolBar.bottom(); ++y) {
            for (int x = toolBar.left(); x < toolBar.right(); ++x)
                edges += std::abs(picture.pixelColor(x, y).lightness() - picture.pixelColor(x + 1, y).lightness())
                    > 100;
        }
        QVERIFY2(edges > 100 * scale, qPrintable(QString::number(edges)));
    }
};

QTEST_GUILESS_MAIN(TestMonitorProgram)
#include "test_monitor_program.moc"
