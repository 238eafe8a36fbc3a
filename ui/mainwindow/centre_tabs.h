// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QIcon>
#include <QTabWidget>

namespace decoy::ui {

/// The views in the centre. Where there is no room for all tabs, they lose their icons before one of them goes out of sight.
class CentreTabs : public QTabWidget {
    Q_OBJECT

public:
    explicit CentreTabs(QWidget *parent = nullptr);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void tabInserted(int index) override;
    void tabRemoved(int index) override;

private:
    void fit();
    void setHasIcons(bool hasIcons);

    QHash<QWidget *, QIcon> m_icons; ///< of each view that has, or had, a tab
};

} // namespace decoy::ui
