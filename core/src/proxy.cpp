// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/proxy.h>
#include <decoy/shared_memory.h>

#include "posted_call.h"
#include "put_aside.h"
#include "remote_call.h"
#include "remote_object.h"
#include "wire/object_reader.h"
#include "wire/request.h"
#include "wire/result.h"

#include <atomic>
#include <vector>

namespace decoy {

namespace detail {

namespace {
void destroyBuffer(PackBuffer *buffer) noexcept { delete buffer; }
/// Buffers that the thread's requests have used before.
using IdleBuffers = PutAside<PackBuffer, destroyBuffer, 4>;
} // namespace

BorrowedBuffer borrowBuffer(ClientLane &lane)
{
    BorrowedBuffer buffer;
    buffer.lane = &lane;
    PackBuffer *idle = IdleBuffers::take();
    buffer.buffer.reset(idle ? idle : new PackBuffer);
    buffer->setLimit(lane.server().limits.bufsize);
    buffer->setLender(lane.lender());
    return buffer;
}

void ReturnBuffer::operator()(PackBuffer *buffer) const noexcept
{
    buffer->forgetLender();
    IdleBuffers::put(buffer);
}

void postRelease(ClientLane &lane, std::uint64_t object) noexcept { postCall(lane, object, "__del__"); }

void discardResult(ClientLane &lane, std::span<const std::byte> frame) noexcept
{
    try {
        wire::ObjectArena arena;
        const auto late = wire::parseResult(frame.subspan(std::min(framePrefixSize, frame.size())), arena,
                                            lane.server().limits, lane.server().dialect);
        if (late.kind == wire::ResultView::Kind::Proxy)
            postRelease(lane, late.object);
    } catch (const std::exception &) {
        // Not a result at all; nobody was promised one.
    }
}

} // namespace detail

namespace {

/// What a thread reuses for the answers of its calls, unless a value still refers to it.
struct AnswerSpace {
    std::vector<std::byte> frame;
    wire::ObjectArena arena;
    std::atomic<bool> isKept{false};
};

const std::shared_ptr<AnswerSpace> &answerSpace()
{
    thread_local std::shared_ptr<AnswerSpace> space;
    if (!space || space->isKept.load(std::memory_order_acquire))
        space = std::make_shared<AnswerSpace>();
    return space;
}

/// Data of a frame as a value of its own. What is large and in the space is not copied: the value keeps the whole space, if
/// that does not waste much of it.
Value dataValue(const std::shared_ptr<AnswerSpace> &space, std::span<const std::byte> frame,
                const msgpack::object &data)
{
    if (wire::isScalar(data))
        return Value(data, nullptr);
    constexpr std::size_t smallestKept = 4096;
    const bool isOfSpace = frame.data() == space->frame.data();
    if (!isOfSpace || frame.size() < smallestKept || frame.size() < space->frame.capacity() / 2) {
        Value copy;
        copy.msgpack_unpack(data);
        return copy;
    }
    const auto giveBack = [space](AnswerSpace *kept) { kept->isKept.store(false, std::memory_order_release); };
    space->isKept.store(true, std::memory_order_relaxed);
    return Value(data, std::shared_ptr<AnswerSpace>(space.get(), giveBack));
}

Value chainedProxy(const detail::RemoteObject &asked, const wire::ResultView &result, std::chrono::milliseconds timeout)
{
    const detail::ServerFacts &server = asked.lane().server();
    const int level = server.dialect == wire::Dialect::Native ? result.level : asked.level() + 1;
    auto remote = std::make_shared<detail::RemoteObject>(asked.sharedLane(), result.object,
                                                         std::string(result.typeName), level, true, timeout);
    if (level > server.maxChainLevel) // a server that keeps the rules does not come so far
        throw LimitedProxyChaining(server.maxChainLevel, result.typeName);
    return Value(Proxy(std::move(remote), timeout));
}

Value callableOf(const std::shared_ptr<detail::RemoteObject> &asked, const wire::ResultView &result,
                 std::chrono::milliseconds timeout)
{
    asked->resetLevel();
    auto owner = asked;
    if (result.object
        != asked->id()) // a server of the reference may name another object; it has counted nothing for it
        owner = std::make_shared<detail::RemoteObject>(asked->sharedLane(), result.object, std::string(), 0, false,
                                                       timeout);
    return Value(RemoteCallable(Proxy(std::move(owner), timeout), std::string(result.callableName)));
}

detail::RemoteObject &usable(const std::shared_ptr<detail::RemoteObject> &remote)
{
    if (!remote)
        throw ProxyObjectNotFound("this proxy stands for no object");
    if (remote->isReleased())
        throw ProxyObjectNotFound("this proxy was closed");
    return *remote;
}

Value exchangeFrame(const std::shared_ptr<detail::RemoteObject> &remote, const detail::OutgoingRequest &request,
                    std::chrono::milliseconds timeout)
{
    std::vector<std::byte> &answer = answerSpace()->frame;
    usable(remote).lane().exchange(request, timeout, answer);
    return detail::valueOf(remote, answer, timeout);
}

} // namespace

Value detail::valueOf(const std::shared_ptr<RemoteObject> &remote, std::span<const std::byte> frame,
                      std::chrono::milliseconds timeout)
{
    if (frame.size() < framePrefixSize)
        throw EmptyData("the server sent an empty frame");

    RemoteObject &asked = *remote;
    const ServerFacts &server = asked.lane().server();
    const std::shared_ptr<AnswerSpace> &space = answerSpace();
    space->arena.clear();
    const auto result = wire::parseResult(frame.subspan(framePrefixSize), space->arena, server.limits, server.dialect);
    switch (result.kind) {
    case wire::ResultView::Kind::Failure: result.failure.raise();
    case wire::ResultView::Kind::Proxy: return chainedProxy(asked, result, timeout);
    case wire::ResultView::Kind::Callable: return callableOf(remote, result, timeout);
    case wire::ResultView::Kind::Data: break;
    }
    if (server.dialect == wire::Dialect::Duck && result.object != asked.id())
        throw DataDecodeError("the answer is for object " + std::to_string(result.object) + ", not for "
                              + std::to_string(asked.id()));
    asked.resetLevel();
    return dataValue(space, frame, result.value);
}

detail::BorrowedBuffer Proxy::beginRequest(ProxyOpCode opcode, std::string_view name) const
{
    const detail::RemoteObject &remote = usable(m_remote);
    detail::BorrowedBuffer request = detail::borrowBuffer(remote.lane());
    wire::beginRequest(*request, opcode);
    msgpack::packer<PackBuffer> packer(*request);
    packer.pack(remote.id());
    packer.pack(name);
    return request;
}

Value Proxy::exchange(detail::BorrowedBuffer request) const
{
    wire::endFrame(*request, "the request", usable(m_remote).lane().server().limits.bufsize);
    return exchangeFrame(m_remote, {request->bytes(), request.lending.get()}, m_timeout);
}

std::shared_ptr<detail::AsyncState> Proxy::start(detail::BorrowedBuffer request, detail::AsyncSending sending) const
{
    detail::ClientLane &lane = usable(m_remote).lane();
    wire::endFrame(*request, "the request", lane.server().limits.bufsize);
    std::shared_ptr<detail::AsyncCall> call = detail::RemoteCall::make(m_remote, m_timeout);
    (void)lane.start(call, {request->bytes(), request.lending.get()}, {m_timeout, sending});
    return call;
}

Value Proxy::getValue(std::string_view attribute) const { return exchange(beginRequest(ProxyOpCode::Get, attribute)); }

Value Proxy::callWith(std::string_view method, const std::vector<Value> &positional,
                      const std::vector<std::pair<std::string, Value>> &keywords) const
{
    detail::BorrowedBuffer request = beginRequest(ProxyOpCode::Execute, method);
    msgpack::packer<PackBuffer> packer(*request);
    packer.pack_array(static_cast<std::uint32_t>(positional.size()));
    for (const Value &value : positional)
        packer.pack(value);
    packer.pack_map(static_cast<std::uint32_t>(keywords.size()));
    for (const auto &[name, value] : keywords) {
        packer.pack(name);
        packer.pack(value);
    }
    return exchange(std::move(request));
}

Value Proxy::getResponse(const Frame &frame, std::optional<std::chrono::milliseconds> timeout) const
{
    detail::ClientLane &lane = usable(m_remote).lane();
    const std::vector<std::byte> payload = frame.pack();
    detail::BorrowedBuffer request = detail::borrowBuffer(lane);
    wire::beginFrame(*request);
    request->write(reinterpret_cast<const char *>(payload.data()), payload.size());
    wire::endFrame(*request, "the request", lane.server().limits.bufsize);
    return exchangeFrame(m_remote, {request->bytes()}, timeout.value_or(m_timeout));
}

void Proxy::remove(std::string_view attribute) const { call<void>("__delattr__", attribute); }

Frame Proxy::readFrame(const SharedMemory &memory, std::optional<std::chrono::milliseconds> timeout)
{
    return awaitFrame(memory.bytes(), timeout);
}

std::size_t Proxy::writeFrame(const SharedMemory &memory, const Frame &frame)
{
    return decoy::writeFrame(memory.writableBytes(), frame);
}

AttributeReference Proxy::operator[](std::string_view attribute) const { return {*this, attribute}; }

Description Proxy::describe() const { return call("__describe__").as<Description>(); }

std::uint64_t Proxy::id() const noexcept { return m_remote ? m_remote->id() : 0; }
int Proxy::level() const noexcept { return m_remote ? m_remote->level() : 0; }
std::string Proxy::typeName() const { return m_remote ? m_remote->typeName() : std::string(); }
std::string Proxy::toString() const
{
    if (!isValid())
        return "<Proxy of nothing>";
    const std::string type = typeName().empty() ? "an object" : typeName();
    return "<Proxy of " + type + ", object " + std::to_string(id()) + ", level " + std::to_string(level()) + ">";
}

bool Proxy::isValid() const noexcept { return m_remote && !m_remote->isReleased(); }

Proxy Proxy::withTimeout(std::chrono::milliseconds timeout) const { return Proxy(m_remote, timeout); }

void Proxy::close()
{
    if (m_remote)
        m_remote->release();
}

} // namespace decoy
