// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace decoy {

/// What each thread puts aside to use it again: at most `most` pieces of a kind, which are disposed of when the thread ends.
template <class Piece, void (*dispose)(Piece *) noexcept, std::size_t most>
class PutAside {
public:
    /// A piece that the thread has put aside; null: it has none.
    [[nodiscard]] static Piece *take() noexcept { return s_kept.count == 0 ? nullptr : s_kept.pieces[--s_kept.count]; }

    /// Keeps a piece for take(), if there is room for it.
    static void put(Piece *piece) noexcept
    {
        if (s_kept.count == s_kept.room)
            return dispose(piece);
        thread_local const End end;
        s_kept.pieces[s_kept.count++] = piece;
    }

private:
    /// There from the beginning of a thread to its very end: what the thread destroys after End may still ask for pieces.
    struct Kept {
        std::array<Piece *, most> pieces{};
        std::size_t count = 0;
        std::size_t room = most; // none once the thread ends
    };
    struct End {
        ~End()
        {
            s_kept.room = 0;
            while (Piece *piece = take())
                dispose(piece);
        }
    };
    static constinit inline thread_local Kept s_kept{};
};

} // namespace decoy
