// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/record_settings.h"

#include "session/record_kinds.h"
#include "trace/traffic_collector.h"

#include <decoy/proxy_server.h>

#include <QSettings>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

// Another version's settings are not read: everything is recorded then.
constexpr QLatin1String versionKey{"record/version"};
constexpr QLatin1String kindsKey{"record/skippedKinds"};
constexpr QLatin1String objectsKey{"record/skippedObjects"};
constexpr QLatin1String samplesKey{"record/samplesUnderLoad"};
constexpr int version = 1;

/// What is recorded of more while a sample is enough. It is a quarter of what can be recorded at all; each frame more costs the server more
/// than it shows the person. The burst is what comes while somebody starts a worker; a sample's part of it lasts a quarter of a second.
constexpr double framesPerSecond = 250'000;
constexpr double burst = 65'000;

constexpr std::uint8_t requestKinds = RecordRules::Gets | RecordRules::Sets | RecordRules::Calls
    | RecordRules::Releases;

} // namespace

RecordSettings::RecordSettings(TrafficCollector &collector, QObject *parent) : QObject(parent), m_collector(collector)
{
    const QSettings settings;
    if (settings.value(versionKey).toInt() == version) {
        const QStringList skipped = settings.value(kindsKey).toStringList();
        for (const RecordKind &known : recordKinds()) {
            if (skipped.contains(known.name))
                m_kinds &= static_cast<std::uint8_t>(~known.kind);
        }
        const QStringList names = settings.value(objectsKey).toStringList();
        for (const QString &name : names.first(std::min<qsizetype>(names.size(), mostObjects)))
            m_objects.push_back({0, name, true});
    }
    m_samplesUnderLoad = settings.value(samplesKey, true).toBool();
    apply();
    applyBudget();
}

void RecordSettings::setRecords(RecordRules::Kind kind, bool isRecorded)
{
    if (records(kind) == isRecorded)
        return;
    m_kinds = static_cast<std::uint8_t>(isRecorded ? m_kinds | kind : m_kinds & ~kind);
    noteChoice();
}

bool RecordSettings::recordsObject(quint64 id) const noexcept
{
    return std::ranges::find(m_objects, id, &SkippedObject::id) == m_objects.end();
}

void RecordSettings::skipObject(quint64 id, const QString &title, bool isPublished)
{
    if (!recordsObject(id) || id == 0)
        return;
    if (m_objects.size() == mostObjects)
        m_objects.erase(m_objects.begin());
    m_objects.push_back({id, title, isPublished});
    noteChoice();
}

void RecordSettings::recordObject(quint64 id)
{
    if (id == 0 || std::erase_if(m_objects, [id](const SkippedObject &object) { return object.id == id; }) == 0)
        return;
    noteChoice();
}

void RecordSettings::recordObject(const QString &title)
{
    if (std::erase_if(m_objects, [&title](const SkippedObject &object) { return object.title == title; }) == 0)
        return;
    noteChoice();
}

bool RecordSettings::recordsEverything() const noexcept
{
    return m_kinds == RecordRules::everyKind && m_objects.empty();
}

bool RecordSettings::recordsNothing() const noexcept { return (m_kinds & requestKinds) == 0; }

void RecordSettings::recordEverything()
{
    if (recordsEverything() && !m_suspended)
        return;
    m_kinds = RecordRules::everyKind;
    m_objects.clear();
    noteChoice();
}

void RecordSettings::suspend()
{
    if (m_suspended || recordsEverything())
        return;
    m_suspended = Choice{m_kinds, m_objects};
    take({});
}

void RecordSettings::resume()
{
    if (const auto before = std::exchange(m_suspended, {}))
        take(*before);
}

void RecordSettings::take(Choice choice)
{
    m_kinds = choice.kinds;
    m_objects = std::move(choice.objects);
    apply();
    Q_EMIT changed();
}

void RecordSettings::noteChoice()
{
    m_suspended.reset();
    save();
    apply();
    Q_EMIT changed();
}

void RecordSettings::setSamplesUnderLoad(bool samples)
{
    if (std::exchange(m_samplesUnderLoad, samples) == samples)
        return;
    QSettings().setValue(samplesKey, samples);
    applyBudget();
    Q_EMIT samplesUnderLoadChanged(samples);
}

QStringList RecordSettings::skippedKinds() const
{
    QStringList names;
    for (const RecordKind &known : recordKinds()) {
        if (!records(known.kind))
            names += known.name;
    }
    return names;
}

QString RecordSettings::exceptions() const
{
    QStringList names = skippedKinds();
    for (const SkippedObject &object : m_objects)
        names += object.title;
    return names.join(u", "_s);
}

void RecordSettings::learnObjects(const std::vector<ObjectInfo> &objects)
{
    bool differs = false;
    for (SkippedObject &skipped : m_objects) {
        if (!skipped.isPublished)
            continue;
        const auto found = std::ranges::find(objects, skipped.title.toStdString(), &ObjectInfo::name);
        // One that is withdrawn keeps its id: its last frames may still come.
        if (found != objects.end())
            differs |= std::exchange(skipped.id, found->id) != found->id;
    }
    if (differs)
        apply();
}

void RecordSettings::apply()
{
    RecordRules rules{.kinds = m_kinds, .skippedObjects = {}};
    for (const SkippedObject &object : m_objects) {
        if (object.id != 0)
            rules.skippedObjects.push_back(object.id);
    }
    std::ranges::sort(rules.skippedObjects);
    m_collector.setRules(std::move(rules));
}

void RecordSettings::applyBudget()
{
    m_collector.setBudget(m_samplesUnderLoad ? FrameBudget(framesPerSecond, burst) : FrameBudget());
}

void RecordSettings::save() const
{
    QStringList names;
    for (const SkippedObject &object : m_objects) {
        if (object.isPublished)
            names += object.title;
    }
    QSettings settings;
    settings.setValue(versionKey, version);
    settings.setValue(kindsKey, skippedKinds());
    settings.setValue(objectsKey, names);
}

} // namespace decoy::ui
