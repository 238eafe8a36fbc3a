// SPDX-License-Identifier: BSD-3-Clause
#include "one_caller.h"
#include "qt_echo.h"

#include <QMetaObject>

namespace decoy::bench {

namespace {

constexpr Plan plan{50'000, Seconds(2)};

/// What a program would write where there is one process: the least that a call into an object's own thread can cost.
Outcome invokeBlocking(const Conditions &conditions)
{
    QtEchoThread thread;
    QtEcho *object = &thread.object();
    return measure(conditions.adjusted(plan), {}, [object](int round) {
        int result = 0;
        return QMetaObject::invokeMethod(object, "add", Qt::BlockingQueuedConnection, Q_RETURN_ARG(int, result),
                                         Q_ARG(int, round))
            && result == round + 100;
    });
}

} // namespace

Cases qtCases()
{
    const char *description = "int call into a QObject in a thread of its own";
    return {
        {qtPeer, "qobject", description, invokeBlocking},
        {decoyPeer, "qobject", description,
         oneCaller(plan, {.hasQObject = true},
                   [](const Connection &connection) {
                       return [object = connection["qobject"]](int round) { return callWithInt(object, round); };
                   })},
    };
}

} // namespace decoy::bench
