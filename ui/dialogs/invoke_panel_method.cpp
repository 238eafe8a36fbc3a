// SPDX-License-Identifier: GPL-3.0-or-later
// Which method the Invoke panel is about, also one that the object does not list, and what was typed for it before.
#include "dialogs/invoke_panel.h"

#include "dialogs/argument_form.h"
#include "dialogs/result_view.h"
#include "session/call_record.h"
#include "theme/fonts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

const MethodDescription *InvokePanel::method() const
{
    if (m_unlisted)
        return &*m_unlisted;
    const QListWidgetItem *item = m_methods->currentItem();
    return item ? m_description.method(item->data(Qt::UserRole).toString().toStdString()) : nullptr;
}

void InvokePanel::chooseMethod(const QString &method)
{
    const auto found = m_methods->findItems(method, Qt::MatchExactly | Qt::MatchCaseSensitive);
    if (!method.isEmpty() && !found.isEmpty())
        m_methods->setCurrentItem(found.front());
}

void InvokePanel::chooseTyped()
{
    const QString typed = (m_isNarrow ? m_methodChoice->currentText() : m_methodName->text()).trimmed();
    const MethodDescription *shown = method();
    if (m_describing != 0 || typed == (shown ? QString::fromStdString(shown->name) : QString()))
        return;
    if (typed.isEmpty() || m_running != 0)
        return showMethodName(); // an answer must not appear under another method
    if (m_description.method(typed.toStdString()))
        chooseMethod(typed);
    else
        chooseUnlisted(typed);
}

void InvokePanel::chooseUnlisted(const QString &name)
{
    m_unlisted.emplace().name = name.toStdString();
    m_methods->setCurrentRow(-1); // shows it, too, unless the row was none before
    showMethod();
}

void InvokePanel::chooseRow(int row)
{
    if (row >= 0)
        m_unlisted.reset();
    showMethod();
}

void InvokePanel::showMethods(const DescribeOutcome &outcome)
{
    m_describing = 0;
    m_leftOut->setVisible(outcome.leftOut > 0);
    if (outcome.failure) {
        CallOutcome failed;
        failed.failure = outcome.failure;
        return m_result->showOutcome(u"describe"_s, failed);
    }
    m_leftOut->setText(u"%1 more, not listed: type the name"_s.arg(groupedNumber(outcome.leftOut)));
    m_description = outcome.description;
    int chosen = 0;
    for (const MethodDescription &described : m_description.methods) {
        const QString name = QString::fromStdString(described.name);
        auto *item = new QListWidgetItem(name, m_methods);
        item->setData(Qt::UserRole, name);
        item->setToolTip(QString::fromStdString(described.doc));
        if (name == m_wantedMethod)
            chosen = m_methods->count() - 1;
    }
    m_methods->setCurrentRow(chosen);
    showMethod();
    if (m_loading)
        return showLoaded();
    if (m_wantsFocus)
        focusForm();
}

void InvokePanel::showMethod()
{
    keepDraft();
    const MethodDescription *chosen = method();
    m_signature->setText(signatureText());
    m_doc->setText(m_unlisted ? unlistedText() : chosen ? QString::fromStdString(chosen->doc) : QString());
    m_doc->setVisible(!m_doc->text().isEmpty());
    showMethodName();
    updateGeometry();
    resetForm();
    if (const ArgumentDraft *draft = m_formOf ? m_drafts.find(m_formOf->first, m_formOf->second) : nullptr)
        m_form->setDraft(*draft);
    if (m_running == 0) {
        m_shown = 0;
        m_result->showMessage(chosen ? u"The answer appears here."_s : QString());
        m_results->setCurrentWidget(m_result);
    }
    showState();
    showRequest();
}

QString InvokePanel::signatureText() const
{
    if (m_unlisted)
        return u"%1(…)"_s.arg(QString::fromStdString(m_unlisted->name));
    if (const MethodDescription *chosen = method())
        return QString::fromStdString(chosen->signature());
    return m_description.type.empty() ? QString() : u"This object has no methods."_s; // nothing before it has answered
}

QString InvokePanel::unlistedText() const
{
    return u"%1 does not list this method%2: it is called as you wrote it, and may be refused. Its parameters are not known "
           "here, so write the arguments as JSON."_s.arg(title(), m_leftOut->isHidden() ? QString() : u" here"_s);
}

void InvokePanel::showMethodName()
{
    const MethodDescription *chosen = method();
    const QString name = chosen ? QString::fromStdString(chosen->name) : QString();
    m_methodName->setText(name);
    m_methodChoice->setCurrentIndex(m_methods->currentRow());
    m_methodChoice->setEditText(name);
}

void InvokePanel::resetForm()
{
    const MethodDescription *chosen = method();
    if (m_unlisted)
        m_form->setUnknownMethod();
    else
        m_form->setMethod(chosen ? *chosen : MethodDescription());
    m_raw->setEnabled(!m_unlisted);
    m_formOf.reset();
    if (chosen)
        m_formOf.emplace(m_description.type, chosen->name);
}

void InvokePanel::keepDraft()
{
    if (m_formOf)
        m_drafts.keep(m_formOf->first, m_formOf->second, m_form->draft());
}

} // namespace decoy::ui
