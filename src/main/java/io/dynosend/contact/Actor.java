package io.dynosend.contact;

import org.jspecify.annotations.Nullable;

/**
 * Who changes a contact, and from where: what the evidence of consent is made of (GDPR Art. 7(1)).
 *
 * @param source api, import, form, link, transactional …
 * @param user the id of the account's user; null when it is the contact
 * @param ipAddress of the connection
 * @param userAgent at most 500 characters are kept
 * @param wording the version of the text that was agreed to, or the text itself
 * @param page where it was done, as the browser says; at most 500 characters are kept
 */
public record Actor(
        String source,
        @Nullable Long user,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        @Nullable String wording,
        @Nullable String page) {

    private static final int LONGEST = 500;

    public Actor {
        userAgent = shortened(userAgent);
        page = shortened(page);
    }

    /** Of no page. */
    public Actor(
            String source,
            @Nullable Long user,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            @Nullable String wording) {
        this(source, user, ipAddress, userAgent, wording, null);
    }

    /** Nobody has agreed to any wording. */
    public Actor(
            String source,
            @Nullable Long user,
            @Nullable String ipAddress,
            @Nullable String userAgent) {
        this(source, user, ipAddress, userAgent, null);
    }

    /** The same one, by another way. */
    public Actor by(String otherSource) {
        return new Actor(otherSource, user, ipAddress, userAgent, wording, page);
    }

    private static @Nullable String shortened(@Nullable String given) {
        if (given == null) return null;
        String text = given.replace("\0", "");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
