// SPDX-License-Identifier: BSD-3-Clause
// What most sources include, parsed once. Each source still names what it uses: the dev preset builds without this.
#pragma once

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#pragma GCC diagnostic ignored \
    "-Wrestrict" // as DecoyBuild.cmake has it: precompiled headers forget what the command line said
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>
