// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace decoy::ui {

class InvokePanel;
class Session;

/// The Invoke panel in a window of its own, for arguments and results that need more room than a dock has. Not modal: the traffic of
/// the call is seen behind it. Esc closes it, unless an answer is waited for.
class InvokeDialog : public QDialog {
    Q_OBJECT

public:
    explicit InvokeDialog(Session &session, QWidget *parent = nullptr);

    [[nodiscard]] InvokePanel *panel() const noexcept { return m_panel; }

private:
    InvokePanel *m_panel;
};

} // namespace decoy::ui
