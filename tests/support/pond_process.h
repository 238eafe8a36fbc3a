// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"
#include "support/served_process.h"

#include <QStringList>

namespace decoy::test {

/// A server in a process of its own that also serves the pond and the lake of served_pond.h, and a runtime directory for both ends.
class PondProcess : private RuntimeDirectory, public ServedProcess {
public:
    PondProcess() : ServedProcess(QStringList{"pond=1"}) {}
};

} // namespace decoy::test
