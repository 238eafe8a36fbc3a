// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace decoy::ui {

class Worker;
class WorkerPool;

/// The pool's workers as rows, dead ones included.
class WorkerModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { Name, State, Process, Load, Calls, Rate, InFlight, Ending };
    static constexpr int columns = Ending + 1;

    explicit WorkerModel(WorkerPool &pool, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QVariant text(const Worker &worker, int column);

    WorkerPool &m_pool;
    int m_rows = 0;
};

} // namespace decoy::ui
