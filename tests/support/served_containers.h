// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy_server.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace decoy::test {

/// A class of a user's own that is a container among other things.
class Playlist {
public:
    using Songs = std::vector<std::string>;
    [[nodiscard]] Songs::const_iterator begin() const { return m_songs.begin(); }
    [[nodiscard]] Songs::const_iterator end() const { return m_songs.end(); }
    [[nodiscard]] std::size_t size() const { return m_songs.size(); }
    [[nodiscard]] const std::string &operator[](std::size_t index) const { return m_songs[index]; }

    void turnAround() { m_songs = Songs(m_songs.rbegin(), m_songs.rend()); }
    [[nodiscard]] std::string longest() const;
    std::string title = "songs";

private:
    Songs m_songs{"one", "seven", "two"};
};

/// One that has no iterators, but a size and an operator [].
class Squares {
public:
    [[nodiscard]] std::size_t size() const { return 5; }
    [[nodiscard]] int operator[](std::size_t index) const { return static_cast<int>(index * index); }
};

/// With operators, and by value itself.
struct Vector {
    double x = 0;
    double y = 0;
    MSGPACK_DEFINE(x, y)

    bool operator==(const Vector &) const = default;
    Vector operator+(const Vector &other) const { return {x + other.x, y + other.y}; }
    Vector operator*(double factor) const { return {x * factor, y * factor}; }
    friend Vector operator*(double factor, const Vector &vector) { return vector * factor; }
    Vector operator-() const { return {-x, -y}; }
    Vector &operator+=(const Vector &other) { return *this = *this + other; }
};

/// With operators, but only by reference.
class Tally {
public:
    explicit Tally(int count_ = 0) : count(count_) {}
    Tally(const Tally &) = delete;
    Tally &operator=(const Tally &) = delete;

    auto operator<=>(int number) const { return count <=> number; }
    bool operator==(int number) const { return count == number; }
    std::shared_ptr<Tally> operator-(int number) const { return std::make_shared<Tally>(count - number); }
    int operator-(const std::string &text) const { return count - static_cast<int>(text.size()); }
    Tally &operator+=(int number)
    {
        count += number;
        return *this;
    }
    int operator()(int factor) const { return count * factor; }
    int count;
};

/// Containers that tests of iteration use from other processes, each published under its name.
class ServedContainers {
public:
    static constexpr int many = 10'000;

    explicit ServedContainers(ProxyServer &server);

    std::vector<std::int64_t> numbers{1, 2, 3};
    std::vector<std::int64_t> thousands; ///< 0 to `many` - 1
    std::vector<int> nothing;
    std::deque<std::string> texts{"a", "b", "c"};
    std::list<double> halves{0.5, 1.5, 2.5};
    std::forward_list<int> forward{3, 2, 1};
    std::array<bool, 3> flags{true, false, true};
    std::map<std::string, std::int64_t> ages{{"Ada", 36}, {"Bob", 41}, {"Eve", 29}};
    std::unordered_map<std::int64_t, std::string> words; ///< 0 to 999, as text
    std::multimap<std::string, int> marks{{"a", 1}, {"a", 2}, {"b", 3}};
    std::set<int> primes{2, 3, 5, 7};
    std::vector<std::string> blobs; ///< the third one is larger than a frame
    Playlist playlist;
    Squares squares;
    Vector vector{1, 2};
    Tally tally{10};
};

} // namespace decoy::test
