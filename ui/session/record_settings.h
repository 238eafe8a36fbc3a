// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trace/record_rules.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace decoy {
struct ObjectInfo;
}

namespace decoy::ui {

class TrafficCollector;

/// What the person does not want to be recorded at all, kept between sessions: kinds of requests, and objects. A published object is
/// remembered by its name, and found again when its id is another; one without a name until the end. UI thread only.
class RecordSettings : public QObject {
    Q_OBJECT

public:
    struct SkippedObject {
        quint64 id = 0; ///< 0 if no object of that name is there
        QString title;  ///< the name of a published one
        bool isPublished = false;
    };
    /// Beyond it the oldest is recorded again.
    static constexpr std::size_t mostObjects = 64;

    /// The collector must outlive this; it follows the choice of last time from now on.
    explicit RecordSettings(TrafficCollector &collector, QObject *parent = nullptr);

    [[nodiscard]] bool records(RecordRules::Kind kind) const noexcept { return m_kinds & kind; }
    void setRecords(RecordRules::Kind kind, bool isRecorded);

    [[nodiscard]] bool recordsObject(quint64 id) const noexcept;
    void skipObject(quint64 id, const QString &title, bool isPublished);
    void recordObject(quint64 id);
    [[nodiscard]] const std::vector<SkippedObject> &skippedObjects() const noexcept { return m_objects; }
    /// One of skippedObjects(), by its title: it may not be there.
    void recordObject(const QString &title);

    [[nodiscard]] bool recordsEverything() const noexcept;
    /// Whether no request is recorded, of whatever kind.
    [[nodiscard]] bool recordsNothing() const noexcept;
    void recordEverything();
    /// Records everything until resume(), which brings back what was chosen; unless something is chosen meanwhile. What is saved stays.
    void suspend();
    void resume();

    /// Whether a sample is enough while more comes than can be recorded without slowing the server down. It is at first.
    [[nodiscard]] bool samplesUnderLoad() const noexcept { return m_samplesUnderLoad; }
    void setSamplesUnderLoad(bool samples);

    /// "gets, releases, counter": what is not recorded; empty if everything is.
    [[nodiscard]] QString exceptions() const;

    /// What the server has now: names stand for other ids perhaps.
    void learnObjects(const std::vector<ObjectInfo> &objects);

Q_SIGNALS:
    void changed();
    void samplesUnderLoadChanged(bool samples);

private:
    struct Choice {
        std::uint8_t kinds = RecordRules::everyKind;
        std::vector<SkippedObject> objects;
    };

    [[nodiscard]] QStringList skippedKinds() const;
    void take(Choice choice);
    void noteChoice();
    void apply();
    void applyBudget();
    void save() const;

    TrafficCollector &m_collector;
    std::uint8_t m_kinds = RecordRules::everyKind;
    std::vector<SkippedObject> m_objects;
    std::optional<Choice> m_suspended;
    bool m_samplesUnderLoad = true;
};

} // namespace decoy::ui
