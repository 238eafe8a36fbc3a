// SPDX-License-Identifier: GPL-3.0-or-later
// Record: what of the traffic is kept at all.
#include "mainwindow/window_actions.h"

#include "session/record_kinds.h"
#include "session/record_settings.h"
#include "session/session.h"
#include "theme/icons.h"

#include <QAction>
#include <QActionGroup>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

void WindowActions::makeRecord(Session &session)
{
    RecordSettings &settings = session.record();
    record = make("record"_L1, u"&Record"_s, {}, u"Ctrl+R"_s);
    record->setCheckable(true); // pressed while something is not recorded
    recordEverything = make({}, u"Record &everything"_s, u"Every frame of every object is recorded again"_s);
    connect(recordEverything, &QAction::triggered, &settings, &RecordSettings::recordEverything);
    records = new QActionGroup(this);
    records->setExclusionPolicy(QActionGroup::ExclusionPolicy::None);
    for (const RecordKind &known : recordKinds()) {
        QAction *action = records->addAction(u"Record "_s + known.label);
        action->setCheckable(true);
        connect(action, &QAction::triggered, &settings,
                [&settings, kind = known.kind](bool on) { settings.setRecords(kind, on); });
        const auto follow = [action, &settings, kind = known.kind] { action->setChecked(settings.records(kind)); };
        connect(&settings, &RecordSettings::changed, action, follow);
        follow();
    }
    recordAll = make(
        "record"_L1, u"Record all"_s,
        u"Record all that can be, even if it slows the server down. “Sample under load” under Record takes it back."_s);
    connect(recordAll, &QAction::triggered, &settings, [&settings] { settings.setSamplesUnderLoad(false); });
    sampleUnderLoad = make(
        {}, u"Sa&mple under load"_s,
        u"Record only a part of the calls while more come than can be recorded without slowing the server down"_s);
    sampleUnderLoad->setCheckable(true);
    connect(sampleUnderLoad, &QAction::triggered, &settings, &RecordSettings::setSamplesUnderLoad);
    const auto followSampling = [this, &settings] {
        sampleUnderLoad->setChecked(settings.samplesUnderLoad());
        recordAll->setEnabled(settings.samplesUnderLoad());
    };
    connect(&settings, &RecordSettings::samplesUnderLoadChanged, this, followSampling);
    followSampling();
    const auto follow = [this, &settings] {
        const bool isAll = settings.recordsEverything();
        record->setChecked(!isAll);
        record->setIcon(icon(isAll ? "record"_L1 : "record-partial"_L1));
        record->setToolTip(isAll ? u"What is recorded: everything (Ctrl+R)"_s
                                 : u"Not recorded: %1 (Ctrl+R)"_s.arg(settings.exceptions()));
        recordEverything->setEnabled(!isAll);
    };
    connect(&settings, &RecordSettings::changed, this, follow);
    connect(record, &QAction::triggered, this, follow); // a click changes nothing by itself
    follow();
}

} // namespace decoy::ui
