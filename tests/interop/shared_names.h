// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/shared_memory.h>

#include <QStringList>

#include <string>
#include <vector>

#include <sys/types.h>

namespace decoy::test {

/// The file behind the name of shared memory; 0 if the name stands for none.
[[nodiscard]] ino_t fileOf(const std::string &segment);

/// All that the server of this mailbox has in the folder of shared memory, hidden names included. Other servers' names are not ours
/// to judge: tests run side by side.
[[nodiscard]] QStringList namesOfServer(const std::string &segment);

/// Sees a peer unlink the name of a segment, and the server put it back. Begins with its construction.
class NameWatch {
public:
    explicit NameWatch(std::string segment);
    /// Waits until the name was removed and came again. False if that takes too long.
    [[nodiscard]] bool waitUntilPutBack();

private:
    [[nodiscard]] bool waitFor(unsigned what);

    const std::string m_segment;
    const FileDescriptor m_events;
    std::vector<unsigned> m_seen; // what happened to the name, in order
};

} // namespace decoy::test
