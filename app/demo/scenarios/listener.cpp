// SPDX-License-Identifier: BSD-3-Clause
#include "../scenarios.h"

#include <decoy/subscription.h>

#include <vector>

namespace decoy::demo {

namespace {

/// Takes events until there were enough. Handlers run in process() alone, so nothing else happens meanwhile.
class Listener {
public:
    explicit Listener(ScenarioRun &run) : m_run(run)
    {
        for (const PublishedObject &published : run.server().objects()) {
            const Proxy object = run.server()[published.name];
            for (const EventDescription &event : object.describe().events)
                subscribe(object, published.name, event.name);
        }
        if (m_subscriptions.empty())
            throw ProxyError("the server " + run.server().serverName() + " has no events");
    }

    void listen()
    {
        run().log("subscribed to " + std::to_string(m_subscriptions.size()) + " events");
        while (run().count() == 0 || m_heard < run().count())
            run().server().process(waitForever);
    }

private:
    [[nodiscard]] ScenarioRun &run() const { return m_run; }

    void subscribe(const Proxy &object, const std::string &name, const std::string &event)
    {
        m_subscriptions.push_back(object.subscribe(event, [this, name](const ReceivedEvent &received) {
            if (run().count() != 0 && m_heard == run().count())
                return;
            ++m_heard;
            std::string text = name + "." + std::string(received.name()) + "(";
            for (std::size_t i = 0; i < received.size(); ++i)
                text += (i == 0 ? "" : ", ") + received.argument(i).toString();
            text += ")";
            if (received.lost() != 0)
                text += ", " + std::to_string(received.lost()) + " lost before it";
            run().log(text);
        }));
    }

    ScenarioRun &m_run;
    std::uint64_t m_heard = 0;
    std::vector<Subscription> m_subscriptions; // go first: their handlers use what stands above
};

void play(ScenarioRun &run) { Listener(run).listen(); }

} // namespace

constinit const Scenario listener{"listener", "Subscribes to every event of every object and waits for them.", 0, play};

} // namespace decoy::demo
