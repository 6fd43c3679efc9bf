package io.dynosend.optin;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Field;
import java.util.List;

/**
 * A form by which strangers join an audience.
 *
 * @param uid its address, and all that names it
 * @param open whether it takes anybody
 * @param fields those that readers may see
 * @param wording what it says
 */
public record SignUpForm(
        long account,
        Audience audience,
        String uid,
        boolean open,
        List<Field> fields,
        Wording wording) {

    /**
     * What a form says.
     *
     * @param consent what they agree to
     * @param button what they press
     */
    public record Wording(String title, String intro, String consent, String button) {

        /** What a new form says. */
        static Wording of(Audience audience) {
            return new Wording(
                    "Subscribe to " + audience.name(),
                    "",
                    "I want to get e-mail from "
                            + audience.fromName()
                            + ". I can unsubscribe at any time.",
                    "Subscribe");
        }
    }
}
