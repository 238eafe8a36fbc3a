// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/filter_edit.h"

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/opcode_style.h"
#include "views/filter_candidates.h"

#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QTextCharFormat>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

FilterEdit::FilterEdit(std::function<FilterVocabulary()> vocabulary, QWidget *parent)
    : QLineEdit(parent), m_vocabulary(std::move(vocabulary)), m_candidates(new FilterCandidates(this))
{
    setFont(codeFont());
    setTextMargins(halfUnit, 0, halfUnit, 0);
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_recalled = -1;
        complete();
    });
    connect(m_candidates, &FilterCandidates::picked, this, &FilterEdit::insert);
    connect(this, &QObject::destroyed, m_candidates, &QObject::deleteLater); // it belongs to the window
}

void FilterEdit::underline(const std::optional<FilterError> &error)
{
    // The only way to colour a part of a QLineEdit's text; the text stays what it is.
    QList<QInputMethodEvent::Attribute> attributes;
    if (error && error->length > 0) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(opcodeStyle(FrameRole::Error, palette()).colour);
        attributes.append({QInputMethodEvent::TextFormat, static_cast<int>(error->position) - cursorPosition(),
                           static_cast<int>(error->length), format});
    }
    QInputMethodEvent event({}, attributes);
    QCoreApplication::sendEvent(this, &event);
}

void FilterEdit::complete()
{
    FilterCompletion completion = completeFilter(text(), cursorPosition(), m_vocabulary());
    // In the middle of what is right already nobody wants to be helped.
    const bool wanted = hasFocus() || !isVisible();
    m_candidates->offer(wanted ? std::move(completion.candidates) : std::vector<FilterCandidate>());
}

void FilterEdit::insert(const QString &candidate)
{
    const FilterCompletion completion = completeFilter(text(), cursorPosition(), m_vocabulary());
    QString begin = text().first(completion.position);
    QString end = text().sliced(completion.position + completion.length);
    const bool standsClose = candidate == "("_L1 || candidate == "!"_L1;
    if (!begin.isEmpty() && !begin.back().isSpace() && begin.back() != u'(' && begin.back() != u'!'
        && begin.back() != u'{' && candidate != ","_L1)
        begin += u' ';
    const QString inserted = begin + candidate + (standsClose || end.startsWith(u' ') ? QString() : u" "_s);
    setText(inserted + end);
    setCursorPosition(static_cast<int>(inserted.size()));
    Q_EMIT textEdited(text()); // which offers what may come next
}

bool FilterEdit::event(QEvent *event)
{
    // Tab belongs to the focus before it comes to keyPressEvent().
    if (event->type() == QEvent::KeyPress && m_candidates->isVisible()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier) {
            insert(m_candidates->chosen().isEmpty() ? m_candidates->first() : m_candidates->chosen());
            return true;
        }
    }
    // Esc would be taken for a shortcut of whatever stands around it.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape)
        event->accept();
    return QLineEdit::event(event);
}

bool FilterEdit::chooseByKey(const QKeyEvent &event)
{
    switch (event.key()) {
    case Qt::Key_Up: m_candidates->move(-1); return true;
    case Qt::Key_Down: m_candidates->move(1); return true;
    case Qt::Key_Escape: m_candidates->hide(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_candidates->chosen().isEmpty())
            return false;
        insert(m_candidates->chosen());
        return true;
    default: return false;
    }
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    if (m_candidates->isVisible() && chooseByKey(*event))
        return;
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier)
        return complete();
    if (isPlain && event->key() == Qt::Key_Up)
        return recall(1);
    if (isPlain && event->key() == Qt::Key_Down)
        return m_recalled >= 0 ? recall(-1) : complete();
    if (isPlain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        m_candidates->hide();
        Q_EMIT accepted();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT left();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void FilterEdit::focusOutEvent(QFocusEvent *event)
{
    if (m_candidates)
        m_candidates->hide();
    QLineEdit::focusOutEvent(event);
}

void FilterEdit::recall(int steps)
{
    if (m_recalled < 0)
        m_typed = text();
    const qsizetype wanted = std::clamp<qsizetype>(m_recalled + steps, -1, m_history.size() - 1);
    if (wanted == m_recalled)
        return;
    m_recalled = wanted;
    setText(wanted < 0 ? m_typed : m_history.at(wanted));
}

} // namespace decoy::ui
