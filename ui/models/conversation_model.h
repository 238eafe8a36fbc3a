// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/frame_snapshot.h"

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace decoy::ui {

class FrameNames;

/// The call of one frame, frame by frame, and the calls before and after it that the same client made on the same object. Of an EVENT:
/// the call that subscribed, the events around it, and the call that ended the subscription.
/// Texts are made when it is looked up, so it stays right when the store discards the frames. Names must outlive it.
class ConversationModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : quint8 { Number, Time, Gap, Frame, Content };
    static constexpr int columns = Content + 1;

    /// Calls shown before the frame's own, and as many after it.
    static constexpr int neighbours = 6;
    /// Frames looked at in each direction to find them, so that the cost is bounded.
    static constexpr Row mostSearched = 20'000;

    explicit ConversationModel(const FrameNames &names, QObject *parent = nullptr);

    /// noRow, or a frame that is not there: an empty model.
    void setFrame(const FrameSnapshot &frames, Row row);

    [[nodiscard]] Row frameOf(const QModelIndex &index) const { return m_lines.at(std::size_t(index.row())).row; }
    [[nodiscard]] QModelIndex indexOfFrame(Row row) const;
    /// Whether a line belongs to the call that was asked for.
    [[nodiscard]] bool isOwn(const QModelIndex &index) const { return m_lines.at(std::size_t(index.row())).isOwn; }
    /// Nothing of the call can come any more, and all neighbours were found: looking again would show the same.
    [[nodiscard]] bool isComplete() const noexcept { return m_isComplete; }
    /// "teller 4711 asks account: taken 12 µs after …": the call in one line.
    [[nodiscard]] const QString &summary() const noexcept { return m_summary; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        Row row = noRow;
        bool isOwn = false;
        bool isFailed = false;
        int opcode = 0;
        std::int64_t time = 0; ///< since the call's request, or since the subscription was asked for
        std::int64_t gap = -1; ///< since the frame before it in its call; -1: it is the first
        QString content;
        bool operator==(const Line &) const = default;
    };

    void addCall(std::vector<Line> &lines, const FrameSnapshot &frames, Row request, bool isOwn,
                 std::int64_t origin) const;
    [[nodiscard]] QString text(const Line &line, int column) const;
    [[nodiscard]] QString summarise(const FrameSnapshot &frames, Row request) const;
    [[nodiscard]] Line lineOf(const FrameSnapshot &frames, Row row, Row previous, std::int64_t origin) const;
    void addSubscription(std::vector<Line> &lines, const FrameSnapshot &frames, Row row);
    [[nodiscard]] QString summariseSubscription(const FrameSnapshot &frames, Row row, Row asked) const;

    const FrameNames &m_names;
    std::vector<Line> m_lines;
    QString m_summary;
    bool m_isComplete = false;
};

} // namespace decoy::ui
