package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A draft and its addressee, changed by each test where it matters. */
record Letter(
        String subject,
        String fromName,
        String html,
        @Nullable String text,
        String to,
        Map<String, Object> variables,
        List<Header> headers) {

    static final PostalAddress ADDRESS =
            new PostalAddress(List.of("ACME Corp", "578 Hudson Hills", "Springfield"));

    static Letter html(String html) {
        return new Letter("News", "ACME", html, null, "ada@example.org", Map.of(), List.of());
    }

    Letter subject(String subject) {
        return new Letter(subject, fromName, html, text, to, variables, headers);
    }

    Letter fromName(String fromName) {
        return new Letter(subject, fromName, html, text, to, variables, headers);
    }

    Letter text(String text) {
        return new Letter(subject, fromName, html, text, to, variables, headers);
    }

    Letter to(String to) {
        return new Letter(subject, fromName, html, text, to, variables, headers);
    }

    Letter variables(Map<String, Object> variables) {
        return new Letter(subject, fromName, html, text, to, variables, headers);
    }

    Letter headers(Header... headers) {
        return new Letter(subject, fromName, html, text, to, variables, List.of(headers));
    }

    CompiledMessage compiled() {
        return compiled(LinkPolicy.COUNTED);
    }

    CompiledMessage compiled(LinkPolicy policy) {
        var from = new EmailAddress("news@example.com");
        return CompiledMessage.compile(
                new Draft(subject, fromName, from, null, html, text), ADDRESS, policy);
    }

    byte[] composed() {
        return compiled().compose(addressee(new Links("https://t.example/o?a=1&b=2")));
    }

    Received received() {
        return Received.of(composed());
    }

    Received receivedWithoutPixel() {
        return Received.of(compiled().compose(addressee(new Links(null))));
    }

    Addressee addressee(TrackedLinks links) {
        return new Addressee(
                new EmailAddress(to),
                variables,
                "1.abc@example.com",
                Instant.parse("2026-11-03T09:08:07Z"),
                links,
                headers);
    }

    /** Links that tell what they were made of, with an ampersand that HTML has to escape. */
    record Links(@Nullable String openPixel) implements TrackedLinks {

        @Override
        public String click(int link) {
            return "https://t.example/c?n=" + link + "&m=1";
        }

        @Override
        public String clickTo(int link, String url) {
            return "https://t.example/to?u=" + url.replace("&", "%26").replace("\"", "%22");
        }

        @Override
        public String unsubscribe() {
            return "https://t.example/u?x=1&y=2";
        }
    }
}
