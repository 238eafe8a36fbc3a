// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/saved_call_model.h"

#include "session/saved_calls.h"

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

SavedCallModel::SavedCallModel(SavedCalls &calls, QObject *parent) : QAbstractListModel(parent), m_calls(calls)
{
    connect(&m_calls, &SavedCalls::aboutToChange, this, [this] { beginResetModel(); });
    connect(&m_calls, &SavedCalls::changed, this, [this] { endResetModel(); });
}

int SavedCallModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_calls.count(); }

QVariant SavedCallModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SavedCall &saved = m_calls.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return saved.name;
    case Qt::ToolTipRole: {
        const QString text = u"%1.%2 at %3"_s.arg(saved.call.object, callLine(saved.call), saved.call.server);
        return u"<p style='white-space:pre-wrap'>%1</p>"_s.arg(text.left(1000).toHtmlEscaped());
    }
    default: return {};
    }
}

Qt::ItemFlags SavedCallModel::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index)
        | (index.isValid() ? Qt::ItemIsEditable | Qt::ItemNeverHasChildren : Qt::NoItemFlags);
}

bool SavedCallModel::setData(const QModelIndex &index, const QVariant &name, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const QString problem = m_calls.rename(index.row(), name.toString());
    if (!problem.isEmpty())
        Q_EMIT changeRefused(problem);
    return problem.isEmpty();
}

} // namespace decoy::ui
