// SPDX-License-Identifier: BSD-3-Clause
#include "allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> ofProcess{0};
thread_local std::uint64_t ofThread = 0;

void count() noexcept
{
    ofProcess.fetch_add(1, std::memory_order_relaxed);
    ++ofThread;
}

} // namespace

namespace decoy::test {

std::uint64_t allocationsOfThisThread() noexcept { return ofThread; }
std::uint64_t allocationsOfThisProcess() noexcept { return ofProcess.load(std::memory_order_relaxed); }

} // namespace decoy::test

// The linker's --wrap leads all uses of malloc() here, those below included. NOLINTBEGIN(bugprone-reserved-identifier): its names
extern "C" {
void *__real_malloc(std::size_t size);
void *__real_calloc(std::size_t number, std::size_t size);
void *__real_realloc(void *memory, std::size_t size);

void *__wrap_malloc(std::size_t size)
{
    count();
    return __real_malloc(size);
}
void *__wrap_calloc(std::size_t number, std::size_t size)
{
    count();
    return __real_calloc(number, size);
}
void *__wrap_realloc(void *memory, std::size_t size)
{
    count();
    return __real_realloc(memory, size);
}
}
// NOLINTEND(bugprone-reserved-identifier)

// The forms for arrays and those that do not throw call these.
void *operator new(std::size_t size)
{
    if (void *memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
void *operator new(std::size_t size, std::align_val_t alignment)
{
    void *memory = nullptr;
    count();
    if (posix_memalign(&memory, static_cast<std::size_t>(alignment), size) == 0)
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
