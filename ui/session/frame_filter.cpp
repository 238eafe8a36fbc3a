// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/frame_filter.h"

namespace decoy::ui {

FrameFilter::FrameFilter(const FrameStore &store, const FrameNames &names, QObject *parent)
    : QObject(parent), m_store(store), m_names(names)
{
    connect(&m_run, &FilterRun::rowsChanged, this, &FrameFilter::rowsChanged);
}

bool FrameFilter::apply(const QString &text, Row startNear)
{
    const QString trimmed = text.trimmed();
    const FilterParse parsed = parseFilter(trimmed);
    m_problem = parsed.error;
    if (m_problem)
        return false;
    if (trimmed == m_text)
        return true;
    m_text = trimmed;
    if (!m_isFrozen)
        m_run.setFrames(m_store.snapshot());
    m_run.setNames(m_names);
    m_run.setPredicate(parsed.isEmpty ? nullptr : FilterPredicate::compile(parsed.expression), startNear);
    Q_EMIT textChanged(m_text);
    return true;
}

void FrameFilter::freeze(const FrameSnapshot &frames)
{
    m_isFrozen = true;
    m_run.setFrames(frames);
}

void FrameFilter::thaw()
{
    m_isFrozen = false;
    refresh();
}

void FrameFilter::refresh()
{
    if (!m_isFrozen)
        m_run.setFrames(m_store.snapshot());
}

void FrameFilter::learnNames() { m_run.setNames(m_names); }

} // namespace decoy::ui
