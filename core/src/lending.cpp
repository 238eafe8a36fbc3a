// SPDX-License-Identifier: BSD-3-Clause
#include "lending.h"

#include "object/class_target.h"
#include "wire/lent.h"

#include <decoy/lending.h>

#include <utility>

namespace decoy {

Lent::Lent(std::shared_ptr<Target> target) : m_target(std::move(target))
{
    if (!m_target)
        throw ArgumentError("there is no object to lend");
}

namespace detail {

std::shared_ptr<Target> makeTarget(std::shared_ptr<const ClassInfo> info, std::shared_ptr<void> object)
{
    return std::make_shared<object::ClassTarget>(std::move(info), std::move(object));
}

void packLent(BorrowedBuffer &request, const Lent &lent)
{
    if (!request.lending)
        request.lending = std::make_shared<Lending>(*request.lane);
    wire::packLent(*request, request.lending->add(lent.target()), lent.target()->typeName());
}

} // namespace detail
} // namespace decoy
