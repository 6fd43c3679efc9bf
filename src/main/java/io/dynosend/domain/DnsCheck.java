package io.dynosend.domain;

import io.dynosend.domain.DnsRecord.Finding;
import io.dynosend.domain.DnsRecord.Purpose;
import io.dynosend.domain.DnsRecord.State;
import io.dynosend.domain.TextRecords.Unreachable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** Compares what DNS says of a domain with what it should. */
final class DnsCheck {

    // RFC 7208 §4.6.4: what makes a receiver look further, and how often it may.
    private static final Pattern FURTHER =
            Pattern.compile("[+?~-]?(include:|a|mx|ptr|exists:|redirect=)(\\S*)");
    private static final int MOST_LOOKUPS = 10;

    private final TextRecords dns;

    DnsCheck(TextRecords dns) {
        this.dns = dns;
    }

    /** What is found of every record, asked for at the same time. */
    Map<Purpose, Finding> all(SendingDomain domain) {
        var findings = new EnumMap<Purpose, Finding>(Purpose.class);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new EnumMap<Purpose, Future<Finding>>(Purpose.class);
            for (var record : domain.records()) {
                asked.put(record.purpose(), threads.submit(() -> check(record, domain.domain())));
            }
            asked.forEach((purpose, answer) -> findings.put(purpose, answer(answer)));
        }
        return findings;
    }

    private static Finding answer(Future<Finding> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while DNS was asked", e);
        }
    }

    private Finding check(DnsRecord record, String domain) {
        try {
            return switch (record.purpose()) {
                case DKIM_RSA, DKIM_ED25519 -> key(record);
                case SPF -> spf(domain);
                case DMARC -> dmarc(domain);
            };
        } catch (Unreachable e) {
            return new Finding(
                    State.UNREACHABLE,
                    List.of(),
                    "DNS did not answer (%s); check again in a moment".formatted(e.getMessage()));
        }
    }

    // RFC 6376 §3.6.1.
    private Finding key(DnsRecord record) throws Unreachable {
        var found = dns.of(record.name());
        String wanted = tag(record.value(), "p");
        if (found.stream().anyMatch(text -> tag(text, "p").equals(wanted))) {
            return found.size() == 1
                    ? new Finding(State.OK, found, "")
                    : new Finding(
                            State.WRONG,
                            found,
                            "Leave one record at %s only".formatted(record.name()));
        }
        return found.isEmpty()
                ? new Finding(
                        State.MISSING,
                        found,
                        "Publish the record at %s; it may take some time until it is seen"
                                .formatted(record.name()))
                : new Finding(
                        State.WRONG,
                        found,
                        "Another key is published at %s; replace it by this one"
                                .formatted(record.name()));
    }

    private Finding spf(String domain) throws Unreachable {
        var found = spfOf(domain);
        if (found.isEmpty()) {
            return new Finding(
                    State.MISSING,
                    found,
                    "Publish one that names the servers of your relay; its operator says which");
        }
        if (found.size() > 1) {
            return new Finding(
                    State.WRONG, found, "Make one record of them: receivers take several for none");
        }
        int lookups = lookups(found.getFirst(), 0);
        return lookups > MOST_LOOKUPS
                ? new Finding(
                        State.WRONG,
                        found,
                        "It makes receivers look up more than %d names, so they give up; include less"
                                .formatted(MOST_LOOKUPS))
                : new Finding(State.OK, found, "");
    }

    private int lookups(String spf, int before) throws Unreachable {
        int count = before;
        for (String term : spf.split("\\s+", -1)) {
            var further = FURTHER.matcher(term.toLowerCase(Locale.ROOT));
            if (!further.matches()) continue;
            count++;
            if (count > MOST_LOOKUPS) return count;
            boolean another = further.group(1).startsWith("include") || term.contains("redirect=");
            if (!another) continue;
            var inner = spfOf(further.group(2));
            if (inner.size() == 1) count = lookups(inner.getFirst(), count);
        }
        return count;
    }

    private List<String> spfOf(String domain) throws Unreachable {
        return dns.of(domain).stream()
                .filter(text -> text.toLowerCase(Locale.ROOT).matches("v=spf1(\\s.*)?"))
                .toList();
    }

    // RFC 7489 §6.6.3. Our signatures are by the domain of From itself, so they are aligned with
    // it whether the policy is strict or relaxed (§3.1.1).
    private Finding dmarc(String domain) throws Unreachable {
        String at = domain;
        while (at.contains(".")) {
            var found =
                    dns.of("_dmarc." + at).stream()
                            .filter(text -> text.matches("(?i)v=DMARC1\\s*(;.*)?"))
                            .toList();
            if (!found.isEmpty()) return dmarc(found, at);
            at = at.substring(at.indexOf('.') + 1);
        }
        return new Finding(
                State.MISSING,
                List.of(),
                "Publish one at _dmarc.%s; large receivers refuse bulk mail without it"
                        .formatted(domain));
    }

    private static Finding dmarc(List<String> found, String at) {
        if (found.size() > 1) {
            return new Finding(
                    State.WRONG, found, "Leave one record at _dmarc.%s only".formatted(at));
        }
        String policy = tag(found.getFirst(), "p").toLowerCase(Locale.ROOT);
        return List.of("none", "quarantine", "reject").contains(policy)
                ? new Finding(State.OK, found, "")
                : new Finding(
                        State.WRONG, found, "Give it a policy: p=none, p=quarantine or p=reject");
    }

    private static String tag(String record, String name) {
        for (String tag : record.split(";", -1)) {
            int equals = tag.indexOf('=');
            if (equals > 0 && tag.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return tag.substring(equals + 1).replaceAll("\\s", "");
            }
        }
        return "";
    }
}
