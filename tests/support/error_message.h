// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QTest>

#include <string>

namespace decoy::test {

/// The text of the Error that `action` ends with. Other exceptions pass through.
template <class Error, class Action>
std::string messageOf(Action action)
{
    try {
        action();
    } catch (const Error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

} // namespace decoy::test

/// The action fails with an Error of this text.
#define COMPARE_MESSAGE(Error, action, expected) \
    QCOMPARE(QString::fromStdString(decoy::test::messageOf<Error>([&] { static_cast<void>(action); })), \
             QString::fromUtf8(expected))
