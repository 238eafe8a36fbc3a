// SPDX-License-Identifier: BSD-3-Clause
#include "thermostat.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace decoy::demo {

namespace {

constexpr auto tick = std::chrono::milliseconds(500);
// What one tick does to the room: faster than a real one, so that a person who watches sees it move.
constexpr double warming = 0.08;
constexpr double coolingRate = 0.01;
constexpr double outside = 12.0;
// Without it the heating would switch at every tick.
constexpr double hysteresis = 0.3;

constexpr double lowestTarget = 5.0;
constexpr double highestTarget = 30.0;
constexpr int longestBoost = 120;

} // namespace

Thermostat::Thermostat(QObject *parent) : QObject(parent)
{
    connect(&m_clock, &QTimer::timeout, this, &Thermostat::advance);
    m_clock.start(tick);
}

double Thermostat::temperature() const
{
    // As precise as a thermometer, so that people see a number and not its arithmetic.
    return std::round(m_temperature * 100) / 100;
}

void Thermostat::setTarget(double target)
{
    // Clients may send anything, NaN and infinities included.
    if (std::isnan(target))
        return;
    target = std::clamp(target, lowestTarget, highestTarget);
    if (target == m_target)
        return;
    m_target = target;
    emit targetChanged(target);
}

int Thermostat::boostSecondsLeft() const
{
    if (m_boostLength == 0)
        return 0;
    return static_cast<int>(std::max<qint64>(0, m_boostLength - m_boostStart.elapsed() + 999) / 1000);
}

int Thermostat::boost(int minutes)
{
    const int granted = std::clamp(minutes, 0, longestBoost);
    m_boostLength = qint64(granted) * 60 * 1000;
    m_boostStart.start();
    emit boostSecondsLeftChanged(boostSecondsLeft());
    setHeating(granted > 0 || m_temperature < m_target);
    return granted;
}

void Thermostat::advance()
{
    m_temperature += (m_heating ? warming : 0.0) - (m_temperature - outside) * coolingRate;
    emit temperatureChanged(temperature());
    if (m_boostLength > 0) {
        if (m_boostStart.hasExpired(m_boostLength))
            m_boostLength = 0;
        emit boostSecondsLeftChanged(boostSecondsLeft());
    }
    if (m_boostLength > 0 || m_temperature < m_target - hysteresis)
        setHeating(true);
    else if (m_temperature > m_target + hysteresis)
        setHeating(false);
}

void Thermostat::setHeating(bool heating)
{
    if (heating == m_heating)
        return;
    m_heating = heating;
    emit heatingChanged(heating);
}

} // namespace decoy::demo
