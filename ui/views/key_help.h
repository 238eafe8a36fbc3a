// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace decoy::ui {

/// The keys that work while a view has the focus, beside the commands: each view says its own, next to where it takes them.
struct KeyHelp {
    struct Key {
        QString keys;
        QString does;
    };
    QString view; ///< "Timeline"
    QList<Key> keys;
};

} // namespace decoy::ui
