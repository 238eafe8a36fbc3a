// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QToolButton;
class QTreeView;

namespace decoy::ui {

class FrameElementModel;
class FrameNames;
class HexView;

/// One frame, taken apart: a line that says what it is, a tree of its elements, and its bytes beside them, linked both ways.
class FrameDetailsView : public QWidget {
    Q_OBJECT

public:
    explicit FrameDetailsView(const FrameNames &names, QWidget *parent = nullptr);
    ~FrameDetailsView() override;

    /// Shows a frame; noRow, or one that is not in `frames`, shows the empty state. The bytes are copied.
    void showFrame(const FrameSnapshot &frames, Row row);
    [[nodiscard]] Row row() const noexcept { return m_row; }

Q_SIGNALS:
    /// The person wants to see the frame that answers this one, or the one that this one answers.
    void frameRequested(decoy::ui::Row row);
    void objectRequested(quint64 objectId);

private:
    void showHeader(const FrameSnapshot &frames);
    void selectElementAt(int byte);
    void selectBytesOfElement(const QModelIndex &index);

    const FrameNames &m_names;
    Row m_row = noRow;
    std::uint64_t m_object = 0;
    Row m_partner = noRow;
    QLabel *m_opcode = nullptr;
    QLabel *m_summary = nullptr;
    QToolButton *m_partnerButton = nullptr;
    QSplitter *m_splitter = nullptr;
    QTreeView *m_tree = nullptr;
    HexView *m_hex = nullptr;
    FrameElementModel *m_model = nullptr;
};

} // namespace decoy::ui
