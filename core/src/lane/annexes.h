// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lane/socket.h"
#include "memory/ring.h"

#include <decoy/pack_buffer.h>
#include <decoy/shared_memory.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace decoy::lane {

/// Annexes: memory beside the ring, for frames that are too large for it.
///
/// The sender makes an annex when it first needs one, as large as a frame may be (pages that were never written cost nothing),
/// sealed like a region, and passes it over the socket once. From then on a record in the ring says which annex holds its frame,
/// and an annex is free again when the receiver has consumed that record. What a frame of more than `largestKept` bytes was in is
/// not used again, and given up at both ends, so that idle connections do not hold much memory.

/// Annexes of one direction at the same time, and so large frames under way.
inline constexpr std::size_t mostAnnexes = 8;
/// Of them those in which frames are being built. What waits for a free one waits for one of the others, which the peer
/// frees by reading.
inline constexpr std::size_t mostLentAnnexes = mostAnnexes / 2;
inline constexpr std::size_t largestKept = 4 * 1024 * 1024;

/// What stands in a record with the flag Annexed, in place of the frame.
struct AnnexedFrame {
    std::uint32_t annex = 0; ///< below mostAnnexes
    std::uint32_t size = 0;  ///< bytes of the frame, which begins where the annex does
};

/// The sender's end. Not thread-safe, but what lend() gave may be destroyed in any thread.
class AnnexWriter {
public:
    /// `bufsize`: what a frame may be large at most. `writer` must outlive this.
    AnnexWriter(memory::RingWriter &writer, std::size_t bufsize) noexcept : m_writer(writer), m_bufsize(bufsize) {}

    /// Whether an annex is free. Throws BrokenPeer.
    [[nodiscard]] bool hasRoom();
    /// A free annex to build a frame in; nothing if there are few. Throws as write().
    [[nodiscard]] std::unique_ptr<PackSpace> lend();
    /// Puts the frame into a free annex, unless it was built in one, and its record into the ring, not yet visible. Full:
    /// there is no free annex, or no room in the ring or in the socket. Throws BrokenPeer, and ProxyError if the system
    /// gives no memory.
    [[nodiscard]] Sent write(const FileDescriptor &socket, std::uint64_t callId, std::uint32_t flags,
                             std::span<const std::byte> frame, std::span<const std::byte> trailer = {});

private:
    struct Annex {
        SharedMemory memory;                 ///< not open: not made yet, or given up
        std::atomic<std::uint64_t> lease{0}; ///< number of the loan while it is lent
        std::uint64_t usedTo = 0;            ///< end of the record that used it last
        bool isAnnounced = false;            ///< the peer has been given it
    };
    class Loan;
    using Annexes = std::array<std::shared_ptr<Annex>, mostAnnexes>; // null: never used

    [[nodiscard]] std::shared_ptr<Annex> *findFree();
    [[nodiscard]] std::shared_ptr<Annex> *findLent(std::span<const std::byte> frame);
    void make(std::shared_ptr<Annex> &annex) const;
    [[nodiscard]] std::uint32_t numberOf(const std::shared_ptr<Annex> &annex) const;
    [[nodiscard]] Sent announce(const FileDescriptor &socket, const std::shared_ptr<Annex> &annex) const;

    memory::RingWriter &m_writer;
    const std::size_t m_bufsize;
    Annexes m_annexes;
    std::uint64_t m_loans = 0;
};

/// Lends the annexes of a writer that `mutex` guards.
class AnnexLender final : public PackLender {
public:
    AnnexLender(std::mutex &mutex, AnnexWriter &annexes, std::size_t largestInRing) noexcept
        : PackLender(largestInRing), m_mutex(mutex), m_annexes(annexes)
    {}
    [[nodiscard]] std::unique_ptr<PackSpace> lend() noexcept override;

private:
    std::mutex &m_mutex;
    AnnexWriter &m_annexes;
};

/// The receiver's end: the peer's annexes. Not thread-safe.
class AnnexReader {
public:
    explicit AnnexReader(std::size_t bufsize) noexcept : m_bufsize(bufsize) {}

    /// Takes what came with a Notice of the kind Annex. Throws BrokenPeer unless it is what AnnexWriter sends.
    void add(Message &message);
    /// Whether the annex of this record, which has the flag Annexed, has come already. Throws BrokenPeer if there can be none such.
    [[nodiscard]] bool has(const memory::Record &record) const;
    /// Copies the frame out; only then may the record be consumed. Throws BrokenPeer.
    void copy(const memory::Record &record, std::vector<std::byte> &frame);

private:
    const std::size_t m_bufsize;
    std::array<SharedMemory, mostAnnexes> m_annexes;
};

} // namespace decoy::lane
