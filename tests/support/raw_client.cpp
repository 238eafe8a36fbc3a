// SPDX-License-Identifier: BSD-3-Clause
#include "raw_client.h"

#include "lane/rendezvous.h"
#include "support/served_process.h"
#include "wire/request.h"
#include "wire/result.h"

#include <algorithm>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace decoy::test {

namespace {
lane::Clock::time_point endOfPatience() { return lane::Clock::now() + std::chrono::milliseconds(patience); }
} // namespace

std::vector<std::byte> withPrefix(std::span<const std::byte> payload)
{
    std::vector<std::byte> bytes(framePrefixSize + payload.size());
    for (std::size_t i = 0; i < framePrefixSize; ++i)
        bytes[i] = static_cast<std::byte>(payload.size() >> 8 * (framePrefixSize - 1 - i) & 0xff);
    std::ranges::copy(payload, bytes.begin() + framePrefixSize);
    return bytes;
}

std::vector<std::byte> frameBytes(const Frame &frame) { return withPrefix(frame.pack()); }

RawClient::RawClient(std::string_view server) : RawClient(lane::connectTo(server)) {}

RawClient::RawClient(FileDescriptor connected) : socket(std::move(connected))
{
    if (!lane::waitReadable(socket, endOfPatience())
        || lane::receiveMessage(socket, greeting) != lane::Received::Message
        || !lane::readMessage(greeting.bytes, hello))
        throw std::runtime_error("no greeting came");
}

void RawClient::answer()
{
    peer = memory::Region::open(std::move(greeting.descriptors.at(0)), hello.ringSize);
    if (greeting.descriptors.size() > 1)
        doorbell = std::move(greeting.descriptors[1]);
    own = memory::Region::create(hello.ringSize);
    writer.emplace(own, peer);
    reader.emplace(own, peer);
    const int descriptor = own.descriptor();
    if (!answerWith(lane::asMessage(lane::ClientHello{}), {&descriptor, 1}))
        throw std::runtime_error("the greeting could not be answered");
}

bool RawClient::answerWith(std::span<const std::byte> bytes, std::span<const int> descriptors) const
{
    return lane::sendMessage(socket, bytes, descriptors) == lane::Sent::Done;
}

bool RawClient::send(std::uint64_t callId, std::span<const std::byte> frame, std::uint32_t flags)
{
    if (!writer->write({static_cast<std::uint32_t>(frame.size()), flags, callId}, frame))
        return false;
    if (writer->publish())
        ring();
    return true;
}

bool RawClient::call(std::uint64_t callId, std::uint64_t object, std::string_view method,
                     const std::vector<Value> &arguments, std::uint32_t flags)
{
    msgpack::sbuffer payload;
    msgpack::packer<msgpack::sbuffer> packer(payload);
    packer.pack_array(2);
    packer.pack(static_cast<int>(ProxyOpCode::Execute));
    packer.pack_array(4);
    packer.pack(object);
    packer.pack(method);
    packer.pack(arguments);
    packer.pack_map(0);
    return send(callId, withPrefix(std::as_bytes(std::span(payload.data(), payload.size()))), flags);
}

void RawClient::ring() const
{
    if (!doorbell.isOpen()) {
        (void)lane::sendMessage(socket, lane::asMessage(lane::Notice{}));
        return;
    }
    const std::uint64_t one = 1;
    (void)!write(doorbell.get(), &one, sizeof one);
}

std::optional<RawClient::Answer> RawClient::receive()
{
    for (;;) {
        if (const auto record = reader->next()) {
            Answer answer{record->header.callId, {record->frame.begin(), record->frame.end()}};
            if (reader->consume(*record))
                ring();
            return answer;
        }
        if (!reader->arm())
            continue;
        const bool isReadable = lane::waitReadable(socket, endOfPatience());
        reader->disarm();
        if (!isReadable)
            throw std::runtime_error("no answer came");
        lane::Message notice;
        if (lane::receiveMessage(socket, notice) == lane::Received::Closed && !reader->hasRecord())
            return std::nullopt;
    }
}

std::optional<RawClient::Answer> RawClient::receiveResult()
{
    for (;;) {
        auto answer = receive();
        if (!answer || answer->opcode() != static_cast<int>(ProxyOpCode::ResponsePending))
            return answer;
    }
}

bool RawClient::isHungUpOn() const
{
    pollfd entry{socket.get(), POLLRDHUP, 0};
    return poll(&entry, 1, patience) == 1;
}

int RawClient::Answer::opcode() const
{
    const auto head = wire::peekHead(std::span(frame).subspan(framePrefixSize));
    return head ? static_cast<int>(head->opcode) : INT8_MIN;
}

std::optional<Failure> RawClient::Answer::failure() const
{
    wire::ObjectArena arena;
    const auto result = wire::parseResult(std::span(frame).subspan(framePrefixSize), arena, {});
    return result.kind == wire::ResultView::Kind::Failure ? std::optional(result.failure) : std::nullopt;
}

Frame RawClient::Answer::parsed() const { return Frame::parse(std::span(frame).subspan(framePrefixSize)); }

} // namespace decoy::test
