// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/future.h>
#include <decoy/target.h>

#include <memory>
#include <utility>

namespace decoy::detail {

template <class R>
void answer(const std::shared_ptr<void> &self, Reply &reply, R &&result);

template <class T>
inline constexpr bool isFuture = false;
template <class T>
inline constexpr bool isFuture<Future<T>> = true;

template <class T>
void answerWith(const std::shared_ptr<void> &self, Reply &reply, Future<T> &result)
{
    if constexpr (std::is_void_v<T>) {
        result.take();
        reply.none();
    } else {
        answer<T>(self, reply, result.take());
    }
}

/// The answer of a bound method that returned a Future: given by whoever makes that ready, while no server thread waits.
template <class T>
class LaterAnswer final : public Step {
public:
    LaterAnswer(std::shared_ptr<void> self, std::shared_ptr<Reply> reply, Future<T> result) noexcept
        : m_self(std::move(self)), m_reply(std::move(reply)), m_result(std::move(result))
    {}
    [[nodiscard]] bool isWanted() const noexcept override { return m_reply->isWanted(); }

    static void arrange(const std::shared_ptr<void> &self, Reply &reply, Future<T> result)
    {
        const auto state = result.shared();
        if (!state)
            throwNoFuture();
        if (result.isReady())
            return answerWith(self, reply, result);
        state->follow(std::make_shared<LaterAnswer>(self, reply.defer(), std::move(result)));
    }

private:
    void proceed() noexcept override
    {
        try {
            try {
                answerWith(m_self, *m_reply, m_result);
            } catch (...) {
                m_reply->fail(Failure::fromCurrentException({}));
            }
        } catch (...) {
            // No memory: the reply's own destructor tries once more, then the caller's deadline has to do.
        }
        m_reply.reset();
        m_self.reset();
    }

    std::shared_ptr<void> m_self; // the object, while it works
    std::shared_ptr<Reply> m_reply;
    Future<T> m_result;
};

} // namespace decoy::detail
