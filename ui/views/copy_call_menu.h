// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/call_text.h"
#include "session/frame_request.h"

#include <QMenu>

#include <functional>

namespace decoy::ui {

/// "Copy as …": a call as a command line, as C++ or as Python, into the clipboard. Asks which call it is about whenever it opens.
class CopyCallMenu : public QMenu {
    Q_OBJECT

public:
    using Source = std::function<FrameRequest()>;

    explicit CopyCallMenu(Source source, QWidget *parent = nullptr);

    /// As if the person had chosen this line. Nothing is copied if there is no call, or none that can be written.
    void copy(CallLanguage language);

Q_SIGNALS:
    /// "Copied as C++." or what stood in the way.
    void copied(const QString &message);

private:
    void refresh();

    Source m_source;
};

} // namespace decoy::ui
