// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/sequence_layout.h"
#include "views/traffic_painter.h"

#include <QLine>

namespace decoy::ui {

struct OpcodeStyle;

/// How one frame is drawn in the sequence diagram.
struct SequenceRowState {
    bool isCurrent = false;
    bool hasFocus = false; ///< of the whole view
    bool isHovered = false;
    bool isInCall = false; ///< belongs to the current frame's call
    bool isOpen = false;   ///< a request without a result so far
};

/// What stands in front of a frame's arrow.
struct SequenceGutter {
    QString number;
    QString time;
    QString gap;            ///< since the frame above
    QString missing;        ///< how many frames are not there between the two; empty if none
    bool isLongGap = false; ///< long enough to draw a break
};

/// Draws the sequence diagram. Made for one paint event.
class SequencePainter {
public:
    SequencePainter(QPainter &painter, const SequenceLayout &layout, const QPalette &palette,
                    const TrafficFonts &fonts);

    /// The lines that go down below the lanes' heads.
    void paintLifelines(int bottom);
    void paintBackground(const SequenceRowState &state, bool failed, int top);
    /// A bar on a client's lifeline: it waits there for its result; hollow if none has come.
    void paintWaiting(std::size_t client, int from, int to, bool isOpen);
    /// The same for the server, while it waits for what a client has lent.
    void paintServerWaiting(int from, int to, bool isOpen);
    void paintArrow(const FrameEvent &event, const SequenceRowState &state, int top);
    void paintLabel(const TrafficRow &row, const QString &client, const SequenceRowState &state, int top);
    void paintGutter(const SequenceGutter &gutter, int top);
    void paintHead(const QString &server, const std::vector<QString> &clients, const std::vector<QString> &ways);

    /// From the sender to the receiver, cut off where the client's lane is out of sight.
    [[nodiscard]] static QLine arrowLine(const SequenceLayout &layout, const FrameEvent &event, int top);

private:
    void paintBar(int x, int from, int to, bool isOpen);
    void fillAs(QRect rect, const SequenceRowState &state, bool failed);
    void paintTip(QPoint tip, bool toTheRight, const QColor &colour, bool filled);
    void paintErrorMark(QPoint at, const QColor &colour);
    void paintProxyMark(QPoint at);
    void paintText(const QString &text, QRect rect, const TrafficFonts::Face &face, const QColor &colour,
                   Qt::Alignment side);
    int paintPart(const QString &text, int left, int right, int baseline, const TrafficFonts::Face &face,
                  const QColor &colour);

    QPainter &m_painter;
    const SequenceLayout &m_layout;
    const QPalette &m_palette;
    const TrafficFonts &m_fonts;
    const QColor m_muted;
    const QColor m_line;
};

} // namespace decoy::ui
