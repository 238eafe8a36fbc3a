// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/description.h>
#include <decoy/target.h>

#include <QMetaMethod>
#include <QMetaType>
#include <QVariant>

#include <span>
#include <string_view>
#include <vector>

class QObject;

namespace decoy::qt {

/// One signature of a method, with the shorter ones that its default arguments make.
struct Overload {
    MethodDescription description;
    std::vector<QMetaType> types;
    QMetaType returns;
    /// The method's index for each number of arguments from the smallest one on; the last is the whole signature.
    std::vector<int> indexes;

    [[nodiscard]] std::size_t fewest() const noexcept { return types.size() + 1 - indexes.size(); }
};

/// A call that only needs its object: its arguments have been copied, and have the exact types.
struct PreparedCall {
    int methodIndex = -1;
    QMetaType returns;
    std::vector<QVariant> arguments;

    /// Calls the method in this thread, which must be the object's. Exceptions of the method pass through.
    [[nodiscard]] QVariant run(QObject &object);
};

/// The overload that the arguments fit best, the first declared one if several do. Throws ArgumentError: about the wrong
/// argument if there is one overload only, else with the list of what there is.
[[nodiscard]] PreparedCall chooseOverload(std::span<const Overload> overloads, const Arguments &arguments);

} // namespace decoy::qt
