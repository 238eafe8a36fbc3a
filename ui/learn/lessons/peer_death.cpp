// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lessons.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

Lesson peerDeathLesson()
{
    return {
        LessonKind::Death,
        u"peer-death"_s,
        u"When a peer dies"_s,
        u"A client killed in the middle of a call, then a server. Nothing hangs."_s,
        {u"lab"_s},
        {
            {u"A client in the middle of a call"_s,
             u"A worker is a process of its own that uses this server. This one calls lab.sleep(10) again and again, so it waits, and its request "
             "has no result: only PENDING, which says that somebody is at it."_s,
             u"Start the worker."_s, u"Start a worker"_s, LessonAction::StartWorker, LessonGoal::WorkerWaits,
             LessonPlace::Traffic},
            {u"What will the server notice?"_s,
             u"Soon the worker gets SIGKILL. It cannot catch that signal, so it will not say goodbye, close anything or tidy "
             "up."_s,
             {},
             {},
             LessonAction::None,
             LessonGoal::None,
             LessonPlace::None,
             LessonQuestion{
                 u"When does the server learn that the worker is dead?"_s,
                 {{u"When a heartbeat is missing"_s,
                   u"There are no heartbeats: they cost time while all is well, and are slow when it is not."_s},
                  {u"When sleep(10) is over"_s,
                   u"No. The method itself cannot be interrupted, but the server need not wait for it to let go of the client."_s},
                  {u"At once, from the kernel"_s,
                   u"Right. Beside the shared memory each client has a socket. However a process ends, the kernel closes its "
                   "sockets, and that wakes the other side."_s}},
                 2}},
            {u"Kill it"_s,
             u"Its row tells how it ended and which call it was in. The server has released what the worker held, and the other "
             "clients have noticed nothing."_s,
             u"Send SIGKILL to the worker."_s, u"Kill the worker"_s, LessonAction::KillWorker, LessonGoal::WorkerDied,
             LessonPlace::Workers},
            {u"Now the other way round"_s,
             u"A server can die as well. The lesson starts a second one, in a process of its own, and calls its lab.sleep(60). "
             "The caller is willing to wait a whole minute for the answer."_s,
             u"Start a server and call it."_s, u"Start a server"_s, LessonAction::StartServer,
             LessonGoal::ServerCallWaits, LessonPlace::None},
            {u"Kill the server"_s,
             u"The call does not wait for its minute. The same socket tells the client, and the call ends with PeerDied: an error "
             "that a program can catch, and that says what to do next, which is to connect again."_s,
             u"Send SIGKILL to that server."_s, u"Kill the server"_s, LessonAction::KillServer,
             LessonGoal::ServerCallFailed, LessonPlace::None},
        }};
}

} // namespace decoy::ui
