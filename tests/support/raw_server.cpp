// SPDX-License-Identifier: BSD-3-Clause
#include "raw_server.h"

#include "support/served_process.h"
#include "wire/result.h"

#include <array>
#include <sched.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace decoy::test {

namespace {
lane::Clock::time_point endOfPatience() { return lane::Clock::now() + std::chrono::milliseconds(patience); }
} // namespace

RawServer::RawServer(std::string_view name) : m_rendezvous(lane::Rendezvous::claim(name)) {}

void RawServer::greet(std::uint32_t features)
{
    if (!lane::waitReadable(m_rendezvous.socket(), endOfPatience()))
        throw std::runtime_error("no client came");
    m_socket = FileDescriptor(accept4(m_rendezvous.socket().get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    m_doorbell = FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    lane::ServerHello hello;
    hello.process = getpid();
    hello.features = features;
    hello.ringSize = memory::ringSizeFor(hello.limits.bufsize);
    m_own = memory::Region::create(hello.ringSize);
    const std::array descriptors{m_own.descriptor(), m_doorbell.get()};
    lane::Message answer;
    if (lane::sendMessage(m_socket, lane::asMessage(hello), descriptors) != lane::Sent::Done
        || !lane::waitReadable(m_socket, endOfPatience())
        || lane::receiveMessage(m_socket, answer) != lane::Received::Message)
        throw std::runtime_error("the client did not answer the greeting");
    m_peer = memory::Region::open(std::move(answer.descriptors.at(0)), hello.ringSize);
    m_writer.emplace(m_own, m_peer);
    m_reader.emplace(m_own, m_peer);
}

FileDescriptor RawServer::receiveReverse()
{
    for (;;) {
        lane::Message message;
        lane::Notice notice;
        if (!lane::waitReadable(m_socket, endOfPatience())
            || lane::receiveMessage(m_socket, message) != lane::Received::Message
            || !lane::readMessage(message.bytes, notice))
            throw std::runtime_error("the client lent nothing");
        if (notice.kind == lane::Notice::Kind::Reverse)
            return std::move(message.descriptors.at(0));
    }
}

std::uint64_t RawServer::receiveCall()
{
    for (;;) {
        const auto record = m_reader->next();
        if (!record) {
            sched_yield();
            continue;
        }
        const memory::RecordHeader header = record->header;
        (void)m_reader->consume(*record);
        if (!(header.flags & memory::RecordHeader::OneWay))
            return header.callId;
    }
}

void RawServer::answer(std::uint64_t callId)
{
    PackBuffer frame;
    wire::beginValue(frame, 0);
    msgpack::packer<PackBuffer>(frame).pack_nil();
    wire::endValue(frame);
    wire::endFrame(frame, "the result", frame.limit());
    send(callId, 0, frame.bytes());
}

void RawServer::send(std::uint64_t callId, std::uint32_t flags, std::span<const std::byte> frame)
{
    if (!m_writer->write({static_cast<std::uint32_t>(frame.size()), flags, callId}, frame))
        throw std::runtime_error("the ring is full");
    if (m_writer->publish())
        (void)lane::sendMessage(m_socket, lane::asMessage(lane::Notice{}));
}

} // namespace decoy::test
