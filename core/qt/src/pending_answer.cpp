// SPDX-License-Identifier: BSD-3-Clause
#include "pending_answer.h"

#include <utility>

namespace decoy::qt {

PendingAnswer::PendingAnswer(std::shared_ptr<Reply> reply, std::string where) noexcept
    : m_reply(std::move(reply)), m_where(std::move(where))
{}

PendingAnswer::~PendingAnswer()
{
    if (!m_reply->isAnswered())
        fail([] { return Failure{ErrorKind::ProxyObjectNotFound, {}, "the object was destroyed", {}}; });
}

void PendingAnswer::failWithCurrentException() noexcept
{
    fail([this] { return Failure::fromCurrentException(m_where); });
}

template <class MakeFailure>
void PendingAnswer::fail(MakeFailure makeFailure) noexcept
{
    try {
        m_reply->fail(makeFailure());
    } catch (...) {
        // Out of memory: the reply's own destructor tries once more, then the caller's deadline has to do.
    }
}

} // namespace decoy::qt
