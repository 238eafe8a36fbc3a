// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <type_traits>

namespace decoy::bench {

/// Objects in memory that this process shares with those that it forks from now on.
template <class T>
class SharedArray {
    static_assert(std::is_trivially_destructible_v<T>);

public:
    explicit SharedArray(std::size_t size) : m_size(size)
    {
        void *memory = mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory == MAP_FAILED)
            throw std::bad_alloc();
        m_items = static_cast<T *>(memory);
        std::uninitialized_value_construct_n(m_items, size);
    }
    ~SharedArray() { munmap(m_items, m_size * sizeof(T)); }
    SharedArray(const SharedArray &) = delete;
    SharedArray &operator=(const SharedArray &) = delete;

    [[nodiscard]] T &operator[](std::size_t index) noexcept { return m_items[index]; }
    [[nodiscard]] T *begin() noexcept { return m_items; }
    [[nodiscard]] T *end() noexcept { return m_items + m_size; }

private:
    T *m_items = nullptr;
    std::size_t m_size;
};

} // namespace decoy::bench
