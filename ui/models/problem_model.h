// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/cell_fonts.h"
#include "trace/problems.h"

#include <QAbstractTableModel>

#include <vector>

namespace decoy::ui {

class FrameNames;

/// Problems as rows. What is known stays where it is while its numbers change; `names` must outlive the model.
class ProblemModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { Severity, Title, Count, First, Last };
    static constexpr int columns = Last + 1;

    explicit ProblemModel(const FrameNames &names, QObject *parent = nullptr);

    /// Shows these instead; rows that are about the same as before are kept.
    void setProblems(const std::vector<Problem> &problems);
    [[nodiscard]] const Problem &problem(int row) const { return m_problems[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const Problem &problem, int column) const;
    void removeAllBut(const std::vector<Problem> &problems);
    void insert(const Problem &problem);

    const FrameNames &m_names;
    const CellFonts m_fonts;
    std::vector<Problem> m_problems;
};

/// "✕ Error", "▲ Warning", "• Note".
[[nodiscard]] QString severityText(ProblemSeverity severity);

} // namespace decoy::ui
