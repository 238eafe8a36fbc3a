// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bytes.h"

#include "theme/opcode_style.h"
#include "trace/frame_names.h"
#include "trace/frame_store.h"
#include "trace/timeline_builder.h"
#include "views/sequence_view.h"
#include "views/traffic_columns.h"

#include <QCoreApplication>
#include <QImage>
#include <QTest>

#include <algorithm>
#include <cstdlib>

/// A store that is filled one frame after the other, a millisecond apart.
struct FrameCapture {
    static constexpr std::int64_t millisecond = 1'000'000;

    void add(frames::Event event)
    {
        event->sequence = store.endRow();
        event->time = static_cast<std::int64_t>(store.endRow() + 1) * millisecond;
        event.appendTo(store);
    }
    [[nodiscard]] QString text(decoy::ui::Row row, decoy::ui::TrafficColumn column) const
    {
        const decoy::ui::FrameSnapshot snapshot = store.snapshot();
        return decoy::ui::TrafficRow(snapshot, row, names).text(column);
    }

    decoy::ui::FrameStore store;
    decoy::ui::FrameNames names;
};

/// The frames of a capture as arrows between lifelines, as they are painted.
struct DrawnSequence {
    explicit DrawnSequence(FrameCapture &frames) : capture(frames)
    {
        view.resize(1000, 600);
        view.show();
        view.refresh();
    }
    /// Waits for the arrows; false if they do not come.
    [[nodiscard]] bool isComplete()
    {
        if (!QTest::qWaitFor([this] { return builder.current()->endRow == capture.store.endRow(); }))
            return false;
        QCoreApplication::sendPostedEvents();
        image = view.viewport()->grab().toImage();
        return true;
    }
    /// How much of a frame's arrow is painted: 1 where it is solid.
    [[nodiscard]] double painted(decoy::ui::Row row, decoy::ui::FrameRole role) const
    {
        constexpr int end = 16; // pixels; signs and heads are painted there
        const QLine line = view.arrow(row);
        const QColor colour = decoy::ui::opcodeStyle(role, view.palette()).colour;
        int found = 0;
        for (int x = std::min(line.x1(), line.x2()) + end; x < std::max(line.x1(), line.x2()) - end; ++x)
            found += image.pixelColor(x, line.y1()) == colour ? 1 : 0;
        return double(found) / (std::abs(line.dx()) - 2 * end);
    }

    FrameCapture &capture;
    decoy::ui::TimelineBuilder builder;
    decoy::ui::SequenceView view{capture.store, capture.names, builder};
    QImage image;
};
