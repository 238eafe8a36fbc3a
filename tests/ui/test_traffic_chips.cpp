// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_settings.h"

#include "mainwindow/traffic_chips.h"
#include "session/session.h"
#include "trace/traffic_collector.h"
#include "views/traffic_view.h"

#include <demo/demo_objects.h>

#include <decoy/connection.h>
#include <decoy/proxy_server.h>

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

#include <unistd.h>

using namespace decoy::ui;

namespace {

/// A session that keeps few frames, and what counts them.
struct Counted {
    explicit Counted(const std::filesystem::path &folder, std::uint64_t diskCap = 1 << 30)
        : server("chips-" + std::to_string(::getpid()))
    {
        objects.publish(server);
        server.run();
        SessionOptions options;
        options.frames = {.memoryCap = 64 * 1024, .chunkRows = 100, .chunkBytes = 4096};
        options.frames.spillFolder = folder;
        options.frames.diskCap = diskCap;
        options.frames.diskReserve = 0;
        session = std::make_unique<Session>(server, options);
        session->startCapture();
        view = std::make_unique<TrafficView>(session->frames(), session->names());
        chips = std::make_unique<TrafficChips>(*session, *view);
    }
    ~Counted()
    {
        chips.reset();
        view.reset();
        session.reset();
        objects.close();
        server.stop();
    }
    void call(int times)
    {
        const decoy::Connection connection = decoy::connect(server.name());
        const decoy::Proxy counter = connection["counter"];
        for (int i = 0; i < times; ++i)
            (void)counter.get<std::int64_t>("a");
    }
    /// Whether the tool tip of a number says this.
    [[nodiscard]] bool says(const QString &text) const
    {
        const auto columns = chips->findChildren<QWidget *>();
        return std::ranges::any_of(columns, [&](const QWidget *one) { return one->toolTip().contains(text); });
    }

    decoy::demo::DemoObjects objects;
    decoy::ProxyServer server;
    std::unique_ptr<Session> session;
    std::unique_ptr<TrafficView> view;
    std::unique_ptr<TrafficChips> chips;
};

} // namespace

class TestTrafficChips : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theToolTipSaysWhatIsInMemoryAndWhatIsOnDisk();
    void withoutADiskItIsSaidOnceThatFramesAreGivenUpAndWhy();
    void aFullDiskCapIsSaidToo();

private:
    OwnSettings m_settings;
};

void TestTrafficChips::theToolTipSaysWhatIsInMemoryAndWhatIsOnDisk()
{
    const QTemporaryDir folder(QDir::currentPath() + QStringLiteral("/chips-XXXXXX"));
    if (!whyUnfitForFrames(folder.path().toStdString()).empty())
        QSKIP("The tests' folder cannot hold frames");
    Counted counted(folder.path().toStdString());
    QSignalSpy givenUp(counted.chips.get(), &TrafficChips::framesGivenUp);
    QVERIFY(counted.says(QStringLiteral("0 B on disk")));
    counted.call(3000);
    QTRY_VERIFY(counted.session->frames().storage().disk > 0);
    QTRY_VERIFY(counted.says(QStringLiteral("on disk of at most")));
    QVERIFY(!counted.says(QStringLiteral("0 B on disk")));
    QVERIFY(givenUp.isEmpty());
}

void TestTrafficChips::withoutADiskItIsSaidOnceThatFramesAreGivenUpAndWhy()
{
    Counted counted({});
    QSignalSpy givenUp(counted.chips.get(), &TrafficChips::framesGivenUp);
    counted.call(3000);
    QTRY_COMPARE(givenUp.size(), 1);
    const QString why = givenUp.front().front().toString();
    QVERIFY2(why.contains(QStringLiteral("no folder is set")), qPrintable(why));
    QTRY_VERIFY(counted.says(QStringLiteral("frames were given up")));
    counted.call(3000);
    QTRY_COMPARE(counted.session->collector().counts().lag(),
                 0U); // what is still on its way would come after clearFrames()
    QVERIFY(counted.session->frames().discarded() > 5000);
    QCOMPARE(givenUp.size(), 1);

    counted.session->clearFrames(); // from here on it would be news again
    QTRY_VERIFY(!counted.says(QStringLiteral("frames were given up")));
    counted.call(3000);
    QTRY_COMPARE(givenUp.size(), 2);
}

void TestTrafficChips::aFullDiskCapIsSaidToo()
{
    const QTemporaryDir folder(QDir::currentPath() + QStringLiteral("/chips-XXXXXX"));
    if (!whyUnfitForFrames(folder.path().toStdString()).empty())
        QSKIP("The tests' folder cannot hold frames");
    Counted counted(folder.path().toStdString(), 100 * 1024);
    QSignalSpy givenUp(counted.chips.get(), &TrafficChips::framesGivenUp);
    counted.call(5000);
    QTRY_COMPARE(givenUp.size(), 1);
    const QString why = givenUp.front().front().toString();
    QVERIFY2(why.contains(QStringLiteral("of disk")), qPrintable(why));
}

QTEST_MAIN(TestTrafficChips)
#include "test_traffic_chips.moc"
