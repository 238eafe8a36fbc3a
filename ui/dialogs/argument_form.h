// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialogs/argument_drafts.h"

#include <decoy/description.h>

#include <QWidget>

#include <string>
#include <utility>
#include <vector>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QVBoxLayout;

namespace decoy::ui {

class ParameterEditor;

/// The arguments of a call, ready to be sent.
struct CallArguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> keywords;
};

/// The arguments of one method: a typed field for each parameter, or all of them as JSON.
class ArgumentForm : public QWidget {
    Q_OBJECT

public:
    explicit ArgumentForm(QWidget *parent = nullptr);

    void setMethod(const MethodDescription &method);
    /// A method of which no more than the name is known: its arguments are written as JSON.
    void setUnknownMethod();
    /// JSON instead of fields: an array gives positional arguments, an object gives them by name.
    void setRaw(bool raw);
    [[nodiscard]] bool isRaw() const noexcept;
    /// Fills in arguments, as if the person had typed them; as JSON if the method has no parameters for them.
    void setArguments(const CallArguments &arguments);
    /// What was typed, right or wrong, and the way to put it back.
    [[nodiscard]] ArgumentDraft draft() const;
    void setDraft(const ArgumentDraft &draft);

    struct Result {
        CallArguments arguments;
        QWidget *firstBad = nullptr; ///< the input to mend; null if all is well
    };
    /// Reads what was typed. With `showProblems` each bad field says what is wrong with it.
    Result read(bool showProblems);

    [[nodiscard]] const std::vector<ParameterEditor *> &editors() const noexcept { return m_editors; }
    [[nodiscard]] QPlainTextEdit *rawText() const noexcept { return m_raw; }

    /// Takes the height that all fields need, however many there are; otherwise many of them have to be scrolled.
    void setWhole(bool isWhole);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void edited();
    void rawChanged(bool raw);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    Result readFields(bool showProblems);
    Result readRaw(bool showProblems);
    bool fillFields(const CallArguments &arguments);
    void showRawProblem(const QString &problem);
    [[nodiscard]] QString fieldsAsJson();

    QStackedWidget *m_pages;
    QWidget *m_fields = nullptr;
    QVBoxLayout *m_fieldLayout = nullptr;
    QLabel *m_noParameters = nullptr;
    QPlainTextEdit *m_raw = nullptr;
    QLabel *m_rawProblem = nullptr;
    std::vector<ParameterEditor *> m_editors;
    bool m_isWhole = false;
    bool m_isUnknown = false;    ///< the method
    bool m_wasForcedRaw = false; ///< by a method that is not known, and not by the person
};

} // namespace decoy::ui
