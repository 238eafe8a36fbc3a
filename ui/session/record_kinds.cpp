// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/record_kinds.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

const std::array<RecordKind, 7> &recordKinds()
{
    static const std::array<RecordKind, 7> kinds = {{
        {RecordRules::Gets, "gets"_L1, u"&gets"_s, u"↓"_s, u"Reads of attributes, with their results"_s},
        {RecordRules::Sets, "sets"_L1, u"&sets"_s, u"↑"_s, u"Writes of attributes, with their results"_s},
        {RecordRules::Calls, "calls"_L1, u"&calls"_s, u"►"_s, u"Calls of methods, with their results"_s},
        {RecordRules::Releases, "releases"_L1, u"re&leases"_s, u"►"_s,
         u"What a client sends when it needs a proxy no longer"_s},
        {RecordRules::Pending, "PENDING"_L1, u"&PENDING"_s, u"…"_s,
         u"The frames that say that a call is still being worked on"_s},
        {RecordRules::Events, "events"_L1, u"e&vents"_s, u"♪"_s,
         u"What clients that have subscribed to it are told of"_s},
        {RecordRules::Callbacks, "callbacks"_L1, u"call&backs"_s, u"←"_s,
         u"Calls of the server to what clients have lent, with their results"_s},
    }};
    return kinds;
}

} // namespace decoy::ui
