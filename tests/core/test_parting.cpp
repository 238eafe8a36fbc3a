// SPDX-License-Identifier: BSD-3-Clause
#include "memory/parting.h"
#include "memory/placement.h"

#include <QTest>

#include <climits>
#include <thread>

#include <sched.h>

using namespace decoy::memory;

namespace {

cpu_set_t allowed()
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    sched_getaffinity(0, sizeof cores, &cores);
    return cores;
}

bool isSame(const cpu_set_t &one, const cpu_set_t &other) { return CPU_EQUAL(&one, &other) != 0; }

} // namespace

/// A thread that is moved away from its peer's core. Whether there is a free one is the system's to say, so what is promised is what must not happen.
class TestParting : public QObject {
    Q_OBJECT

private slots:
    void itMayRunAfterwardsWhereItMightBefore();
    void aThreadWithOneCoreStaysThere();
    void aThreadGoesOnWhereItIsTold();
    void whatIsNoCoreOfItsOwnMovesNoThread_data();
    void whatIsNoCoreOfItsOwnMovesNoThread();
};

void TestParting::itMayRunAfterwardsWhereItMightBefore()
{
    const cpu_set_t before = allowed();
    Parting parting;
    for (int wait = 0; wait < 1000; ++wait) {
        parting.waitBegins(wait % 100 != 0);
        QVERIFY(isSame(allowed(), before));
    }
}

void TestParting::aThreadWithOneCoreStaysThere()
{
    cpu_set_t only;
    CPU_ZERO(&only);
    const int core = sched_getcpu();
    CPU_SET(static_cast<std::size_t>(core), &only);
    bool stayed = false;
    std::thread([&] { // which ends with its affinity
        sched_setaffinity(0, sizeof only, &only);
        Parting parting;
        for (int wait = 0; wait < 1000; ++wait)
            parting.waitBegins(true);
        bool moved = false;
        for (int other = 0; other < CPU_SETSIZE; ++other)
            moved |= moveToCore(other);
        stayed = !moved && isSame(allowed(), only) && sched_getcpu() == core;
    })
        .join();
    QVERIFY(stayed);
}

void TestParting::aThreadGoesOnWhereItIsTold()
{
    const cpu_set_t before = allowed();
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (!CPU_ISSET(static_cast<std::size_t>(core), &before))
            continue;
        bool wasThere = sched_getcpu() == core;
        for (int attempt = 0; attempt < 1000 && !wasThere; ++attempt) // the system may move it on at any time
            wasThere = moveToCore(core) && sched_getcpu() == core;
        QVERIFY(wasThere);
        QVERIFY(isSame(allowed(), before));
    }
}

void TestParting::whatIsNoCoreOfItsOwnMovesNoThread_data()
{
    QTest::addColumn<int>("core");
    QTest::newRow("none") << -1;
    QTest::newRow("less than none") << INT_MIN;
    QTest::newRow("more than can be named") << CPU_SETSIZE;
    QTest::newRow("any number") << INT_MAX;
}

void TestParting::whatIsNoCoreOfItsOwnMovesNoThread()
{
    QFETCH(int, core);
    const cpu_set_t before = allowed();
    QVERIFY(!moveToCore(core));
    QVERIFY(isSame(allowed(), before));
}

QTEST_GUILESS_MAIN(TestParting)
#include "test_parting.moc"
