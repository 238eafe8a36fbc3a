// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lessons.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

Lesson frameAnatomyLesson()
{
    return {
        LessonKind::Anatomy,
        u"frame-anatomy"_s,
        u"The anatomy of a frame"_s,
        u"One real call, and what each of its bytes is for."_s,
        {u"counter"_s},
        {
            {u"Make a call"_s,
             u"The monitor serves a counter to other processes. A client that calls it sends one message to the server and "
             "gets one back. Such a message is a frame; every line of the table will be one."_s,
             u"Let the monitor, as a client like any other, call add(5)."_s, u"Call counter.add(5)"_s,
             LessonAction::CallAdd, LessonGoal::CallAnswered, LessonPlace::Traffic},
            {u"Four bytes of length"_s,
             u"Here is your request, taken apart. Every frame begins with the length of what follows, in four bytes, the most "
             "significant first. They do not count themselves."_s,
             u"Click the length prefix: in the list, or among the bytes."_s, u"Show it to me"_s,
             LessonAction::ShowPrefix, LessonGoal::PrefixSelected, LessonPlace::Frame},
            {u"The opcode"_s,
             u"The rest is one MessagePack value: an array of two. Its first member says what is wanted: 0\u00a0GET, 1\u00a0SET, "
             "2\u00a0EXECUTE. Answers have negative numbers: -1\u00a0RESULT, -2\u00a0PENDING."_s,
             u"Click the opcode."_s, u"Show it to me"_s, LessonAction::ShowOpcode, LessonGoal::OpcodeSelected,
             LessonPlace::Frame},
            {u"Who, what, with what"_s,
             u"The second member belongs to the opcode. For EXECUTE it is an array of four: the object's number, the method's "
             "name, the arguments in their order, and the arguments that have names."_s,
             u"Click the argument, the 5."_s, u"Show it to me"_s, LessonAction::ShowArgument,
             LessonGoal::ArgumentSelected, LessonPlace::Frame},
            {u"Which frame comes next?"_s,
             u"The server has the request and adds the 5, which takes it a few microseconds. Then it sends a frame back."_s,
             {},
             {},
             LessonAction::None,
             LessonGoal::None,
             LessonPlace::None,
             LessonQuestion{
                 u"Which opcode does that frame have?"_s,
                 {{u"-2, RESPONSE_PENDING"_s,
                   u"Not for a call as quick as this. PENDING is for the client that would wait: on this lane it comes if a call "
                   "still runs after about a millisecond. The next lesson makes one."_s},
                  {u"-1, EXECUTION_RESULT"_s, u"Right. One request, one result: the call is over."_s},
                  {u"2, EXECUTE"_s,
                   u"No. EXECUTE is a request: clients send it. What a server sends has a negative opcode."_s}},
                 1}},
            {u"The result"_s,
             u"A result holds three things: the object that was asked, the value, and an error text, which is nil where all "
             "went well. Its first five bytes tell you already how long it is and that it is an array."_s,
             u"Go to the result: press “.” in the table, or the button “Result” in the panel Frame."_s,
             u"Go to the result"_s, LessonAction::ShowResult, LessonGoal::ResultSelected, LessonPlace::Frame},
        }};
}

} // namespace decoy::ui
