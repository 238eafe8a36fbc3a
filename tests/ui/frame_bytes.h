// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_store.h"

#include <decoy/frame.h>
#include <decoy/value.h>

#include <QByteArray>

#include <cstring>
#include <string>
#include <vector>

/// Frames as they travel, for tests of what shows them.
namespace frames {

inline std::span<const std::byte> view(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

/// Prefix and payload of a frame, written by the library itself.
inline QByteArray packed(decoy::ProxyOpCode opcode, const std::vector<decoy::Value> &payload)
{
    std::vector<std::byte> memory(64 * 1024);
    const std::size_t size = decoy::writeFrame(memory, decoy::Frame(opcode, payload));
    return {reinterpret_cast<const char *>(memory.data()), static_cast<qsizetype>(size + decoy::framePrefixSize)};
}

inline QByteArray execute(std::uint64_t object, const std::string &method, const std::vector<decoy::Value> &arguments)
{
    return packed(decoy::ProxyOpCode::Execute,
                  {decoy::Value(object), decoy::Value(method), decoy::Value(arguments),
                   decoy::Value(std::map<std::string, int>())});
}

inline QByteArray result(std::uint64_t object, const decoy::Value &value)
{
    return packed(decoy::ProxyOpCode::ExecutionResult, {decoy::Value(object), value, decoy::Value()});
}

inline QByteArray pending() { return packed(decoy::ProxyOpCode::ResponsePending, {}); }

/// A frame and what a server would say about it.
class Event {
public:
    Event(decoy::ProxyOpCode opcode, QByteArray bytes, std::uint64_t callId = 0) : m_bytes(std::move(bytes))
    {
        m_event.opcode = static_cast<std::int8_t>(opcode);
        m_event.callId = callId;
        m_event.connection = 1;
        m_event.process = 4711;
        m_event.object = 1;
        m_event.size = m_event.captured = static_cast<std::uint32_t>(m_bytes.size());
        if (static_cast<int>(opcode) < 0)
            m_event.flags = decoy::FrameEvent::FromServer;
    }
    decoy::FrameEvent *operator->() { return &m_event; }
    void cutTo(int size) { m_bytes.truncate(size); }
    void appendTo(decoy::ui::FrameStore::Writer &writer) const { writer.append(m_event, view(m_bytes)); }
    void appendTo(decoy::ui::FrameStore &store) const
    {
        auto writer = store.writer();
        appendTo(writer);
    }

private:
    decoy::FrameEvent m_event;
    QByteArray m_bytes;
};

inline Event request(std::uint64_t callId, const std::string &method = "add",
                     const std::vector<decoy::Value> &arguments = {5})
{
    return {decoy::ProxyOpCode::Execute, execute(1, method, arguments), callId};
}
inline Event answer(std::uint64_t callId, const decoy::Value &value = 105)
{
    return {decoy::ProxyOpCode::ExecutionResult, result(1, value), callId};
}
/// An EVENT of the subscription with this number.
inline Event told(std::uint64_t subscription, std::uint64_t number, const std::string &name = "rang",
                  const std::vector<decoy::Value> &arguments = {42})
{
    Event event(decoy::ProxyOpCode::Event,
                packed(decoy::ProxyOpCode::Event,
                       {decoy::Value(1), decoy::Value(name), decoy::Value(number), decoy::Value(arguments)}),
                subscription);
    event->conversation = decoy::Conversation::Subscription;
    return event;
}
inline Event stillWorking(std::uint64_t callId) { return {decoy::ProxyOpCode::ResponsePending, pending(), callId}; }

/// Appends `count` frames: calls and their results in turn.
inline void fill(decoy::ui::FrameStore &store, std::uint64_t count)
{
    Event call = request(0);
    Event result = answer(0);
    auto writer = store.writer();
    const std::uint64_t first = store.endRow();
    for (std::uint64_t row = first; row < first + count; ++row) {
        Event &next = row % 2 == 0 ? call : result;
        next->callId = row / 2;
        next->sequence = row;
        next->time = static_cast<std::int64_t>(row) * 1000;
        next.appendTo(writer);
    }
}

} // namespace frames
