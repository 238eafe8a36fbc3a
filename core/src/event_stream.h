// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/caller.h"
#include "wire/event.h"

#include <decoy/event.h>
#include <decoy/target.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

namespace decoy {

/// One client's subscription to one event of one object, at the server: numbers the events, packs their frames and sends them.
/// Ends once: when the client unsubscribes or goes, or, told to the client, when the object goes. It is in the books of both.
class EventStream final : public EventSink, public std::enable_shared_from_this<EventStream> {
public:
    /// Begins. `number` is the client's choice. Throws AttributeNotFound, ArgumentError, LimitExceeded, ProxyObjectNotFound.
    static void open(const std::shared_ptr<object::Caller> &caller,
                     const std::shared_ptr<object::HeldReference> &reference, std::string_view event,
                     std::uint64_t number, std::size_t mostOfClient);

    EventStream(std::shared_ptr<object::Caller> caller, std::shared_ptr<object::HeldReference> reference,
                std::string_view event, std::uint64_t number);
    void receive(std::span<const std::byte> arguments) noexcept override;
    void end(const Failure &why) noexcept override;
    /// Ends it without a word to the client.
    void close() noexcept;

private:
    void begin(std::string_view event, std::size_t mostOfClient);
    [[nodiscard]] bool leaveBooks() noexcept;

    const std::shared_ptr<object::Caller> m_caller;
    const object::Subscriptions::Key m_key;
    const std::uint64_t m_object;
    wire::EventWriter m_writer; // receive() alone
    std::uint64_t m_count = 0;  // receive() alone
    std::atomic<bool> m_isOver{false};

    std::mutex m_mutex; // these, until it is over
    std::shared_ptr<object::HeldReference> m_reference;
    std::shared_ptr<void> m_source;
};

/// Answers `__subscribe__(event, number)` and `__unsubscribe__(number)`, which every object has on the native lane. False, with
/// nothing answered, for any other name.
bool answerSubscribing(const std::shared_ptr<object::Caller> &caller,
                       const std::shared_ptr<object::HeldReference> &reference, std::string_view method,
                       const Arguments &arguments, std::size_t mostOfClient, Reply &reply);

} // namespace decoy
