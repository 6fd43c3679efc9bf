package io.dynosend.smtp;

/**
 * Shown by nothing.
 *
 * @param token whether the password is an OAuth 2.0 access token, for XOAUTH2 only
 */
public record Credentials(String user, String password, boolean token) {

    /**
     * @throws IllegalArgumentException if one holds a NUL or a Ctrl-A, which separate them in AUTH
     */
    public Credentials {
        if ((user + password).chars().anyMatch(c -> c == 0 || c == 1)) {
            throw new IllegalArgumentException("User and password hold no control characters");
        }
    }

    public Credentials(String user, String password) {
        this(user, password, false);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
