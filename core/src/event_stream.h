// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "call_context.h"
#include "object/caller.h"
#include "wire/event.h"

#include <decoy/event.h>
#include <decoy/target.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace decoy {

/// One client's subscription to one event of one object, at the server: numbers the events, packs their frames and sends them.
/// Ends once: when the client unsubscribes or goes, or, told to the client, when the object goes. It is in the books of both, and
/// those who watch the server see its frames.
class EventStream final : public object::BookedSubscription,
                          public std::enable_shared_from_this<EventStream>,
                          private object::Caller::Answers::EventWitness {
public:
    /// Begins. `number` is the client's choice. Throws AttributeNotFound, ArgumentError, LimitExceeded, ProxyObjectNotFound.
    static void open(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller,
                     const std::shared_ptr<object::HeldReference> &reference, std::string_view event,
                     std::uint64_t number);

    EventStream(std::shared_ptr<trace::TapHub> taps, std::shared_ptr<object::Caller> caller,
                std::shared_ptr<object::HeldReference> reference, std::string_view event, std::uint64_t number);
    void receive(std::span<const std::byte> arguments) noexcept override;
    void end(const Failure &why) noexcept override;
    /// Ends it without a word to the client.
    void close() noexcept;
    [[nodiscard]] SubscriptionInfo info() const override;

private:
    void begin(std::size_t mostOfClient);
    [[nodiscard]] bool send(std::span<const std::byte> frame);
    void eventWritten(std::span<const std::byte> frame) noexcept override;
    void trace(std::span<const std::byte> frame, std::uint8_t flags) const;
    [[nodiscard]] FrameEvent traced(std::span<const std::byte> frame, ProxyOpCode opcode, std::uint8_t flags) const;
    [[nodiscard]] bool leaveBooks() noexcept;
    void leave(const object::HeldReference &reference) noexcept;

    const std::shared_ptr<trace::TapHub> m_taps;
    const std::shared_ptr<object::Caller> m_caller;
    const object::Subscriptions::Key m_key;
    const std::uint64_t m_object;
    const int m_level; // of the object, when it was subscribed to
    const std::string m_type;
    const std::string m_event;
    const std::int64_t m_since;
    wire::EventWriter m_writer;                 // receive() alone
    std::atomic<std::uint64_t> m_delivered = 0; // receive() alone writes these
    std::atomic<std::uint64_t> m_lost = 0;
    std::atomic<bool> m_isOver{false};

    std::mutex m_mutex; // these, until it is over
    std::shared_ptr<object::HeldReference> m_reference;
    std::shared_ptr<void> m_source;
};

/// Answers `__subscribe__(event, number)` and `__unsubscribe__(number)`, which every object has on the native lane. False, with
/// nothing answered, for any other name.
bool answerSubscribing(const ServedObjects &served, const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view method,
                       const Arguments &arguments, Reply &reply);

} // namespace decoy
