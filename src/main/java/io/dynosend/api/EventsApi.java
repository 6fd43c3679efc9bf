package io.dynosend.api;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.contact.Event;
import io.dynosend.contact.Events;

/** Section "Send an event" of the API document. */
public final class EventsApi implements Section {

    private final Events events;

    public EventsApi(Events events) {
        this.events = events;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.post("/events", this::send);
    }

    private void send(Call call) {
        var params = call.params();
        events.send(
                call.account(),
                params.required("audience_uid"),
                params.contact(),
                Event.of(params.required("event_name"), params.raw("properties")));
        call.nothing();
    }
}
