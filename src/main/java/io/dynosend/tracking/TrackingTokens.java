package io.dynosend.tracking;

import io.dynosend.account.SigningKey;
import io.dynosend.common.Hmac;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * The signed part of every link in a message: which delivery, and what for. Stateless, so that a
 * link works as long as the key does, and forged by nobody: the last 16 bytes are an HMAC-SHA-256
 * with a key for this one purpose.
 */
public final class TrackingTokens {

    public record Open(DeliveryRef delivery) {}

    /**
     * A link to a registered target.
     *
     * @param filling what the target of this copy has where the copies differ; mostly empty
     */
    public record Click(DeliveryRef delivery, int link, String filling) {

        public Click(DeliveryRef delivery, int link) {
            this(delivery, link, "");
        }
    }

    /** A link of any copy of a mailing. */
    public record AnonymousClick(long account, long mailing, int link) {}

    /** The picture of any copy of a mailing. */
    public record AnonymousOpen(long account, long mailing) {}

    /** A link whose target is not registered, so travels in the token as a whole. */
    public record ClickTo(DeliveryRef delivery, String url) {}

    public record Unsubscribe(DeliveryRef delivery, long contact) {}

    /** The web page of one copy. */
    public record View(DeliveryRef delivery, long contact) {}

    /** The web page of a mailing, of nobody's copy. */
    public record AnonymousView(long account, long mailing) {}

    /** Where a contact changes what is known of it. */
    public record Preferences(DeliveryRef delivery, long contact) {}

    /**
     * A link that confirms a subscription.
     *
     * @param request which of the mails to this contact it stands in, from 1
     */
    public record Confirmation(long account, long contact, int request) {}

    /** In characters; a longer one is refused. */
    static final int LONGEST = 4_096;

    private static final int MAC_BYTES = 16;

    private final Hmac openKey;
    private final Hmac clickKey;
    private final Hmac clickToKey;
    private final Hmac anonymousOpenKey;
    private final Hmac anonymousClickKey;
    private final Hmac unsubscribeKey;
    private final Hmac viewKey;
    private final Hmac anonymousViewKey;
    private final Hmac preferencesKey;
    private final Hmac confirmationKey;
    private final Hmac messageIdKey;

    public TrackingTokens(SigningKey key) {
        openKey = new Hmac(key.purpose("open").getEncoded());
        clickKey = new Hmac(key.purpose("click").getEncoded());
        clickToKey = new Hmac(key.purpose("click-to").getEncoded());
        anonymousOpenKey = new Hmac(key.purpose("anonymous-open").getEncoded());
        anonymousClickKey = new Hmac(key.purpose("anonymous-click").getEncoded());
        unsubscribeKey = new Hmac(key.purpose("unsubscribe").getEncoded());
        viewKey = new Hmac(key.purpose("view").getEncoded());
        anonymousViewKey = new Hmac(key.purpose("anonymous-view").getEncoded());
        preferencesKey = new Hmac(key.purpose("preferences").getEncoded());
        confirmationKey = new Hmac(key.purpose("confirmation").getEncoded());
        messageIdKey = new Hmac(key.purpose("message-id").getEncoded());
    }

    public String of(Open open) {
        return signed(openKey, payload(open.delivery()));
    }

    public String of(Click click) {
        var payload = payload(click.delivery());
        number(payload, click.link());
        payload.writeBytes(click.filling().getBytes(StandardCharsets.UTF_8));
        return signed(clickKey, payload);
    }

    public String of(AnonymousOpen open) {
        return signed(anonymousOpenKey, payload(open.account(), open.mailing()));
    }

    public String of(AnonymousClick click) {
        var payload = payload(click.account(), click.mailing());
        number(payload, click.link());
        return signed(anonymousClickKey, payload);
    }

    public String of(ClickTo click) {
        var payload = payload(click.delivery());
        payload.writeBytes(click.url().getBytes(StandardCharsets.UTF_8));
        return signed(clickToKey, payload);
    }

    public String of(Unsubscribe unsubscribe) {
        return signed(unsubscribeKey, payload(unsubscribe.delivery(), unsubscribe.contact()));
    }

    public String of(View view) {
        return signed(viewKey, payload(view.delivery(), view.contact()));
    }

    public String of(AnonymousView view) {
        return signed(anonymousViewKey, payload(view.account(), view.mailing()));
    }

    public String of(Preferences preferences) {
        return signed(preferencesKey, payload(preferences.delivery(), preferences.contact()));
    }

