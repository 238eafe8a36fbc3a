// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

namespace decoy::ui {

/// Who wrote a byte last.
enum class MailboxWriter : quint8 { Nobody, Client, Server };

/// What a mailbox holds, as its first bytes say.
enum class MailboxState : quint8 {
    Empty,   ///< length 0, and nothing behind it
    Begun,   ///< length 0, but something behind it: a request whose length is missing, or a frame that was taken back
    Request, ///< GET, SET or EXECUTE
    Pending, ///< taken, being worked on
    Writing, ///< length 1: the server is writing the result
    Result,
    Broken ///< no frame
};

/// What stood in a mailbox at one moment.
struct MailboxImage {
    std::vector<std::byte> bytes;
    std::vector<MailboxWriter> writers; ///< of each byte
    std::vector<bool> changed;          ///< since the image before
    MailboxWriter writer = MailboxWriter::Nobody;
    std::chrono::nanoseconds time{}; ///< since the first image
};

[[nodiscard]] MailboxState mailboxState(std::span<const std::byte> bytes) noexcept;
/// "The server marked the request as taken: PENDING": one line about an image.
[[nodiscard]] QString describeImage(const MailboxImage &image);
[[nodiscard]] QString writerName(MailboxWriter writer);

/// Everything that stood in a mailbox, one image for each difference that was seen. What happens between two looks is not: a server
/// that answers at once may show its result only.
class MailboxHistory {
public:
    /// Images at most; the oldest are given up.
    static constexpr std::size_t most = 256;

    /// Notes what stands there and who must have written what is new. False if nothing is new. The first image is nobody's.
    bool add(std::vector<std::byte> bytes, MailboxWriter writer, std::chrono::steady_clock::time_point now);

    [[nodiscard]] const std::vector<MailboxImage> &images() const noexcept { return m_images; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_images.empty(); }
    [[nodiscard]] const MailboxImage &latest() const { return m_images.back(); }

private:
    std::vector<MailboxImage> m_images;
    std::chrono::steady_clock::time_point m_begin;
};

} // namespace decoy::ui
