package io.dynosend.smtp;

/** Shown by nothing. */
public record Credentials(String user, String password) {

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
