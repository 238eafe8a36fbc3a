// SPDX-License-Identifier: BSD-3-Clause
/// The whole public API of decoy::core.
#pragma once

#include <decoy/batch.h>
#include <decoy/callable.h>
#include <decoy/class.h>
#include <decoy/connection.h>
#include <decoy/containers.h>
#include <decoy/description.h>
#include <decoy/duck.h>
#include <decoy/dynamic_object.h>
#include <decoy/error.h>
#include <decoy/event.h>
#include <decoy/frame.h>
#include <decoy/future.h>
#include <decoy/hold.h>
#include <decoy/isolated_server.h>
#include <decoy/json.h>
#include <decoy/lending.h>
#include <decoy/limits.h>
#include <decoy/operators.h>
#include <decoy/proxy.h>
#include <decoy/proxy_server.h>
#include <decoy/shared_memory.h>
#include <decoy/subscription.h>
#include <decoy/tap.h>
#include <decoy/target.h>
#include <decoy/value.h>
