// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/record_rules.h"

#include <QLatin1String>
#include <QString>

#include <array>

namespace decoy::ui {

/// A kind of request as it is called, offered and explained wherever one chooses what is recorded.
struct RecordKind {
    RecordRules::Kind kind;
    QLatin1String name; ///< "gets"; also in the settings, so it never changes
    QString label;      ///< "&gets", with its key
    QString sign;       ///< as its frames have it
    QString meaning;
};

/// All of them, in the order in which they are offered.
[[nodiscard]] const std::array<RecordKind, 7> &recordKinds();

} // namespace decoy::ui
