// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace/leak_finder.h"

#include <algorithm>

namespace decoy::ui {

LeakFinder::LeakFinder(LeakOptions options, std::string server) : m_options(options), m_server(std::move(server)) {}

bool LeakFinder::look(const std::vector<HeldObjects> &books)
{
    std::map<RowKey, Growth> rows;
    m_leaks.clear();
    for (std::size_t place = 0; place < std::min(books.size(), mostRows); ++place) {
        const HeldObjects &row = books[place];
        if (row.process == m_options.ownProcess)
            continue;
        RowKey key(row.connection, row.type);
        const auto before = m_rows.find(key);
        const Growth growth = grown(before == m_rows.end() ? Growth{.from = row.references} : before->second,
                                    row.references);
        rows.insert_or_assign(std::move(key), growth);
        if (!isLeak(growth))
            continue;
        Problem &leak = m_leaks.emplace_back();
        leak.kind = ProblemKind::LeakedProxies;
        leak.server = m_server;
        leak.type = row.type;
        leak.process = row.process;
        leak.connection = row.connection;
        leak.object = row.ids.empty() ? 0 : row.ids.front();
        leak.since = row.since;
        leak.count = row.references;
        leak.amount = static_cast<std::int64_t>(row.objects);
        leak.limit = static_cast<std::int64_t>(growth.from);
    }
    std::ranges::stable_sort(m_leaks, std::ranges::greater(), &Problem::count);
    const bool hasChanged = rows != m_rows;
    m_rows = std::move(rows);
    return hasChanged;
}

LeakFinder::Growth LeakFinder::grown(Growth before, std::uint64_t now) const
{
    if (static_cast<double>(now) < m_options.keptPart * static_cast<double>(before.most))
        return {.from = now, .most = now, .now = now}; // it does give back
    if (before.most == 0)
        before.most = now; // the first look
    if (now > before.most) {
        before.most = now;
        ++before.looks;
    }
    before.now = now;
    return before;
}

bool LeakFinder::isLeak(const Growth &growth) const
{
    return growth.looks >= m_options.looks && growth.most >= growth.from + m_options.leastGrowth
        && static_cast<double>(growth.most) >= m_options.growthFactor * static_cast<double>(growth.from);
}

} // namespace decoy::ui
