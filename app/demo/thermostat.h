// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace decoy::demo {

/// A heated room: an ordinary QObject whose properties change by themselves. It knows nothing of Decoy; clients reach it by
/// its meta-object, and its methods run in its own thread, which needs an event loop.
class Thermostat : public QObject {
    Q_OBJECT
    Q_CLASSINFO("doc", "A heated room: the temperature follows the target by itself.")
    Q_PROPERTY(double temperature READ temperature NOTIFY temperatureChanged)
    Q_PROPERTY(double target READ target WRITE setTarget NOTIFY targetChanged)
    Q_PROPERTY(bool heating READ isHeating NOTIFY heatingChanged)
    Q_PROPERTY(int boostSecondsLeft READ boostSecondsLeft NOTIFY boostSecondsLeftChanged)
    Q_CLASSINFO("doc:temperature", "How warm the room is, in degrees Celsius.")
    Q_CLASSINFO("doc:target", "How warm it shall be, 5 to 30 degrees Celsius.")
    Q_CLASSINFO("doc:heating", "Whether the heating is on.")
    Q_CLASSINFO("doc:boostSecondsLeft", "How long the heating still stays on whatever the target is.")
    Q_CLASSINFO("doc:boost",
                "Keeps the heating on for some minutes, at most 120; 0 ends it. Returns the minutes granted.")

public:
    explicit Thermostat(QObject *parent = nullptr);

    [[nodiscard]] double temperature() const;
    [[nodiscard]] double target() const noexcept { return m_target; }
    void setTarget(double target);
    [[nodiscard]] bool isHeating() const noexcept { return m_heating; }
    [[nodiscard]] int boostSecondsLeft() const;

    Q_INVOKABLE int boost(int minutes);

signals:
    void temperatureChanged(double temperature);
    void targetChanged(double target);
    void heatingChanged(bool heating);
    void boostSecondsLeftChanged(int seconds);

private:
    void advance();
    void setHeating(bool heating);

    QTimer m_clock;
    QElapsedTimer m_boostStart;
    qint64 m_boostLength = 0; ///< ms; 0 while nothing is boosted
    double m_temperature = 18.0;
    double m_target = 21.0;
    bool m_heating = false;
};

} // namespace decoy::demo
