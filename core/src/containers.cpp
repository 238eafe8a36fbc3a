// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/containers.h>

#include "object/shown.h"

namespace decoy::detail {

std::size_t checkedIndex(std::int64_t index, std::size_t size)
{
    // Compared as unsigned only when it cannot be negative: -2^63 must not wrap around into the list.
    if (index < 0 ? -(index + 1) < static_cast<std::int64_t>(size) : static_cast<std::uint64_t>(index) < size)
        return static_cast<std::size_t>(index < 0 ? index + static_cast<std::int64_t>(size) : index);
    throw ArgumentError("index " + std::to_string(index) + " is out of range, the size is " + std::to_string(size));
}

void throwMissingKey(const Value &key) { throw ArgumentError("there is no key " + object::shownValue(key.object())); }

} // namespace decoy::detail
