// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "put_aside.h"

#include <cstddef>
#include <new>

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else // a compiler without sanitizers
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace decoy {

/// An allocator, for std::allocate_shared, of objects that come and go by the dozen: the memory of one that goes is kept for the next one
/// of the same thread. (glibc has seven pieces of a size at hand for a thread; any more cost a tenth of what a call does.)
template <class T>
class Recycled {
public:
    using value_type = T;

    Recycled() = default;
    template <class Other>
    Recycled(const Recycled<Other> &) noexcept // NOLINT(google-explicit-constructor): what an allocator has to be
    {}
    template <class Other>
    bool operator==(const Recycled<Other> &) const noexcept
    {
        return true;
    }

    [[nodiscard]] T *allocate(std::size_t count)
    {
        T *piece = count == 1 ? Pieces::take() : nullptr;
        if (!piece)
            return static_cast<T *>(::operator new(count * sizeof(T)));
        ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(T));
        return piece;
    }
    void deallocate(T *piece, std::size_t count) noexcept
    {
        if (count != 1)
            return ::operator delete(piece);
        ASAN_POISON_MEMORY_REGION(piece, sizeof(T)); // whoever uses it still is found out
        Pieces::put(piece);
    }

private:
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    static constexpr std::size_t most = 64;
    static void giveBack(T *piece) noexcept
    {
        ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(T));
        ::operator delete(piece);
    }
    using Pieces = PutAside<T, &Recycled::giveBack, most>;
};

} // namespace decoy
