// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "object/class_registry.h"

#include <decoy/target.h>
#include <decoy/value.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace decoy::test {

/// What a target answered; the last answer counts.
struct RecordedAnswer {
    enum class Kind { Nothing, Data, Object, Callable, Failure };

    Kind kind = Kind::Nothing;
    Value data;
    std::shared_ptr<Target> object;
    std::string callable;
    Failure failure;
    int timesFinished = 0; ///< deferred answers that were sent
};

/// Takes a target's answer without any server: for tests of the object floor alone.
class RecordingContext final : public detail::ReplyContext {
public:
    explicit RecordingContext(
        std::shared_ptr<object::ClassRegistry> classes = std::make_shared<object::ClassRegistry>())
        : m_classes(std::move(classes))
    {}

    [[nodiscard]] const RecordedAnswer &answer() const noexcept { return *m_answer; }

    void packObject(PackBuffer &, std::shared_ptr<Target> target) override
    {
        m_answer->kind = RecordedAnswer::Kind::Object;
        m_answer->object = std::move(target);
    }
    void packCallable(PackBuffer &, std::string_view name) override
    {
        m_answer->kind = RecordedAnswer::Kind::Callable;
        m_answer->callable = name;
    }
    void packFailure(PackBuffer &, const Failure &failure) override
    {
        m_answer->kind = RecordedAnswer::Kind::Failure;
        m_answer->failure = failure;
    }
    void beginValue(PackBuffer &out) override { out.clear(); }
    void endValue(PackBuffer &out) override
    {
        auto zone = std::make_shared<msgpack::zone>();
        const msgpack::object object = msgpack::unpack(*zone, reinterpret_cast<const char *>(out.bytes().data()),
                                                       out.bytes().size());
        m_answer->kind = RecordedAnswer::Kind::Data;
        m_answer->data = Value(object, std::move(zone));
    }
    bool isBound(std::type_index type) const override { return m_classes->isBound(type); }
    std::shared_ptr<Target> wrap(std::type_index type, std::shared_ptr<void> object) override
    {
        return m_classes->wrap(type, std::move(object));
    }
    std::shared_ptr<ReplyContext> detach() override { return std::make_shared<RecordingContext>(*this); }
    void finished(PackBuffer &) override { ++m_answer->timesFinished; }

private:
    std::shared_ptr<object::ClassRegistry> m_classes;
    std::shared_ptr<RecordedAnswer> m_answer = std::make_shared<RecordedAnswer>();
};

using Keywords = std::vector<std::pair<std::string, Value>>;

/// Asks a target as the dispatcher does, and gives what it answered. Exceptions pass through.
class TargetProbe {
public:
    explicit TargetProbe(std::shared_ptr<Target> target,
                         std::shared_ptr<object::ClassRegistry> classes = std::make_shared<object::ClassRegistry>())
        : m_target(std::move(target)), m_classes(std::move(classes))
    {}

    [[nodiscard]] Target &target() const noexcept { return *m_target; }

    [[nodiscard]] RecordedAnswer get(std::string_view attribute) const
    {
        return ask([&](Reply &reply) { m_target->get(attribute, reply); });
    }
    RecordedAnswer set(std::string_view attribute, const Value &value) const
    {
        return ask([&](Reply &reply) { m_target->set(attribute, value.object(), reply); });
    }
    RecordedAnswer call(std::string_view method, const std::vector<Value> &positional = {},
                        const Keywords &keywords = {}) const
    {
        return withArguments(positional, keywords, [&](const Arguments &arguments) {
            return ask([&](Reply &reply) { m_target->call(method, arguments, reply); });
        });
    }
    /// Calls `handler(target, arguments, reply)` instead of the target.
    template <class Handler>
    RecordedAnswer handle(const std::vector<Value> &positional, const Keywords &keywords, Handler handler) const
    {
        return withArguments(positional, keywords, [&](const Arguments &arguments) {
            return ask([&](Reply &reply) { handler(*m_target, arguments, reply); });
        });
    }

private:
    template <class Question>
    [[nodiscard]] RecordedAnswer ask(Question question) const
    {
        RecordingContext context(m_classes);
        PackBuffer buffer;
        Reply reply(context, buffer);
        question(reply);
        return context.answer();
    }
    template <class Use>
    static RecordedAnswer withArguments(const std::vector<Value> &positional, const Keywords &keywords, Use use)
    {
        std::vector<msgpack::object> objects;
        for (const Value &value : positional)
            objects.push_back(value.object());
        std::vector<msgpack::object_kv> pairs;
        for (const auto &[name, value] : keywords) {
            const auto size = static_cast<std::uint32_t>(name.size());
            pairs.push_back({msgpack::object(msgpack::type::raw_ref(name.data(), size)), value.object()});
            pairs.back().key.type = msgpack::type::STR; // raw_ref makes a binary
        }
        return use(Arguments(objects, pairs));
    }

    std::shared_ptr<Target> m_target;
    std::shared_ptr<object::ClassRegistry> m_classes;
};

} // namespace decoy::test
