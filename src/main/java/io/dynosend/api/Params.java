package io.dynosend.api;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.Tags;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one call, wherever they came from: query, JSON, urlencoded or multipart body,
 * on every verb; a body key wins over a query key. Strings are trimmed; a blank one counts as
 * missing wherever something is required.
 */
final class Params {

    private static final int MOST_DIGITS = 100;

    private final Map<String, @Nullable Object> values;
    private final Map<String, UploadedFile> files;

    private Params(Map<String, @Nullable Object> values, Map<String, UploadedFile> files) {
        this.values = values;
        this.files = files;
    }

    /**
     * @param body all of it, unless it is multipart
     */
    static Params of(Context http, byte[] body) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        String query = http.queryString();
        if (query != null) values.putAll(FormFields.parse(query));
        var files = new HashMap<String, UploadedFile>();
        if (http.isMultipartFormData()) {
            readParts(http, values, files);
        } else {
            values.putAll(body(http, body));
        }
        return new Params(values, files);
    }

    private static void readParts(
            Context http, Map<String, @Nullable Object> values, Map<String, UploadedFile> files) {
        var form = new FormFields();
        http.formParamMap().forEach((name, all) -> all.forEach(value -> form.add(name, value)));
        http.uploadedFileMap().forEach((name, all) -> files.put(name, all.getFirst()));
        values.putAll(form.values());
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * Text that is not blank.
     *
     * @throws BadInput naming the parameter, if it is missing
     */
    String required(String name) {
        return optional(name).orElseThrow(() -> BadInput.missing(name));
    }

    /** Text that is not blank. */
    Optional<String> optional(String name) {
        return Optional.ofNullable(text(name, values.get(name))).filter(value -> !value.isEmpty());
    }

    /** Text that is not blank, its white space kept: where in it something is wrong counts. */
    Optional<String> verbatim(String name) {
        return values.get(name) instanceof String text && !text.isBlank()
                ? Optional.of(checked(name, text))
                : optional(name);
    }

    /**
     * A single line that is not blank.
     *
     * @throws BadInput naming the parameter, if it holds a line break or another control character
     */
    Optional<String> line(String name) {
        return verbatim(name).map(text -> SingleLine.checked(name, text).strip());
    }

    /** As it was sent, not even trimmed, whatever it holds; empty when it is missing. */
    Optional<String> exact(String name) {
        return values.get(name) instanceof String text
                ? Optional.of(text)
                : Optional.ofNullable(text(name, values.get(name)));
    }

    EmailAddress email(String name) {
        return email(name, required(name));
    }

    Optional<EmailAddress> optionalEmail(String name) {
        return optional(name).map(text -> email(name, text));
    }

    /** {@code true}, {@code "true"}, {@code 1}, {@code "1"} and {@code "on"} are true. */
    boolean flag(String name) {
        return optional(name).map(text -> flag(name, text)).orElse(false);
    }

    /**
     * A whole number.
     *
     * @throws BadInput naming the parameter, if it is none, or below 1
     */
    Optional<Long> positive(String name) {
        return optional(name).map(text -> positive(name, text));
    }

    /** The tags of {@code tag}: comma-separated or a list; null when it is missing or null. */
    @Nullable List<String> tags() {
        Object value = values.get("tag");
        if (value == null) return null;
        return value instanceof List<?> list
                ? Tags.clean(list.stream().map(Params::tag).toList())
                : Tags.parse(tag(value));
    }

    boolean isBlank(String name) {
        return values.get(name) instanceof String text && text.isBlank();
    }

    boolean isObject(String name) {
        return values.get(name) instanceof Map;
    }

    Set<String> names() {
        return values.keySet();
    }

    /** The parameters below a key, as {@code contact_information}; none when it is missing. */
    Params object(String name) {
        Object value = values.get(name);
        // PHP writes an empty object as an empty list.
        if (value == null || List.of().equals(value)) return new Params(Map.of(), Map.of());
        return child(name, value);
    }

    private static Params child(String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) throw new BadInput(name + " must be an object");
        var inner = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, child) -> inner.put(String.valueOf(key), child));
        return new Params(inner, Map.of());
    }

    /** A list of objects, as {@code customTags}; empty when it is missing. */
    List<Params> objects(String name) {
        Object value = values.get(name);
        if (value == null) return List.of();
        if (!(value instanceof List<?> list)) throw new BadInput(name + " must be a list");
        return list.stream().map(each -> child("Each of " + name, each)).toList();
    }

    /** An object as it is, as {@code properties}; null when it is missing. */
    @Nullable Map<String, @Nullable Object> raw(String name) {
        Object value = values.get(name);
        if (value == null || List.of().equals(value)) return null;
        return child(name, value).values;
    }

    /**
     * A time.
     *
     * @throws BadInput unless it is like {@code 2026-01-31T10:00:00Z}, or unix seconds
     */
    Optional<Instant> time(String name) {
        return optional(name).map(text -> time(name, text));
    }

    /**
     * A time, which the clocks of a time zone may tell.
     *
     * @param zoneName of the parameter with an IANA name, such as Europe/Berlin; where clocks show
     *     a time twice, the first is meant
     * @throws BadInput unless it is as {@link #time(String)} takes it, or with a time zone like
     *     {@code 2026-01-31T10:00}; if there is no such zone, or its clocks skip that time
     */
    Optional<Instant> timeInZone(String name, String zoneName) {
        var zone = optional(zoneName).map(text -> zone(zoneName, text));
        if (zone.isEmpty()) return time(name);
        return optional(name).map(text -> localTime(name, text, zone.get()));
    }

    /** Every parameter, for those that are custom fields: as text, unless a list or an object. */
    Map<String, @Nullable Object> all() {
        var all = new LinkedHashMap<String, @Nullable Object>();
        values.forEach((name, value) -> all.put(name, isSingle(value) ? text(name, value) : value));
        return all;
    }

    Optional<UploadedFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /**
     * What tells this request from others: the SHA-256 of its path and its parameters, whatever
     * form they came in.
     */
    byte[] fingerprint(String path) {
        var digest = sha256();
        digest.update(Answers.json(List.of(path, new TreeMap<>(values))));
        files.forEach((name, file) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            try (var content = new DigestInputStream(file.content(), digest)) {
                content.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The document lets a caller send both; the uid wins. */
    ContactRef contact() {
        return optional("contact_uid")
                .<ContactRef>map(ContactRef.ByUid::new)
                .or(() -> optionalEmail("email").map(ContactRef.ByEmail::new))
                .orElseThrow(() -> BadInput.missing("contact_uid or email"));
    }

    private static Map<String, @Nullable Object> body(Context http, byte[] body) {
        boolean form = http.isFormUrlencoded() && !startsWithBrace(body);
        if (!form) return LenientJson.object(body);
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.putAll(FormFields.parse(new String(body, StandardCharsets.UTF_8)));
        return fields;
    }

    private static boolean startsWithBrace(byte[] body) {
        for (byte b : body) {
            if (b == '{') return true;
            if (b > ' ') return false;
        }
        return false;
    }

    private static String tag(@Nullable Object value) {
        String tag = text("tag", value);
        return tag == null ? "" : tag;
    }

    private static boolean isSingle(@Nullable Object value) {
        return !(value instanceof List || value instanceof Map);
    }

    private static @Nullable String text(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> checked(name, text.strip());
            case BigDecimal number -> plain(name, number);
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default ->
                    throw new BadInput(name + " must be a single value, not a list or an object");
        };
    }

    // Written out, 1e999999999 has a billion digits.
    private static String plain(String name, BigDecimal number) {
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw new BadInput("%s has over %d digits".formatted(name, MOST_DIGITS));
        }
        return number.stripTrailingZeros().toPlainString();
    }

    // PostgreSQL has no U+0000, and a lone surrogate is no text.
    private static String checked(String name, String text) {
        if (text.indexOf('\0') >= 0 || hasLoneSurrogate(text)) {
            throw new BadInput(name + " holds a character that is not allowed");
        }
        return text;
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    private static EmailAddress email(String name, String text) {
        if (!EmailAddress.isValid(text)) {
            throw new BadInput(name + " is not a valid email address", "invalid_email");
        }
        return new EmailAddress(text);
    }

    private static boolean flag(String name, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on" -> true;
            case "false", "0", "off" -> false;
            default -> throw new BadInput(name + " must be true or false");
        };
    }

    private static long positive(String name, String text) {
        if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < 1) {
            throw new BadInput(name + " must be a whole number from 1");
        }
        return Long.parseLong(text);
    }

    private static ZoneId zone(String name, String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new BadInput(name + " must be the name of a time zone, such as Europe/Berlin");
        }
    }

    private static Instant localTime(String name, String text, ZoneId zone) {
        try {
            var local = LocalDateTime.parse(text.replace(' ', 'T'));
            var gap = zone.getRules().getTransition(local);
            if (gap != null && gap.isGap()) {
                throw new BadInput(
                        "%s: there is no %s in %s; clocks go from %s to %s that day"
                                .formatted(
                                        name,
                                        local.toLocalTime(),
                                        zone,
                                        gap.getDateTimeBefore().toLocalTime(),
                                        gap.getDateTimeAfter().toLocalTime()));
            }
            return local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
        } catch (DateTimeParseException e) {
            throw new BadInput(
                    name + " must be a time such as 2026-01-31T10:00 when there is a time zone");
        }
    }

    private static Instant time(String name, String text) {
        try {
            return text.matches("[0-9]{1,11}")
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new BadInput(name + " must be a time such as 2026-01-31T10:00:00Z");
        }
    }
}
