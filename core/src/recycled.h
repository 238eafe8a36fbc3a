// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <new>

#include <sanitizer/asan_interface.h>

namespace decoy {

/// An allocator, for std::allocate_shared, of objects that come and go by the dozen: the memory of one that goes is kept for the next one
/// of the same thread. (glibc has seven pieces of a size at hand for a thread; any more cost a third of what a call does.)
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
        if (count != 1 || s_idle.count == 0)
            return static_cast<T *>(::operator new(count * sizeof(T)));
        T *piece = s_idle.pieces[--s_idle.count];
        ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(T));
        return piece;
    }
    void deallocate(T *piece, std::size_t count) noexcept
    {
        if (count != 1 || s_idle.count == s_idle.most)
            return ::operator delete(piece);
        thread_local const End end; // frees them when the thread ends
        ASAN_POISON_MEMORY_REGION(piece, sizeof(T)); // whoever uses it still is found out
        s_idle.pieces[s_idle.count++] = piece;
    }

private:
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    static constexpr std::size_t mostIdle = 64;
    /// There from the beginning of the thread to its very end: other objects of the thread may be destroyed after End.
    struct Idle {
        std::array<T *, mostIdle> pieces{};
        std::size_t count = 0;
        std::size_t most = mostIdle; // 0 at the end
    };
    struct End {
        ~End()
        {
            s_idle.most = 0;
            while (s_idle.count > 0) {
                T *piece = s_idle.pieces[--s_idle.count];
                ASAN_UNPOISON_MEMORY_REGION(piece, sizeof(T));
                ::operator delete(piece);
            }
        }
    };
    static constinit inline thread_local Idle s_idle{};
};

} // namespace decoy
