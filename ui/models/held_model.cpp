// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/held_model.h"

#include "theme/fonts.h"
#include "theme/opcode_style.h"
#include "trace/frame_decoder.h"
#include "trace/frame_names.h"

#include <QGuiApplication>

#include <algorithm>
#include <chrono>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

bool isNumber(int column) { return column >= HeldModel::Waiting; }

QVariant alignment(int column)
{
    return QVariant::fromValue<int>((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

} // namespace

std::int64_t holdClock()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

QString runningTimeText(std::int64_t nanoseconds)
{
    const double seconds = static_cast<double>(std::max<std::int64_t>(0, nanoseconds)) / 1e9;
    return u"%1 s"_s.arg(seconds, 0, 'f', 1);
}

QString heldCallText(const HeldRequest &request, qsizetype maxText)
{
    const DecodedFrame frame = decodeFrame(request.event, request.bytes, maxText);
    const bool needsSpace = !frame.content.isEmpty() && !frame.content.startsWith(u'(');
    return frame.member + (needsSpace ? u" "_s : QString()) + frame.content;
}

HeldModel::HeldModel(const FrameNames &names, QObject *parent)
    : QAbstractTableModel(parent), m_names(names), m_now(holdClock())
{}

void HeldModel::setRequests(const std::vector<HeldRequest> &requests)
{
    const auto stays = [&requests](const HeldRequest &row) {
        return std::ranges::binary_search(requests, row.id, {}, &HeldRequest::id);
    };
    for (int last = rowCount() - 1; last >= 0; --last) { // whole runs at once: a release of all may take thousands
        int first = last + 1;
        while (first > 0 && !stays(request(first - 1)))
            --first;
        if (first <= last) {
            beginRemoveRows({}, first, last);
            m_requests.erase(m_requests.begin() + first, m_requests.begin() + last + 1);
            endRemoveRows();
        }
        last = first - 1;
    }
    // What is left are the oldest of the new ones: ids grow.
    for (std::size_t row = 0; row < m_requests.size(); ++row)
        m_requests[row].forwardedAt = requests[row].forwardedAt;
    if (const auto known = m_requests.size(); known < requests.size()) {
        beginInsertRows({}, static_cast<int>(known), static_cast<int>(requests.size()) - 1);
        m_requests.insert(m_requests.end(), requests.begin() + static_cast<std::ptrdiff_t>(known), requests.end());
        endInsertRows();
    }
    refreshTimes();
}

void HeldModel::refreshTimes()
{
    m_now = holdClock();
    if (!m_requests.empty())
        Q_EMIT dataChanged(index(0, Waiting), index(rowCount() - 1, GoesOnIn), {Qt::DisplayRole});
}

int HeldModel::rowOf(std::uint64_t id) const
{
    const auto found = std::ranges::lower_bound(m_requests, id, {}, &HeldRequest::id);
    return found != m_requests.end() && found->id == id ? static_cast<int>(found - m_requests.begin()) : -1;
}

int HeldModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_requests.size());
}

int HeldModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QString HeldModel::text(const HeldRequest &request, int column) const
{
    switch (column) {
    case Client: return m_names.process(request.event.process);
    case Opcode: {
        const OpcodeStyle &style = opcodeStyle(request.event.opcode, false, QGuiApplication::palette());
        return u"%1 %2"_s.arg(style.sign, style.word);
    }
    case Object: return m_names.object(request.event.object);
    case Call: return heldCallText(request);
    case Waiting: return runningTimeText(m_now - request.event.time);
    case GoesOnIn: return runningTimeText(request.forwardedAt - m_now);
    default: return {};
    }
}

QVariant HeldModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HeldRequest &shown = request(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(shown, index.column());
    case Qt::AccessibleTextRole:
        return u"%1 waits for %2.%3"_s.arg(text(shown, Client), text(shown, Object), text(shown, Call));
    case Qt::TextAlignmentRole: return alignment(index.column());
    case Qt::FontRole:
        return isNumber(index.column()) ? QVariant(m_fonts.numbers())
            : index.column() == Call    ? QVariant(m_fonts.names())
                                        : QVariant();
    case Qt::ForegroundRole:
        return index.column() == Opcode
            ? QVariant(opcodeStyle(shown.event.opcode, false, QGuiApplication::palette()).colour)
            : QVariant();
    default: return {};
    }
}

QVariant HeldModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Client: return u"Who waits"_s;
    case Opcode: return u"Frame"_s;
    case Object: return u"Object"_s;
    case Call: return u"Call"_s;
    case Waiting: return u"Waits for"_s;
    case GoesOnIn: return u"Goes on in"_s;
    default: return {};
    }
}

} // namespace decoy::ui
