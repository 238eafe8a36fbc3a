// SPDX-License-Identifier: BSD-3-Clause
#include "name.h"

#include "utf8.h"

#include <string>

namespace decoy::wire {

std::string_view readName(Reader &reader, const Limits &limits, std::string_view what)
{
    const std::size_t begin = reader.offset();
    const std::string_view name = reader.readString(what);
    if (name.empty())
        Reader::fail(begin, std::string(what) + " is empty");
    if (name.size() > limits.nameLength)
        Reader::fail(begin,
                     std::string(what) + " has " + std::to_string(name.size()) + " bytes, more than the "
                         + std::to_string(limits.nameLength) + " of Limits::nameLength");
    if (!isUtf8(name))
        Reader::fail(begin, std::string(what) + " is not valid UTF-8");
    return name;
}

} // namespace decoy::wire
