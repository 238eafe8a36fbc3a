// SPDX-License-Identifier: BSD-3-Clause
#include <decoy/remote_range.h>

#include "remote_object.h"

#include <string>
#include <utility>

namespace decoy::detail {

namespace {

constexpr std::string_view batchMethod = "__next_items__";

/// Asks `question`; false if the object has no such `method`. A server of the reference says that only in words.
template <class Question>
bool isAnswered(std::string_view method, const Proxy &container, Question question)
{
    try {
        question();
        return true;
    } catch (const AttributeNotFound &) {
        return false;
    } catch (const RemoteError &error) {
        const bool isDuck = container.remote()->lane().server().dialect == wire::Dialect::Duck;
        if (!isDuck || error.message().find(method) == std::string::npos)
            throw;
        return false;
    }
}

} // namespace

ItemStream::ItemStream(Proxy container, std::uint32_t batch) : m_container(std::move(container)), m_batch(batch)
{
    begin();
}

ItemStream::ItemStream(Value members) : m_items(std::move(members))
{
    if (m_items.isCallable() || m_items.object().type != msgpack::type::ARRAY)
        throw DataDecodeError("expected a container's proxy or a list, found " + m_items.toString());
    m_count = m_items.size();
    next();
}

void ItemStream::next()
{
    m_isAtEnd = true; // until there is one; also if there is an error instead
    if (m_index == m_count)
        return fetch();
    m_item = m_source == Source::Places ? m_container.call("__getitem__", m_index) : m_items.at(m_index);
    ++m_index;
    m_isAtEnd = false;
}

void ItemStream::begin()
{
    m_source = Source::Batches;
    if (isAnswered(batchMethod, m_container, [this] { take(m_container.call(batchMethod, Value(), m_batch)); }))
        return;
    m_source = Source::Places;
    if (!isAnswered("__len__", m_container, [this] { m_count = m_container.size(); }))
        throw AttributeNotFound(m_container.toString()
                                + " has no items to go through: it is no container, or not bound as one");
    next();
}

void ItemStream::fetch()
{
    if (m_source == Source::Batches && !m_cursor.isNone())
        take(m_container.call(batchMethod, m_cursor, m_batch));
}

void ItemStream::take(const Value &answer)
{
    m_items = answer.at(0);
    m_cursor = answer.at(1);
    m_index = 0;
    m_count = m_items.size();
    if (m_items.object().type != msgpack::type::ARRAY || (m_count == 0 && !m_cursor.isNone()))
        throw DataDecodeError("what the server gave is no batch of items");
    if (m_count != 0)
        next();
    else
        m_isAtEnd = true;
}

} // namespace decoy::detail
