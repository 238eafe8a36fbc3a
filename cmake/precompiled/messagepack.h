// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "standard.h"

#include <msgpack.hpp>
