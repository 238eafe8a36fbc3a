// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/target.h>

#include <decoy/proxy.h>

#include <utility>

namespace decoy {

Proxy detail::ReplyContext::lent(const msgpack::object & /*argument*/) const { return {}; }

namespace {

/// The answer that is given after the call: it keeps what it needs of the server, and its own bytes.
class DeferredReply final : public Reply {
public:
    DeferredReply(std::shared_ptr<detail::ReplyContext> context, std::size_t limit)
        : Reply(*context, m_bytes), m_owner(std::move(context)), m_bytes(limit)
    {}
    ~DeferredReply() override
    {
        if (isAnswered())
            return;
        try {
            fail({ErrorKind::ProxyError, {}, "the object dropped the call without an answer", {}});
        } catch (...) {
            // Nothing more can be said, and nobody is left to say it: the caller has a deadline.
        }
    }

protected:
    void finish() override
    {
        // Only the first answer travels.
        if (!std::exchange(m_sent, true))
            m_owner->finished(m_bytes);
    }

private:
    std::shared_ptr<detail::ReplyContext> m_owner;
    PackBuffer m_bytes;
    bool m_sent = false;
};

} // namespace

void Reply::object(std::shared_ptr<Target> target)
{
    if (!target)
        return none();
    m_context->packObject(*m_out, std::move(target));
    answered();
}

void Reply::callable(std::string_view name)
{
    m_context->packCallable(*m_out, name);
    answered();
}

void Reply::fail(const Failure &failure)
{
    m_context->packFailure(*m_out, failure);
    answered();
}

Proxy Reply::lent(const msgpack::object &argument) const { return m_context->lent(argument); }

std::shared_ptr<Reply> Reply::defer()
{
    auto later = std::make_shared<DeferredReply>(m_context->detach(), m_out->limit());
    m_deferred = true;
    return later;
}

} // namespace decoy
