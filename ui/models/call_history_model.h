// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QFont>

namespace decoy::ui {

class CallHistory;
struct CallRecord;

/// The calls by hand as rows, newest first. The history must outlive it.
class CallHistoryModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { When, Object, Call, Outcome, Duration };
    static constexpr int columns = Duration + 1;

    explicit CallHistoryModel(CallHistory &history, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const CallRecord &record, int column);

    CallHistory &m_history;
    int m_rows = 0;
};

} // namespace decoy::ui
