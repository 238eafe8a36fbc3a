// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/cell_fonts.h"

#include <decoy/hold.h>

#include <QAbstractTableModel>

#include <vector>

namespace decoy::ui {

class FrameNames;

/// Requests that wait, the oldest first. Rows stay the same while others come and go; `names` must outlive the model.
class HeldModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { Client, Opcode, Object, Call, Waiting, GoesOnIn };
    static constexpr int columns = GoesOnIn + 1;

    explicit HeldModel(const FrameNames &names, QObject *parent = nullptr);

    /// Shows these instead, which are in the order of their ids.
    void setRequests(const std::vector<HeldRequest> &requests);
    /// Counts the times on. Call it as often as numbers may change.
    void refreshTimes();

    [[nodiscard]] const HeldRequest &request(int row) const { return m_requests[static_cast<std::size_t>(row)]; }
    /// -1 if it is not there.
    [[nodiscard]] int rowOf(std::uint64_t id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const HeldRequest &request, int column) const;

    const FrameNames &m_names;
    const CellFonts m_fonts;
    std::vector<HeldRequest> m_requests;
    std::int64_t m_now = 0;
};

/// "deposit(50, memo="gift")", "owner", "owner = "Ada"".
[[nodiscard]] QString heldCallText(const HeldRequest &request, qsizetype maxText = 160);

/// "12.3 s": what a person reads of a time that runs.
[[nodiscard]] QString runningTimeText(std::int64_t nanoseconds);

/// CLOCK_MONOTONIC, ns: the clock of HeldRequest's times.
[[nodiscard]] std::int64_t holdClock();

} // namespace decoy::ui
