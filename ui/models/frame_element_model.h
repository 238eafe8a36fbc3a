// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/frame_layout.h>

#include <QAbstractItemModel>
#include <QByteArray>

#include <vector>

namespace decoy::ui {

/// The elements of one frame as a tree. Immutable between two setFrame().
class FrameElementModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Element, Value, Type, Bytes, ColumnCount };

    explicit FrameElementModel(QObject *parent = nullptr);

    /// Takes `bytes` apart, which were kept of a frame of `size` bytes. Empty bytes of an empty frame: an empty model.
    void setFrame(const QByteArray &bytes, quint64 size);

    /// The innermost element that the byte belongs to; invalid if there is none.
    [[nodiscard]] QModelIndex elementAt(int byte, int column = Element) const;
    [[nodiscard]] int elementCount() const noexcept { return static_cast<int>(m_elements.size()); }
    /// Gives one element a background, for what the mouse points at elsewhere; invalid for none.
    void setHighlighted(const QModelIndex &index);
    /// What an index stands for; it must be valid.
    [[nodiscard]] const FrameElement &element(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QModelIndex indexOf(int element, int column) const;
    [[nodiscard]] const std::vector<int> &membersOf(const QModelIndex &parent) const;

    std::vector<FrameElement> m_elements;
    std::vector<std::vector<int>> m_members; ///< of each element; the last are those without a parent
    std::vector<int> m_rowInParent;
    int m_highlighted = -1;
};

} // namespace decoy::ui
