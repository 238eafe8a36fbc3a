// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/process.h"
#include "support/raw_client.h"
#include "support/served_process.h"
#include "wire/lent.h"
#include "wire/request.h"
#include "wire/result.h"

#include <decoy/decoy.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace decoy::test {

inline std::pair<FileDescriptor, FileDescriptor> socketPair(int type)
{
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error("no sockets");
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// A client of the server "served" that greets on its reverse channel, and answers there, by hand.
class RawLender : public RawClient {
public:
    RawLender() : RawClient("served")
    {
        answer();
        std::tie(mine, theirs) = socketPair(SOCK_SEQPACKET);
        region = memory::Region::create(hello.ringSize);
        region.header().sleeping.store(1);
    }

    [[nodiscard]] lane::ServerHello goodHello() const
    {
        lane::ServerHello good;
        good.process = getpid();
        good.ringSize = hello.ringSize;
        good.maxChainLevel = 7;
        good.limits = hello.limits;
        return good;
    }
    bool sayHello(const lane::ServerHello &reverseHello) const
    {
        const int descriptor = region.descriptor();
        return lane::sendMessage(mine, lane::asMessage(reverseHello), {&descriptor, 1}) == lane::Sent::Done;
    }
    bool pass(std::span<const int> descriptors) const
    {
        const lane::Notice notice{lane::Notice::Kind::Reverse, 0, 0};
        return lane::sendMessage(socket, lane::asMessage(notice), descriptors) == lane::Sent::Done;
    }
    bool pass(const FileDescriptor &descriptor) const
    {
        const int number = descriptor.get();
        return pass({&number, 1});
    }
    /// As a good client does.
    bool open() { return sayHello(goodHello()) && pass(theirs); }
    /// After the first call that lends: takes the server's answer to the greeting.
    void finishGreeting()
    {
        lane::Message answer;
        if (!lane::waitReadable(mine, lane::Clock::now() + std::chrono::milliseconds(patience))
            || lane::receiveMessage(mine, answer) != lane::Received::Message)
            throw std::runtime_error("the greeting was not answered");
        reverse = memory::Region::open(std::move(answer.descriptors.at(0)), hello.ringSize);
        reverseReader.emplace(region, reverse);
        reverseWriter.emplace(region, reverse);
    }

    struct Request {
        std::uint64_t callId = 0;
        std::uint32_t flags = 0;
        std::uint64_t object = 0;
        std::string name;
    };
    /// What the server asks this client for next.
    [[nodiscard]] Request receiveRequest()
    {
        for (;;) {
            if (const auto record = reverseReader->next()) {
                const std::vector<std::byte> frame(record->frame.begin(), record->frame.end());
                const auto head = wire::peekHead(std::span(frame).subspan(framePrefixSize));
                (void)reverseReader->consume(*record);
                return {record->header.callId, record->header.flags, head->object, std::string(head->name)};
            }
            if (!reverseReader->arm())
                continue;
            if (!lane::waitReadable(mine, lane::Clock::now() + std::chrono::milliseconds(patience)))
                throw std::runtime_error("the server asked for nothing");
            reverseReader->disarm();
            lane::Message notice;
            (void)lane::receiveMessage(mine, notice);
        }
    }
    bool reply(std::uint64_t callId, std::span<const std::byte> frame)
    {
        if (!reverseWriter->write({static_cast<std::uint32_t>(frame.size()), 0, callId}, frame))
            return false;
        if (reverseWriter->publish())
            (void)lane::sendMessage(mine, lane::asMessage(lane::Notice{}));
        return true;
    }
    bool replyNumber(std::uint64_t callId, int number)
    {
        PackBuffer frame;
        wire::beginValue(frame, 0);
        msgpack::pack(frame, number);
        wire::endValue(frame);
        wire::endFrame(frame, "the result", frame.limit());
        return reply(callId, frame.bytes());
    }

    /// A call whose arguments are these bytes.
    bool callPacked(std::uint64_t callId, std::uint64_t object, std::string_view method,
                    const std::vector<std::vector<std::byte>> &arguments, std::uint32_t flags, std::uint64_t within = 0)
    {
        PackBuffer frame;
        wire::beginFrame(frame);
        msgpack::packer<PackBuffer> packer(frame);
        packer.pack_array(2).pack(2).pack_array(3).pack(object).pack(method);
        packer.pack_array(static_cast<std::uint32_t>(arguments.size()));
        for (const std::vector<std::byte> &argument : arguments)
            frame.write(reinterpret_cast<const char *>(argument.data()), argument.size());
        wire::endFrame(frame, "the request", frame.limit());
        std::vector<std::byte> record(frame.bytes().begin(), frame.bytes().end());
        if (flags & memory::RecordHeader::Within) {
            const auto trailer = lane::asMessage(within);
            record.insert(record.end(), trailer.begin(), trailer.end());
        }
        return send(callId, record, flags);
    }
    bool lend(std::uint64_t callId, std::string_view method, const std::vector<std::uint64_t> &objects)
    {
        std::vector<std::vector<std::byte>> arguments;
        for (const std::uint64_t object : objects)
            arguments.push_back(lent(object));
        return callPacked(callId, pond(), method, arguments, memory::RecordHeader::Lends);
    }
    static std::vector<std::byte> lent(std::uint64_t object)
    {
        PackBuffer argument;
        wire::packLent(argument, object, "callable");
        return {argument.bytes().begin(), argument.bytes().end()};
    }
    /// The pond's id.
    std::uint64_t pond()
    {
        if (m_pond != 0)
            return m_pond;
        call(1, 0, "object", {"pond"});
        wire::ObjectArena arena;
        const auto answer = receiveResult();
        m_pond = wire::parseResult(std::span(answer->frame).subspan(framePrefixSize), arena, {}).object;
        return m_pond;
    }

    FileDescriptor mine;
    FileDescriptor theirs;
    memory::Region region;
    memory::Region reverse;
    std::optional<memory::RingReader> reverseReader;
    std::optional<memory::RingWriter> reverseWriter;

private:
    std::uint64_t m_pond = 0;
};

} // namespace decoy::test
