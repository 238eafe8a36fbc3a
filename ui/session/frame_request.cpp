// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/frame_request.h"

#include "session/object_watcher.h"

#include <decoy/frame.h>

#include <span>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

FrameRequest problem(const QString &text) { return {{}, text}; }

void readArguments(const std::vector<Value> &payload, CallRequest &request)
{
    for (std::size_t index = 0; payload.size() > 2 && index < payload[2].size(); ++index)
        request.positional.push_back(payload[2].at(index));
    if (payload.size() < 4 || payload[3].object().type != msgpack::type::MAP)
        return;
    const msgpack::object_map &map = payload[3].object().via.map;
    for (const msgpack::object_kv &pair : std::span(map.ptr, map.size)) {
        const std::string name = pair.key.as<std::string>();
        request.keywords.emplace_back(name, payload[3].at(name));
    }
}

FrameRequest read(const Frame &frame)
{
    const std::vector<Value> &payload = frame.payload();
    FrameRequest result;
    result.request.object.id = payload.at(0).as<std::uint64_t>();
    result.request.member = payload.at(1).as<std::string>();
    switch (frame.opcode()) {
    case ProxyOpCode::Get: result.request.kind = CallKind::Get; return result;
    case ProxyOpCode::Set:
        result.request.kind = CallKind::Set;
        result.request.positional = {payload.at(2)};
        return result;
    case ProxyOpCode::Execute:
        if (result.request.member == "__del__")
            return problem(u"This frame only gives a reference back; there is no call to repeat."_s);
        readArguments(payload, result.request);
        return result;
    default: return problem(u"This frame is no request."_s);
    }
}

} // namespace

Row requestRowOf(const FrameSnapshot &frames, Row row)
{
    if (!frames.contains(row))
        return noRow;
    return frames.event(row).isAnswer() ? frames.partner(row) : row;
}

FrameRequest requestOfFrame(const FrameSnapshot &frames, Row row)
{
    const Row request = requestRowOf(frames, row);
    if (request == noRow)
        return problem(u"The request of this frame is not there any more."_s);
    const FrameEvent &event = frames.event(request);
    if (event.isOfCallback())
        return problem(u"The server has asked this of its client; only the server can ask it again."_s);
    if (event.captured < event.size) {
        return problem(
            u"Only %1 of the request's %2 bytes were kept, so its arguments are not known."_s.arg(event.captured)
                .arg(event.size));
    }
    return requestOfBytes(frames.bytes(request));
}

FrameRequest requestOfBytes(std::span<const std::byte> bytes)
{
    if (bytes.size() <= framePrefixSize)
        return problem(u"The request holds nothing."_s);
    try {
        return read(Frame::parse(bytes.subspan(framePrefixSize)));
    } catch (const std::exception &error) { // of ours, or of msgpack-c: a client may send anything
        return problem(u"The request is damaged: %1"_s.arg(QString::fromUtf8(error.what())));
    }
}

FrameRequest callOfFrame(const FrameSnapshot &frames, Row row, const ObjectWatcher &objects, const QString &server)
{
    FrameRequest call = requestOfFrame(frames, row);
    call.request.object.server = server;
    if (const ObjectInfo *info = objects.object(call.request.object))
        call.request.name = info->name;
    return call;
}

} // namespace decoy::ui
