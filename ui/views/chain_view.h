// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <decoy/proxy_server.h>

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace decoy::ui {

/// The objects of a server as a graph: the published ones at the left, and what was chained from them, level by level, up to
/// the limit. Click (or arrow keys) selects an object; siblings beyond a handful are grouped until asked for.
class ChainView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ChainView(QWidget *parent = nullptr);
    ~ChainView() override;

    /// Shows these objects. Cheap if nothing that is drawn has changed.
    void setObjects(const std::vector<ObjectInfo> &objects, int maxLevel);

    [[nodiscard]] quint64 currentObject() const noexcept;
    /// Selects an object and brings it into view; 0 selects none.
    void setCurrentObject(quint64 id);

Q_SIGNALS:
    void objectSelected(quint64 id);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace decoy::ui
