// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lessons.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

Lesson requestPendingResultLesson()
{
    return {
        LessonKind::Mailbox,
        u"request-pending-result"_s,
        u"Request, PENDING, result"_s,
        u"A mailbox of shared memory, written by hand, one byte after the other."_s,
        {u"lab"_s},
        {
            {u"A mailbox"_s,
             u"A peer that speaks only the Duck protocol shares a piece of memory with the server: a mailbox. It holds one frame "
             "and nothing else. Client and server take turns in it, and each looks until the other has written."_s,
             u"Open a real mailbox of 64 bytes to the object “lab”. You are its client."_s, u"Open a mailbox"_s,
             LessonAction::OpenMailbox, LessonGoal::MailboxOpen, LessonPlace::Mailbox},
            {u"The request, but not its length"_s,
             u"Memory has no “send”: the server may look between any two bytes that you write. So write the request first and "
             "leave the length at 0. To the server the mailbox is still empty."_s,
             u"Write lab.sleep(3), a call that takes three seconds."_s, u"Write it without its length"_s,
             LessonAction::WriteBody, LessonGoal::BodyWritten, LessonPlace::Mailbox},
            {u"Which frame comes next?"_s,
             u"Next you write the length, and the server will see the whole request at once. It will be busy with it for three "
             "seconds."_s,
             {},
             {},
             LessonAction::None,
             LessonGoal::None,
             LessonPlace::Mailbox,
             LessonQuestion{
                 u"Which opcode stands in the mailbox in the meantime?"_s,
                 {{u"2, EXECUTE"_s,
                   u"No. Then nobody could tell a request that waits from one that is being worked on, and the server might take it "
                   "a second time."_s},
                  {u"-2, RESPONSE_PENDING"_s,
                   u"Right. The server marks the request as taken in one step: whoever looks knows that it is being worked on."_s},
                  {u"None: the mailbox is emptied"_s,
                   u"No. An empty mailbox would invite the next request, and there is only room for one."_s}},
                 1}},
            {u"PENDING"_s,
             u"The length completes the request. Watch the sixth byte: the server replaces the opcode 02 by fe, which is -2. The "
             "rest of your request stays where it is."_s,
             u"Write the length."_s, u"Write the length"_s, LessonAction::WriteLength, LessonGoal::RequestTaken,
             LessonPlace::Mailbox},
            {u"The result"_s,
             u"After three seconds the server replaces the frame. It writes the body first and the first eight bytes last, in "
             "one step, so no client sees half a result. What a longer request has left behind is covered with c1, which is "
             "never MessagePack."_s,
             u"Wait for it."_s,
             {},
             LessonAction::None,
             LessonGoal::ResultPublished,
             LessonPlace::Mailbox},
            {u"Read it, and look back"_s,
             u"sleep() returns nothing, so the value is nil, and so is the error. The result stays until you write the next "
             "request: reading changes nothing. Below the bytes you can go back through everything that stood here."_s,
             u"Read the result as a client does."_s, u"Read the result"_s, LessonAction::ReadResult,
             LessonGoal::ResultRead, LessonPlace::Mailbox},
        }};
}

} // namespace decoy::ui
