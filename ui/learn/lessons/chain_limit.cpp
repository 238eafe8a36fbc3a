// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lessons.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

Lesson chainLimitLesson()
{
    return {
        LessonKind::Chain,
        u"chain-limit"_s,
        u"Chaining, to the limit"_s,
        u"Results that are objects themselves, and why there is an end to it."_s,
        {u"node"_s},
        {
            {u"A result that stays where it is"_s,
             u"Not every result can travel: a node of a tree belongs to its server. So the server sends a proxy instead: the object's "
             "number, its level and its type. Published objects are at level 0, and what they hand out is at level 1."_s,
             u"Ask the published node for its child."_s, u"Call node.child()"_s, LessonAction::AskForChild,
             LessonGoal::ChildOpen, LessonPlace::Chains},
            {u"Up to the limit"_s,
             u"A proxy can hand out proxies too, each one level further from the root. The server counts the levels for each "
             "client, and has a maximum."_s,
             u"Ask each child for its own child, up to the last level."_s, u"Climb"_s, LessonAction::ClimbToLimit,
             LessonGoal::LimitReached, LessonPlace::Chains},
            {u"Which frame comes next?"_s,
             u"The last node of the chain stands at the maximum. Every node has a child, this one as well."_s,
             {},
             {},
             LessonAction::None,
             LessonGoal::None,
             LessonPlace::Chains,
             LessonQuestion{
                 u"You ask it for its child. What does the server answer?"_s,
                 {{u"A result: a proxy one level higher"_s,
                   u"No. That would be one proxy too many; without a limit a client could follow a tree, or a ring, "
                   "for ever, and the server would keep an object for each step."_s},
                  {u"A result: an error"_s,
                   u"Right. The call fails with LimitedProxyChaining. It is an answer like any other: nobody waits, "
                   "and the chain stays as it is."_s},
                  {u"PENDING, and then nothing"_s,
                   u"No. Every request gets its result here, be it an error. A client that hears nothing is a client "
                   "that hangs."_s}},
                 1}},
            {u"One too many"_s,
             u"Try it. The error names the limit. In the table the frame is a RESULT like the others, but marked as failed: "
             "value and error travel in the same frame."_s,
             u"Ask for one more."_s, u"Call child() once more"_s, LessonAction::AskOnceMore, LessonGoal::LimitRefused,
             LessonPlace::Traffic},
            {u"Plain data ends the chain"_s,
             u"The limit is not on how deep the tree is, but on how many proxies follow one another. A result that is plain "
             "data, such as a name, sets the level of the object that was asked back to 0."_s,
             u"Read the name of the last node."_s, u"Read its name"_s, LessonAction::ReadName, LessonGoal::LevelReset,
             LessonPlace::Chains},
        }};
}

} // namespace decoy::ui
