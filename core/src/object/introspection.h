// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/target.h>

#include <string_view>

namespace decoy::object {

/// Answers the dunder methods that every object has, made from what the target says of itself: `__describe__()`, `__dir__()`,
/// `__str__()`, `__repr__()`, `__getattr__(name)`, `__getattribute__(name)` and `__setattr__(name, value)`. False, with nothing
/// answered, for any other name.
///
/// A target that binds one of them wins: the dispatcher asks it first, and comes here only when Target::call() threw
/// AttributeNotFound for a name that begins with two underscores. So an ordinary call never pays for this, and user-written
/// targets get it too. Throws what Target::get() and set() throw, and ArgumentError.
bool answerCommonDunder(Target &target, std::string_view method, const Arguments &arguments, Reply &reply);

} // namespace decoy::object
