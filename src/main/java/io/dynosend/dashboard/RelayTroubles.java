package io.dynosend.dashboard;

import io.dynosend.dashboard.HomeRoom.Warning;
import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.Relays;
import java.util.ArrayList;
import java.util.List;

/** What keeps an account's mail from going out. */
public final class RelayTroubles {

    private final Relays relays;
    private final RelayHealths healths;

    public RelayTroubles(Relays relays, RelayHealths healths) {
        this.relays = relays;
        this.healths = healths;
    }

    /** That there is no relay, or that one takes nothing; none: nothing is known to be wrong. */
    List<Warning> of(Visit visit) {
        var own = relays.list(visit.account());
        var warnings = new ArrayList<Warning>();
        if (visit.builtInMailbox() && own.isEmpty()) {
            warnings.add(
                    new Warning(
                            "No relay is set: mail stays in the built-in mailbox, and nobody"
                                    + " outside gets it.",
                            "/app/relays",
                            "Add a relay"));
        }
        var all = new ArrayList<>(own);
        all.addAll(relays.ofOperator());
        var seen = healths.of(all.stream().map(ConfiguredRelay::uid).toList());
        for (var relay : all) {
            var health = seen.get(relay.uid());
            if (health == null || health.failing() == null) continue;
            String since =
                    health.failingSince() == null
                            ? ""
                            : " since " + Moments.minute(health.failingSince());
            warnings.add(
                    new Warning(
                            "The relay “%s” takes no mail%s: %s"
                                    .formatted(relay.name(), since, health.failing()),
                            "/app/relays",
                            "See the relays"));
        }
        return warnings;
    }
}