    public String of(Confirmation confirmation) {
        var payload = new ByteArrayOutputStream(32);
        number(payload, confirmation.account());
        number(payload, confirmation.contact());
        number(payload, confirmation.request());
        return signed(confirmationKey, payload);
    }

    /** The left side of a Message-ID: the same for every attempt, and ours when it comes back. */
    public String messageId(DeliveryRef delivery) {
        return signed(messageIdKey, payload(delivery));
    }

    /** Empty if it is no such token of ours, in every one of its bits. */
    public Optional<Open> open(String token) {
        return read(openKey, token, payload -> new Open(delivery(payload)));
    }

    /** As {@link #open}. */
    public Optional<Click> click(String token) {
        return read(
                clickKey,
                token,
                payload -> new Click(delivery(payload), (int) number(payload), rest(payload)));
    }

    /** As {@link #open}. */
    public Optional<AnonymousOpen> anonymousOpen(String token) {
        return read(
                anonymousOpenKey,
                token,
                payload -> new AnonymousOpen(number(payload), number(payload)));
    }

    /** As {@link #open}. */
    public Optional<AnonymousClick> anonymousClick(String token) {
        return read(
                anonymousClickKey,
                token,
                payload ->
                        new AnonymousClick(
                                number(payload), number(payload), (int) number(payload)));
    }

    /** As {@link #open}. */
    public Optional<ClickTo> clickTo(String token) {
        return read(clickToKey, token, payload -> new ClickTo(delivery(payload), rest(payload)));
    }

    /** As {@link #open}. */
    public Optional<Unsubscribe> unsubscribe(String token) {
        return read(
                unsubscribeKey,
                token,
                payload -> new Unsubscribe(delivery(payload), number(payload)));
    }

    /** As {@link #open}. */
    public Optional<View> view(String token) {
        return read(viewKey, token, payload -> new View(delivery(payload), number(payload)));
    }

    /** As {@link #open}. */
    public Optional<AnonymousView> anonymousView(String token) {
        return read(
                anonymousViewKey,
                token,
                payload -> new AnonymousView(number(payload), number(payload)));
    }

    /** As {@link #open}. */
    public Optional<Preferences> preferences(String token) {
        return read(
                preferencesKey,
                token,
                payload -> new Preferences(delivery(payload), number(payload)));
    }

    /** As {@link #open}. */
    public Optional<Confirmation> confirmation(String token) {
        return read(
                confirmationKey,
                token,
                payload ->
                        new Confirmation(number(payload), number(payload), (int) number(payload)));
    }

    private static ByteArrayOutputStream payload(DeliveryRef delivery) {
        var payload = payload(delivery.account(), delivery.mailing());
        number(payload, delivery.number());
        return payload;
    }

    private static ByteArrayOutputStream payload(DeliveryRef delivery, long contact) {
        var payload = payload(delivery);
        number(payload, contact);
        return payload;
    }

    private static ByteArrayOutputStream payload(long account, long mailing) {
        var payload = new ByteArrayOutputStream(48);
        number(payload, account);
        number(payload, mailing);
        return payload;
    }

    private static DeliveryRef delivery(ByteBuffer payload) {
        return new DeliveryRef(number(payload), number(payload), (int) number(payload));
    }

    // Seven bits a byte, the lowest first: most ids need two or three.
    private static void number(ByteArrayOutputStream payload, long number) {
        long rest = number;
        while (rest >>> 7 != 0) {
            payload.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        payload.write((int) rest);
    }

    private static long number(ByteBuffer payload) {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = payload.get();
            number |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    private static String rest(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    private static String signed(Hmac key, ByteArrayOutputStream payload) {
        payload.writeBytes(mac(key, payload.toByteArray()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(payload.toByteArray());
    }

    private static <T> Optional<T> read(Hmac key, String token, Function<ByteBuffer, T> reader) {
        if (token.length() > LONGEST) return Optional.empty();
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            // The decoder forgives bits after the last byte; a changed token is no token.
            if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(token)) {
                return Optional.empty();
            }
            int length = bytes.length - MAC_BYTES;
            if (length < 1) return Optional.empty();
            byte[] payload = Arrays.copyOf(bytes, length);
            byte[] mac = Arrays.copyOfRange(bytes, length, bytes.length);
            return MessageDigest.isEqual(mac, mac(key, payload))
                    ? Optional.of(reader.apply(ByteBuffer.wrap(payload)))
                    : Optional.empty();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static byte[] mac(Hmac key, byte[] payload) {
        return Arrays.copyOf(key.of(payload), MAC_BYTES);
    }
}
