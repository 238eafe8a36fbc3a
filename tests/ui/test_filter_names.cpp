// SPDX-License-Identifier: GPL-3.0-or-later
// Names that filters ask for: where they come from, and that those of objects which live for a moment are known too.
#include "monitor_fixture.h"
#include "own_settings.h"

#include "session/frame_filter.h"
#include "trace/frame_names.h"
#include "views/breakpoint_bar.h"
#include "views/filter_edit.h"
#include "views/held_panel.h"

#include <decoy/connection.h>

#include <QSignalSpy>
#include <QTest>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

ObjectInfo object(quint64 id, const char *name)
{
    ObjectInfo info;
    info.id = id;
    info.name = name;
    info.type = "Node";
    return info;
}

} // namespace

class TestFilterNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { OwnSettings::forget(); }

    void aTypeMatchesChainedObjectsThatNoLookAtTheServerHasFound()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"node"_s));
        quint64 id = 0;
        {
            // The window looks from this thread's event loop, which rests meanwhile.
            const Proxy node = decoy::connect(monitor.server.name())["node"];
            const Proxy child = node.call("child").proxy();
            QCOMPARE(child.get<int>("depth"), 1);
            id = child.id();
        }
        FrameFilter &filter = monitor.session->filter();
        QVERIFY(filter.apply(u"type == Node && attr == depth"_s));
        QTRY_VERIFY(filter.rows() && filter.rows()->size() == 2); // the GET and its result
        QVERIFY(!monitor.session->objects().object({monitor.session->serverName(), id}));
        QCOMPARE(monitor.session->names().object(id), u"Node #%1"_s.arg(id));
    }

    void viewsAreToldOfNamesOnlyWhenThereAreOthers()
    {
        DemoMonitor monitor({}, false);
        QTRY_VERIFY(monitor.knows(u"node"_s));
        const QSignalSpy looks(&monitor.session->objects(), &ObjectWatcher::updated);
        const QSignalSpy told(monitor.session.get(), &Session::namesChanged);
        QTRY_VERIFY(looks.count() >= 3);
        QCOMPARE(told.count(), 0);
        const Proxy node = decoy::connect(monitor.server.name())["node"];
        const Proxy child = node.call("child").proxy();
        QTRY_VERIFY(told.count() > 0);
        QCOMPARE(monitor.session->names().object(child.id()), u"Node #%1"_s.arg(child.id()));
    }

    void manyNamesOfObjectsThatAreGoneDoNotPushOutThoseThatAreThere()
    {
        FrameNames names;
        std::vector<HandedOut> chained;
        for (quint64 id = 10; id < 10 + 3 * quint64(FrameNames::most); ++id) {
            chained.push_back({id, "Node"});
            if (chained.size() < 1000)
                continue;
            names.learnObjects({object(1, "root")}); // as it is at each look
            names.learnHandedOut(chained);
            chained.clear();
        }
        QCOMPARE(names.object(1), u"root"_s);
        QVERIFY(!names.knowsObject(10));
        QCOMPARE(names.object(9 + 3 * quint64(FrameNames::most) - 1000).left(4), u"Node"_s);
        QCOMPARE(names.publishedNames(), QStringList{u"root"_s});
        QCOMPARE(names.typeNames(), QStringList{u"Node"_s});
    }

    void aNameThatIsPublishedLaterTakesThePlaceOfTheNumber()
    {
        FrameNames names;
        names.learnHandedOut({{7, "Node"}});
        QCOMPARE(names.object(7), u"Node #7"_s);
        const quint64 renames = names.renames();
        names.learnObjects({object(7, "leaf")});
        QCOMPARE(names.object(7), u"leaf"_s);
        QCOMPARE(names.renames(), renames + 1);
        names.learnHandedOut({{7, "Node"}});
        QCOMPARE(names.object(7), u"leaf"_s);
    }

    void aBreakpointIsOfferedTheMethodsOfTheTraffic()
    {
        DemoMonitor monitor;
        decoy::connect(monitor.server.name())["counter"].call("add", 5);
        QTRY_VERIFY(monitor.session->frames().endRow() >= 4); // the object was asked for first
        FilterEdit &edit = *monitor.window->held()->breakpoint()->edit();
        QApplication::setActiveWindow(monitor.window.get());
        edit.setFocus();
        QTRY_VERIFY(edit.hasFocus());
        QTest::keyClicks(&edit, u"method == a"_s);
        QCOMPARE(edit.candidates().texts(), QStringList{u"add"_s});
    }

private:
    OwnSettings m_settings;
};

QTEST_MAIN(TestFilterNames)
#include "test_filter_names.moc"
