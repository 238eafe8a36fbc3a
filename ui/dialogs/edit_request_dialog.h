// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_runner.h"

#include <decoy/hold.h>

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace decoy::ui {

class ArgumentForm;
class HeldRequestInfo;
class HexView;
class Session;

/// Changes a request that waits, and lets it go on: another attribute or method, another value, other arguments. Typed fields
/// where the object has told what it takes, JSON otherwise. Not modal.
class EditRequestDialog : public QDialog {
    Q_OBJECT

public:
    EditRequestDialog(Session &session, const HeldRequest &request, QWidget *parent = nullptr);

    [[nodiscard]] ArgumentForm *form() const noexcept { return m_form; }
    [[nodiscard]] QLineEdit *member() const noexcept { return m_member; }
    [[nodiscard]] QPushButton *forwardButton() const noexcept { return m_forward; }
    [[nodiscard]] QString problem() const;
    /// What would be sent now; empty while it is not complete.
    [[nodiscard]] QByteArray encodedRequest() const;

public Q_SLOTS:
    void forward();

private:
    QWidget *makeRequestPane();
    void fill();
    void describe();
    void takeDescription(const Description &description);
    void showRequest();
    void showProblem(const QString &problem);
    [[nodiscard]] CallRequest request(bool showProblems, QWidget **firstBad);

    Session &m_session;
    const std::uint64_t m_id;
    CallRequest m_original;
    bool m_isEdited = false;
    bool m_isFilling = false;
    HeldRequestInfo *m_info;
    QLineEdit *m_member;
    ArgumentForm *m_form;
    QCheckBox *m_raw = nullptr;
    QLabel *m_requestTitle = nullptr;
    HexView *m_hex = nullptr;
    QLabel *m_problem;
    QPushButton *m_forward = nullptr;
};

} // namespace decoy::ui
