// SPDX-License-Identifier: BSD-3-Clause
#include "overload.h"

#include "argument_conversion.h"

#include <decoy/error.h>

#include <QObject>

#include <optional>
#include <string>
#include <utility>

namespace decoy::qt {

namespace {

struct Candidate {
    PreparedCall call;
    int distance = 0;
};

/// How many arguments the call has. C++ leaves out only the last ones, and None for those means the same.
std::size_t countOf(const Overload &overload, std::span<const msgpack::object *const> found)
{
    const MethodDescription &method = overload.description;
    std::size_t count = found.size();
    while (count > overload.fewest() && !found[count - 1])
        --count;
    for (std::size_t index = 0; index < count; ++index) {
        if (!found[index])
            throw ArgumentError(method.name + "() needs '" + method.parameters[index].name + "' when '"
                                + method.parameters[count - 1].name + "' is given");
    }
    return count;
}

Candidate prepare(const Overload &overload, const Arguments &arguments)
{
    const MethodDescription &method = overload.description;
    std::vector<const msgpack::object *> found(overload.types.size());
    arguments.bind(method.name, method.parameters, found);
    for (std::size_t index = overload.fewest(); index < found.size(); ++index) {
        // A default's value is not known here, so descriptions show it as None; sent back, it means the default.
        if (found[index] && found[index]->is_nil() && overload.types[index] != QMetaType::fromType<QVariant>())
            found[index] = nullptr;
    }
    const std::size_t count = countOf(overload, found);
    Candidate candidate{{overload.indexes[count - overload.fewest()], overload.returns, {}}, 0};
    for (std::size_t index = 0; index < count; ++index) {
        auto argument = convertArgument(*found[index], overload.types[index], method.name,
                                        method.parameters[index].name);
        candidate.call.arguments.push_back(std::move(argument.value));
        candidate.distance += static_cast<int>(argument.distance);
    }
    return candidate;
}

[[noreturn]] void throwNoneFits(std::span<const Overload> overloads)
{
    std::string text = overloads.front().description.name + "() cannot be called with these arguments; there is ";
    for (const Overload &overload : overloads)
        text += (&overload == &overloads.front() ? "" : ", ") + overload.description.signature();
    throw ArgumentError(text);
}

void *dataOf(QVariant &value, QMetaType type)
{
    return type == QMetaType::fromType<QVariant>() ? &value : value.data();
}

} // namespace

QVariant PreparedCall::run(QObject &object)
{
    const bool returnsVariant = returns == QMetaType::fromType<QVariant>();
    const bool returnsNothing = returns == QMetaType::fromType<void>();
    QVariant result = returnsVariant || returnsNothing ? QVariant() : QVariant(returns);
    const QMetaMethod method = object.metaObject()->method(methodIndex);
    std::vector<void *> places{returnsNothing ? nullptr : dataOf(result, returns)};
    for (std::size_t index = 0; index < arguments.size(); ++index)
        places.push_back(dataOf(arguments[index], method.parameterMetaType(static_cast<int>(index))));
    // QMetaMethod::invoke() takes at most ten arguments, and wants them by name.
    QMetaObject::metacall(&object, QMetaObject::InvokeMetaMethod, methodIndex, places.data());
    return result;
}

PreparedCall chooseOverload(std::span<const Overload> overloads, const Arguments &arguments)
{
    if (overloads.size() == 1)
        return prepare(overloads.front(), arguments).call;
    std::optional<Candidate> best;
    for (const Overload &overload : overloads) {
        try {
            Candidate candidate = prepare(overload, arguments);
            if (!best || candidate.distance < best->distance)
                best = std::move(candidate);
        } catch (const ProxyError &) {
            // This one does not fit; the error is about all of them.
        }
    }
    if (!best)
        throwNoneFits(overloads);
    return std::move(best->call);
}

} // namespace decoy::qt
