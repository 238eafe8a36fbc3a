// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/copy_call_menu.h"

#include "theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

CallText textOf(const FrameRequest &call, CallLanguage language)
{
    return call.isValid() ? callText(call.request, language) : CallText{{}, call.problem};
}

} // namespace

CopyCallMenu::CopyCallMenu(Source source, QWidget *parent) : QMenu(u"Copy &as"_s, parent), m_source(std::move(source))
{
    setIcon(ui::icon("copy"_L1)); // not QMenu::icon()
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &CopyCallMenu::refresh);
    refresh();
}

void CopyCallMenu::refresh()
{
    clear();
    const FrameRequest call = m_source();
    QString problem;
    for (const CallLanguage language : callLanguages) {
        const CallText text = textOf(call, language);
        QAction *action = addAction(callLanguageName(language), this, [this, language] { copy(language); });
        action->setEnabled(text.isValid());
        action->setToolTip(text.isValid() ? u"Text that works where it is pasted"_s : text.problem);
        if (problem.isEmpty())
            problem = text.problem;
    }
    if (problem.isEmpty())
        return;
    addSeparator();
    addAction(problem)->setEnabled(false); // why not, without a mouse that waits for a tooltip
}

void CopyCallMenu::copy(CallLanguage language)
{
    const CallText text = textOf(m_source(), language);
    if (text.isValid())
        QGuiApplication::clipboard()->setText(text.text);
    Q_EMIT copied(text.isValid() ? u"Copied as %1."_s.arg(callLanguageName(language)) : text.problem);
}

} // namespace decoy::ui
