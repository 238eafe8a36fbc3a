// SPDX-License-Identifier: BSD-3-Clause
#include "support/process.h"

#include <QTest>

using namespace decoy::test;

/// The programs in README.md, taken from there when this was built, do what is said of them.
class TestReadme : public QObject {
    Q_OBJECT

private slots:
    void aCrashCostsTheIsolatedProcessOnly();
    void aPondCallsItsListeners();
};

void TestReadme::aCrashCostsTheIsolatedProcessOnly()
{
    const RuntimeDirectory runtime;
    const Outcome outcome = run(README_ISOLATED, {});
    QCOMPARE(outcome.output, QByteArray("the server \"office\" died\n3\n"));
    QCOMPARE(outcome.status, 0);
}

void TestReadme::aPondCallsItsListeners()
{
    const RuntimeDirectory runtime;
    const Outcome outcome = run(README_CALLBACKS, {});
    QCOMPARE(outcome.output, QByteArray("Ada makes it 1\nBert makes it 2\n"));
    QCOMPARE(outcome.status, 0);
}

QTEST_GUILESS_MAIN(TestReadme)
#include "test_readme.moc"
