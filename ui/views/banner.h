// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;

namespace decoy::ui {

class ElidedLabel;

/// One line above all views that says what is not as usual, for as long as it is so, with buttons to change it.
class Banner : public QWidget {
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    /// A button that follows the action, and is hidden with it.
    void addButton(QAction *action);
    /// "Holding: 1 request waits"
    [[nodiscard]] QString text() const;

protected:
    /// The icon's name; what happens, in a word or two; the rest of it, which is cut where there is no room.
    void say(QLatin1String icon, const QString &title, const QString &text);
    /// For whoever cannot see that it is the rest of the title.
    void setTextName(const QString &name);
    /// The palette has changed: say() again.
    virtual void refresh() = 0;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QLabel *m_sign;
    QLabel *m_title;
    ElidedLabel *m_text;
};

} // namespace decoy::ui
