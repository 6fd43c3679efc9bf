package io.dynosend.campaign;

import static io.dynosend.campaign.Finding.error;
import static io.dynosend.campaign.Finding.note;
import static io.dynosend.campaign.Finding.warning;

import io.dynosend.content.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the header of a campaign looks like to a filter of spam, and to a reader. */
final class HeaderGates {

    private static final int LONGEST_SUBJECT = 150;
    private static final int FEW_LETTERS = 4;
    private static final Place START = new Place(1, 1);
    private static final Pattern ANSWER =
            Pattern.compile("^\\s*(?:re|fw|fwd|aw|wg)\\s*:", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOBODY =
            Pattern.compile("(?:do-?not-?reply|no-?reply|donotreply)", Pattern.CASE_INSENSITIVE);

    private HeaderGates() {}

    /**
     * All of them.
     *
     * @param rendered the subject of one copy
     */
    static List<Finding> findings(Campaign campaign, String rendered) {
        var findings = new ArrayList<Finding>();
        subject(rendered, findings);
        answers(campaign, findings);
        return findings;
    }

    private static void subject(String subject, List<Finding> findings) {
        if (subject.isBlank()) {
            findings.add(error("empty_subject", "subject", null, "Write a subject"));
            return;
        }
        if (isShouted(subject)) {
            findings.add(
                    warning(
                            "subject_capitals",
                            "subject",
                            START,
                            "The subject is all capitals, as spam often is: write it as a"
                                    + " sentence"));
        }
        int length = subject.codePointCount(0, subject.length());
        if (length > LONGEST_SUBJECT) {
            findings.add(
                    warning(
                            "subject_too_long",
                            "subject",
                            new Place(1, LONGEST_SUBJECT + 1),
                            "The subject has %d characters, and nobody sees more than %d: say it"
                                            .formatted(length, LONGEST_SUBJECT)
                                    + " shorter"));
        }
        // 15 U.S.C. §7704(a)(2): a subject must not mislead.
        if (ANSWER.matcher(subject).find()) {
            findings.add(
                    warning(
                            "subject_pretends",
                            "subject",
                            START,
                            "The subject begins like an answer that it is not: leave that out"));
        }
    }

    private static boolean isShouted(String subject) {
        long letters = subject.codePoints().filter(HeaderGates::hasCase).count();
        return letters >= FEW_LETTERS && subject.equals(subject.toUpperCase(Locale.ROOT));
    }

    private static boolean hasCase(int letter) {
        return Character.isUpperCase(letter) || Character.isLowerCase(letter);
    }

    private static void answers(Campaign campaign, List<Finding> findings) {
        String to = campaign.replyTo().value();
        if (NOBODY.matcher(to.substring(0, to.lastIndexOf('@'))).find()) {
            findings.add(
                    warning(
                            "reply_to_nobody",
                            "headers",
                            null,
                            "Answers go to %s: give a reply address that somebody reads"
                                    .formatted(to)));
        } else if (campaign.replyTo().equals(campaign.fromEmail())) {
            findings.add(
                    note(
                            "no_reply_to",
                            "headers",
                            null,
                            "There is no reply address, so answers go to the sender, %s: see that"
                                            .formatted(to)
                                    + " somebody reads them"));
        }
    }
}
