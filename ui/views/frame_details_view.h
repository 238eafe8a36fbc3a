// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <decoy/frame_layout.h>

#include <QWidget>

class QLabel;
class QModelIndex;
class QPushButton;
class QSplitter;
class QTreeView;

namespace decoy::ui {

class ElidedLabel;
class EmptyState;
class FrameElementModel;
class FrameNames;
class HexView;

/// One frame, taken apart: a line that says what it is, a tree of its elements, and its bytes beside them, linked both ways.
/// `names` must outlive it.
class FrameDetailsView : public QWidget {
    Q_OBJECT

public:
    explicit FrameDetailsView(const FrameNames &names, QWidget *parent = nullptr);
    ~FrameDetailsView() override;

    /// Shows a frame; noRow, or one that is not in `frames`, shows the empty state. The bytes are copied, so the frame stays
    /// here when the store discards it.
    void showFrame(const FrameSnapshot &frames, Row row);
    /// Looks whether the frame has found its partner since: a result comes after its request was selected. Costs little.
    void refresh(const FrameSnapshot &frames);
    /// Selects the first part of this role, in the list and among the bytes. Nothing happens if the frame has none.
    void selectElement(FrameElement::Role role);
    [[nodiscard]] Row row() const noexcept { return m_row; }

Q_SIGNALS:
    /// The person wants to see the frame that answers this one, or the one that this one answers.
    void frameRequested(decoy::ui::Row row);
    /// A part of the frame was selected.
    void elementSelected(decoy::FrameElement::Role role);

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeHeaderLine();
    void makeTree();
    void link();
    void showHeaderLine(const FrameSnapshot &frames);
    void showPartner(const FrameSnapshot &frames);
    void styleOpcode();
    void expandSensibly();
    void showElement(const QModelIndex &index);
    void pointAtByte(int byte);
    void pointAtElement(const QModelIndex &index);

    const FrameNames &m_names;
    Row m_row = noRow;
    Row m_partner = noRow;
    std::uint64_t m_generation = 0;
    bool m_isAnswer = false;
    int m_opcodeNumber = 0;
    bool m_isFailed = false;

    QWidget *m_content = nullptr;
    QLabel *m_opcode = nullptr;
    ElidedLabel *m_summary = nullptr;
    QLabel *m_facts = nullptr;
    QPushButton *m_partnerButton = nullptr;
    QTreeView *m_tree = nullptr;
    QLabel *m_explanation = nullptr;
    HexView *m_hex = nullptr;
    FrameElementModel *m_model = nullptr;
    EmptyState *m_empty = nullptr;
};

} // namespace decoy::ui
