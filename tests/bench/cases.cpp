// SPDX-License-Identifier: BSD-3-Clause
#include "cases.h"

#include <cstddef>

namespace decoy::bench {

namespace {

bool callWithInt(const Proxy &echo, int round) { return echo.call<int>("add", round) == round + 100; }

bool getAttribute(const Proxy &echo, int) { return echo.get<int>("a") == 100; }

bool setAttribute(const Proxy &echo, int)
{
    echo.set("a", 100);
    return true;
}

template <std::size_t size>
bool echoBytes(const Proxy &echo, int round)
{
    static std::vector<std::byte> bytes(size);
    bytes[5] = static_cast<std::byte>(round);
    const Value result = echo.call("echo", bytes);
    const msgpack::object &answer = result.object();
    return answer.type == msgpack::type::BIN && answer.via.bin.size == size
        && answer.via.bin.ptr[5] == static_cast<char>(round);
}

} // namespace

const std::vector<Case> &cases()
{
    using namespace std::chrono_literals;
    static const std::vector<Case> all{
        {"int", "call with an int, back to back", {200'000, 2.5s, 0us}, callWithInt},
        {"get", "attribute read", {200'000, 2.5s, 0us}, getAttribute},
        {"set", "attribute write", {200'000, 2.5s, 0us}, setAttribute},
        {"int1ms", "call with an int after 1 ms of silence: both ends asleep", {1000, 2.5s, 1000us}, callWithInt},
        {"4K", "4 KiB there and back", {30'000, 2.5s, 0us}, echoBytes<4096>},
        {"1M", "1 MiB there and back", {2000, 2.5s, 0us}, echoBytes<1024 * 1024>},
    };
    return all;
}

} // namespace decoy::bench
