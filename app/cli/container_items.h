// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/proxy.h>

#include <cstddef>
#include <optional>

namespace decoy::cli {

/// All items of a container, to be written as JSON: a dictionary as a dict, everything else as a list; of objects, what they are called.
/// Throws AttributeNotFound if it is no container.
[[nodiscard]] Value itemsOf(const Proxy &container);

/// How many items it has; nothing if it is no container.
[[nodiscard]] std::optional<std::size_t> sizeOf(const Proxy &object, const Description &description);

} // namespace decoy::cli
