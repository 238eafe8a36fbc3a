// SPDX-License-Identifier: GPL-3.0-or-later
#include "learn/lessons.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

Lesson pollingOrWakingLesson()
{
    return {
        LessonKind::Cost,
        u"polling-or-waking"_s,
        u"Polling, or being woken"_s,
        u"The same call over both lanes, measured on this machine, now."_s,
        {u"lab"_s},
        {
            {u"Two ways to wait"_s,
             u"A mailbox is nothing but memory, and memory tells nobody that it has changed: both sides have to look again and "
             "again. On the native lane a side that has nothing to do sleeps in the kernel, and the other one wakes it."_s,
             {},
             {},
             LessonAction::None,
             LessonGoal::None,
             LessonPlace::None,
             LessonQuestion{
                 u"A call comes after a pause of 20 ms. On which lane is it answered sooner?"_s,
                 {{u"Over the mailbox: nobody has to be woken"_s,
                   u"That holds while both sides look without a pause, which costs a whole processor. After a pause they look less "
                   "often, and the request lies there until the next look."_s},
                  {u"Over the native lane"_s,
                   u"Right. To wake a process takes a while, but less than to wait until somebody happens to look."_s},
                  {u"There is no difference"_s, u"There is, and you can measure it in the next step."_s}},
                 1}},
            {u"Measure it"_s,
             u"The lesson starts a server in a process of its own. It makes the same call a hundred times over each lane, with 20 ms "
             "between two calls. Then it leaves the server alone for a second, once without a mailbox and once with one."_s,
             u"This takes about seven seconds. You can leave whenever you like."_s, u"Measure"_s, LessonAction::Measure,
             LessonGoal::Measured, LessonPlace::None},
            {u"What a call costs"_s,
             u"The upper bars are the medians of the calls, from request to result. Over the mailbox most of that time is spent by "
             "a frame that lies ready while nobody looks. Looking more often would shorten it, and cost more of what the lower "
             "bars show."_s,
             {}},
            {u"What silence costs"_s,
             u"The lower bars show the processor time of the server while nobody called. A server that sleeps uses almost none. One "
             "that has a mailbox must go on looking; this one does so ever more rarely, down to once in 5 ms."_s,
             {}},
        }};
}

} // namespace decoy::ui
