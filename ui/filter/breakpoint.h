// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_parser.h"
#include "filter/filter_predicate.h"
#include "trace/frame_names.h"
#include "trace/frame_snapshot.h"

#include <decoy/tap.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace decoy::ui {

/// Which requests wait: a filter that can be asked before the call is made. Immutable; any thread may ask it.
///
/// What only the answer tells (latency, error), and what only the capture knows (frame, time), cannot be asked for.
class Breakpoint {
public:
    /// What became of a text: a breakpoint, or what is wrong with it and where.
    struct Compiled;
    [[nodiscard]] static Compiled compile(const QString &text);

    /// Every request.
    Breakpoint() = default;

    [[nodiscard]] const QString &text() const noexcept { return m_text; }
    /// Whether it asks for names of objects or processes.
    [[nodiscard]] bool needsNames() const noexcept { return m_predicate && m_predicate->dependsOnNames(); }

    enum class Answer : quint8 { No, Yes, UnknownObject };
    /// `bytes` is the whole request, prefix first. UnknownObject: the answer is no, but may be another one when the object that
    /// is asked has a name in `names`.
    [[nodiscard]] Answer matches(const FrameEvent &request, std::span<const std::byte> bytes,
                                 const FrameNames &names) const;

private:
    QString m_text;
    std::shared_ptr<const FilterPredicate> m_predicate; ///< null: every request
    FrameSnapshot m_noFrames;
};

struct Breakpoint::Compiled {
    Breakpoint breakpoint;
    std::optional<FilterError> error;
    [[nodiscard]] bool isValid() const noexcept { return !error; }
};

} // namespace decoy::ui
