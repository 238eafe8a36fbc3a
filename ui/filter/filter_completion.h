// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace decoy::ui {

class FrameNames;
class FrameSnapshot;

/// Names that a filter can ask for, as they are known now.
struct FilterVocabulary {
    QStringList objects;
    QStringList types;
    QStringList processes;
    QStringList members; ///< attributes and methods
    QStringList events;

    /// Members and events are those of the latest frames: what is asked for, and told, now.
    [[nodiscard]] static FilterVocabulary from(const FrameNames &names, const FrameSnapshot &frames);
};

struct FilterCandidate {
    QString text; ///< replaces what was begun
    QString hint; ///< what it means; may be empty
    [[nodiscard]] bool operator==(const FilterCandidate &) const = default;
};

/// What could stand at the cursor, and which characters it would replace.
struct FilterCompletion {
    qsizetype position = 0;
    qsizetype length = 0;
    std::vector<FilterCandidate> candidates; ///< those that go on from what was begun, best first
};

[[nodiscard]] FilterCompletion completeFilter(QStringView text, qsizetype cursor, const FilterVocabulary &vocabulary);

} // namespace decoy::ui
