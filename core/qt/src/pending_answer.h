// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/target.h>

#include <memory>
#include <string>

namespace decoy::qt {

/// The answer that a call on a QObject still owes. If it is dropped, because the object was destroyed before it came to the
/// call, the caller is told so. Moves between threads, but is used by one at a time.
class PendingAnswer {
public:
    /// `where` names the object's type and member, for an exception's report.
    PendingAnswer(std::shared_ptr<Reply> reply, std::string where) noexcept;
    ~PendingAnswer();
    PendingAnswer(const PendingAnswer &) = delete;
    PendingAnswer &operator=(const PendingAnswer &) = delete;

    /// Lets `work(reply)` answer; what it throws becomes the caller's error.
    template <class Work>
    void give(Work work) noexcept
    {
        try {
            work(*m_reply);
        } catch (...) {
            failWithCurrentException();
        }
    }

private:
    void failWithCurrentException() noexcept;
    template <class MakeFailure>
    void fail(MakeFailure makeFailure) noexcept;

    const std::shared_ptr<Reply> m_reply;
    const std::string m_where;
};

} // namespace decoy::qt
