package io.dynosend.smtp;

/**
 * Who sends, and who receives (RFC 5321 §2.3.1); one recipient.
 *
 * @param utf8 whether an address has letters beyond ASCII, so that SMTPUTF8 is needed (RFC 6531)
 */
public record Envelope(String sender, String recipient, boolean utf8) {

    /**
     * Refuses whatever could end a command early.
     *
     * @throws IllegalArgumentException if an address holds a control, a space or an angle bracket
     */
    public Envelope {
        check(sender);
        check(recipient);
    }

    private static void check(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c <= ' ' || c == '<' || c == '>' || Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                        "An address holds a character that no command may");
            }
        }
    }
}
