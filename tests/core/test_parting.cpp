// SPDX-License-Identifier: BSD-3-Clause
#include "memory/parting.h"

#include <QTest>

#include <thread>

#include <sched.h>

using decoy::memory::Parting;

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
        stayed = isSame(allowed(), only) && sched_getcpu() == core;
    })
        .join();
    QVERIFY(stayed);
}

QTEST_GUILESS_MAIN(TestParting)
#include "test_parting.moc"
