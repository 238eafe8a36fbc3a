// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/limits.h>
#include <decoy/proxy.h>
#include <decoy/shared_memory.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace decoy {

/// What describes a proxy of the reference, and all that its peers tell each other: there is no hello on the Duck lane. A value; send
/// it to the process that is to use the object, by whatever way you have.
struct DuckAddress {
    std::uint64_t id = 0;      ///< the root object's
    std::string segment;       ///< name of the shared memory, without a slash
    std::uint32_t bufsize = 0; ///< bytes of that memory
    int maxChainLevel = defaultMaxChainLevel;
    std::int32_t process = 0; ///< of the server, where it is known: its death is then noticed at once. 0 otherwise
    MSGPACK_DEFINE_MAP(id, segment, bufsize, maxChainLevel, process)
};

/// The mailbox that createProxy() opens: named memory with room for one frame, through which one client of the reference's protocol
/// uses one object and what is chained from it. Use one for each client: two of them in one mailbox cannot be told apart.
struct DuckMailbox {
    /// Bytes of the memory, between 64 and 1 GiB; the largest frame, prefix included. 0: the server's Limits::bufsize.
    std::uint32_t bufsize = 0;
    /// Named memory that exists already, to be used instead of new memory; all of it. The name stays yours.
    SharedMemory memory = {};
};

/// A proxy of the root object of a mailbox, of a server of ours or of the reference; it need not run in this process.
///
/// Its calls are answered one at a time; several proxies, threads and processes of ours take turns. Throws ProxyObjectNotFound if
/// there is no such memory, PeerDied if it was a mailbox of one of our servers and is gone, ArgumentError if its size is not what
/// the address says.
///
/// What the protocol cannot do: a call that has timed out after the server had taken it blocks the mailbox until its answer
/// comes (calls meanwhile end with CallTimeout), because a late answer could not be told from another one. If the thread of a
/// reference's server that worked on it is seen to be gone, the mailbox is free again.
/// Source: the reference's Proxy, as it is used in another process.
[[nodiscard]] Proxy openProxy(const DuckAddress &address, std::chrono::milliseconds timeout = defaultCallTimeout);

} // namespace decoy
