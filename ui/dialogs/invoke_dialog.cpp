// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/invoke_dialog.h"

#include "dialogs/invoke_panel.h"
#include "theme/icons.h"

#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace decoy::ui {

namespace {

constexpr QSize usualSize{960, 720};

} // namespace

InvokeDialog::InvokeDialog(Session &session, QWidget *parent) : QDialog(parent), m_panel(new InvokePanel(session))
{
    setWindowTitle(u"Invoke"_s);
    setWindowIcon(icon("invoke"_L1));
    setModal(false);
    // Where the window is small, so is the screen.
    resize(usualSize.boundedTo(parent ? parent->window()->size() : usualSize));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_panel);
    connect(m_panel, &InvokePanel::titleChanged, this, &QWidget::setWindowTitle);
}

} // namespace decoy::ui
