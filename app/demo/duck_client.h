// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace decoy::demo {

/// The text of duck_client.py, for `python3 -c`: so there is no file to be found at run time.
extern const std::string_view duckClientSource;

} // namespace decoy::demo
