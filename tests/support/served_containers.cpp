// SPDX-License-Identifier: BSD-3-Clause
#include "served_containers.h"

#include <decoy/operators.h>

#include <algorithm>
#include <numeric>

namespace decoy::test {

std::string Playlist::longest() const
{
    return *std::ranges::max_element(m_songs, {}, [](const std::string &song) { return song.size(); });
}

ServedContainers::ServedContainers(ProxyServer &server)
{
    thousands.resize(many);
    std::iota(thousands.begin(), thousands.end(), 0);
    for (std::int64_t number = 0; number < 1000; ++number)
        words.emplace(number, std::to_string(number));
    const std::size_t bufsize = server.options().limits.bufsize;
    blobs = {std::string(bufsize / 3, 'a'), std::string(bufsize / 3 * 2, 'b'), std::string(bufsize, 'c')};

    server.bind(container(Class<Playlist>("Playlist")
                              .property("title", &Playlist::title)
                              .method("turnAround", &Playlist::turnAround)
                              .method("longest", &Playlist::longest)));
    server.publish("numbers", numbers);
    server.publish("thousands", thousands);
    server.publish("nothing", nothing);
    server.publish("texts", texts);
    server.publish("halves", halves);
    server.publish("forward", forward);
    server.publish("flags", flags);
    server.publish("ages", ages);
    server.publish("words", words);
    server.publish("marks", marks);
    server.publish("primes", primes);
    server.publish("blobs", blobs);
    server.publish("playlist", playlist);
    server.publish("squares", squares);
    server.bind(operators<double>(Class<Vector>("Vector")));
    server.bind(operators<int, std::string>(Class<Tally>("Tally").property("count", &Tally::count)));
    server.publish("vector", vector);
    server.publish("tally", tally);
}

} // namespace decoy::test
