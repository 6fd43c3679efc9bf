package io.dynosend.account;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.util.Locale;
import java.util.Set;

/** What a password must be that somebody chooses. */
public final class NewPassword {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 255;

    // Whoever guesses begins with these.
    private static final Set<String> COMMONEST =
            Set.of(
                    "password",
                    "password1",
                    "password12",
                    "password123",
                    "passw0rd",
                    "12345678",
                    "123456789",
                    "1234567890",
                    "87654321",
                    "qwertyui",
                    "qwertyuiop",
                    "qwerty12",
                    "qwerty123",
                    "1q2w3e4r",
                    "asdfghjkl",
                    "iloveyou",
                    "sunshine",
                    "princess",
                    "football",
                    "baseball",
                    "letmein1",
                    "welcome1",
                    "changeme",
                    "trustno1",
                    "abcd1234",
                    "dynosend");

    private NewPassword() {}

    /**
     * The password itself, if it is not too easy to guess.
     *
     * @param email that it is for
     * @throws BadInput saying why another one is wanted
     */
    public static String checked(String password, EmailAddress email) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw new BadInput("The password must have 8 to 255 characters");
        }
        String plain = password.toLowerCase(Locale.ROOT);
        String address = email.value().toLowerCase(Locale.ROOT);
        if (plain.equals(address) || plain.equals(address.substring(0, address.indexOf('@')))) {
            throw new BadInput("The password must not be your e-mail address");
        }
        if (plain.chars().distinct().count() == 1) {
            throw new BadInput("The password must not be one character again and again");
        }
        if (COMMONEST.contains(plain)) {
            throw new BadInput("This password is among the first that anybody tries");
        }
        return password;
    }
}
