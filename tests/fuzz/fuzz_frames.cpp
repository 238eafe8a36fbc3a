// SPDX-License-Identifier: BSD-3-Clause

// Everything that reads bytes or text from a peer, a file or a person. Besides not crashing, what was read has to survive
// being written and read again.

#include <decoy/frame.h>
#include <decoy/json.h>

#include "wire/lent.h"
#include "wire/reader.h"
#include "wire/request.h"
#include "wire/result.h"

#include <cstdlib>

using namespace decoy;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void readLentTwice(const msgpack::object &argument)
{
    const auto lent = wire::readLent(argument, Limits());
    if (!lent)
        return;
    PackBuffer out;
    wire::packLent(out, lent->object, lent->typeName);
    wire::ObjectArena arena;
    const auto again = wire::readLent(wire::readObject(out.bytes(), arena, Limits()), Limits());
    require(again && again->object == lent->object && again->typeName == lent->typeName);
}

void readRequest(std::span<const std::byte> data)
{
    wire::ObjectArena arena;
    (void)wire::peekHead(data);
    const wire::RequestView request = wire::parseRequest(data, arena, Limits());
    require(!request.name.empty() && request.name.size() <= Limits().nameLength);
    for (const msgpack::object &argument : request.positional)
        readLentTwice(argument);
}

void readResult(std::span<const std::byte> data, wire::Dialect dialect)
{
    wire::ObjectArena arena;
    const wire::ResultView result = wire::parseResult(data, arena, Limits(), dialect);
    if (result.kind != wire::ResultView::Kind::Failure)
        return;
    PackBuffer out;
    wire::packFailure(out, dialect, result.object, result.failure);
    wire::endFrame(out, "the result", Limits().bufsize);
    (void)wire::parseResult(out.bytes().subspan(framePrefixSize), arena, Limits(), dialect);
}

void readFrameTwice(std::span<const std::byte> data)
{
    const Frame frame = Frame::parse(data);
    const Frame again = Frame::parse(frame.pack());
    require(frame.toString() == again.toString());
}

void readJsonTwice(std::string_view text)
{
    const std::string json = toJson(fromJson(text));
    require(toJson(fromJson(json)) == json);
}

void skipTokens(std::span<const std::byte> data)
{
    wire::Reader reader(data);
    while (!reader.atEnd())
        reader.skip();
}

template <class Read>
void expectAnErrorAtMost(const Read &read)
{
    try {
        read();
    } catch (const ProxyError &) {
        // The one way to refuse.
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const std::span data(reinterpret_cast<const std::byte *>(bytes), size);
    expectAnErrorAtMost([&] { skipTokens(data); });
    expectAnErrorAtMost([&] { readRequest(data); });
    expectAnErrorAtMost([&] { readResult(data, wire::Dialect::Native); });
    expectAnErrorAtMost([&] { readResult(data, wire::Dialect::Duck); });
    expectAnErrorAtMost([&] { readFrameTwice(data); });
    expectAnErrorAtMost([&] { readJsonTwice({reinterpret_cast<const char *>(bytes), size}); });
    return 0;
}
