// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <decoy/future.h>

#include <QFuture>
#include <QPromise>

#include <exception>
#include <memory>
#include <utility>

namespace decoy::qt {

/// The same result as a QFuture: `toQFuture(account.callAsync<double>("balance")).then(this, [this](double balance) { … })`.
///
/// It is finished in the thread that reads the connection: see ConnectionNotifier. The call's error is the QFuture's exception.
/// Cancelling the QFuture drops the result when it comes; to ask the server to forget the call use Future::cancel() before.
/// waitForFinished() needs another thread that reads the connection, as with any QFuture.
template <class T>
[[nodiscard]] QFuture<T> toQFuture(Future<T> future)
{
    const auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    std::move(future)
        .then([promise](Future<T> done) {
            try {
                if constexpr (std::is_void_v<T>)
                    done.get();
                else
                    promise->addResult(done.get());
            } catch (...) {
                promise->setException(std::current_exception());
            }
            promise->finish();
        })
        .detach();
    return promise->future();
}

} // namespace decoy::qt
