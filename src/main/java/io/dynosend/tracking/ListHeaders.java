package io.dynosend.tracking;

import io.dynosend.content.Header;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What tells a mail program that a message is of a list, and how to leave it. */
public final class ListHeaders {

    // RFC 5321 §4.5.3.1.1.
    private static final int LONGEST_LOCAL_PART = 64;

    private final String host;
    private final Optional<String> inboundDomain;

    /**
     * @param baseUrl of this server as readers reach it
     * @param inboundDomain where mail reaches who unsubscribes its senders, if anywhere
     */
    public ListHeaders(String baseUrl, Optional<String> inboundDomain) {
        this.host = listHost(URI.create(baseUrl).getHost());
        this.inboundDomain = inboundDomain;
    }

    /**
     * Of every message of a mailing.
     *
     * @param kind of the mailing, and what it is of this kind: complaints are told apart by them
     */
    public List<Header> shared(String audienceUid, String mailing, String kind) {
        return List.of(
                new Header("List-Id", "<" + audienceUid + ".list." + host + ">"),
                // RFC 8058 §3.1.
                new Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                new Header("Feedback-ID", mailing + ":" + audienceUid + ":" + kind + ":dynosend"));
    }

    /**
     * Of one message: the ways out (RFC 2369 §3.2), exactly one of them https (RFC 8058 §3.1). The
     * address says by its local part what the link says by its last segment.
     *
     * @param url ends with the token that unsubscribes
     */
    public Header unsubscribe(String url) {
        String local = "u-" + url.substring(url.lastIndexOf('/') + 1);
        String mail =
                inboundDomain
                        .filter(_ -> local.length() <= LONGEST_LOCAL_PART)
                        .map(domain ->
                                ", <mailto:" + local + "@" + domain + "?subject=unsubscribe>")
                        .orElse("");
        return new Header("List-Unsubscribe", "<" + url + ">" + mail);
    }

    // RFC 2919 §3 wants a dot-atom; an IPv6 address is none.
    private static String listHost(String host) {
        return host.replaceAll("[\\[\\]]", "").replace(':', '-');
    }
}
