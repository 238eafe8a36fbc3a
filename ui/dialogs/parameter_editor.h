// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialogs/argument_drafts.h"
#include "session/value_text.h"

#include <decoy/description.h>

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace decoy::ui {

/// One parameter of a method: its name and type, an editor for it, and below it what is wrong with what was typed.
///
/// A default is shown, and is not sent unless the person changes it: the method then uses its own.
class ParameterEditor : public QWidget {
    Q_OBJECT

public:
    explicit ParameterEditor(const ParameterDescription &parameter, QWidget *parent = nullptr);

    [[nodiscard]] const ParameterDescription &parameter() const noexcept { return m_parameter; }
    /// Whether the value is to be sent.
    [[nodiscard]] bool isUsed() const noexcept { return m_parameter.required || m_edited; }
    [[nodiscard]] ParsedValue value() const;

    [[nodiscard]] QString text() const;
    /// As if the person had typed it.
    void setText(const QString &text);
    /// What was typed, to be put back later; nothing if the field is as it was at first.
    [[nodiscard]] std::optional<ArgumentDraft::Field> draft() const;
    void setDraft(const ArgumentDraft::Field &draft);
    /// Shows a problem at the field; none if empty.
    void showProblem(const QString &problem);
    [[nodiscard]] QString problem() const;
    /// The widget to type into.
    [[nodiscard]] QWidget *input() const noexcept { return m_input; }

Q_SIGNALS:
    void edited();

private:
    void makeInput();
    void showDefault();
    void markEdited();
    void resetToDefault();

    const ParameterDescription m_parameter;
    bool m_edited = false;
    bool m_resetting = false;
    QLabel *m_name = nullptr;
    QToolButton *m_reset = nullptr;
    QLabel *m_problem = nullptr;
    QWidget *m_input = nullptr;
    // Which of them there are depends on the type.
    QLineEdit *m_line = nullptr;
    QPlainTextEdit *m_json = nullptr;
    QComboBox *m_choice = nullptr;
    QComboBox *m_notation = nullptr;
};

} // namespace decoy::ui
