package io.dynosend.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.TooMuchDataException;

/** One mail transaction, from MAIL to the answer to the final dot. */
final class Transaction implements MessageHandler {

    private static final Duration SLOWLY = Duration.ofSeconds(1);
    private static final int LONGEST_ADDRESS = 320;

    private final MessageContext client;
    private final Messages messages;
    private final Greylist greylist;
    private final List<String> to = new ArrayList<>();
    private final Set<RecipientRule> rules = EnumSet.noneOf(RecipientRule.class);
    private String from = "";

    Transaction(MessageContext client, Messages messages, Greylist greylist) {
        this.client = client;
        this.messages = messages;
        this.greylist = greylist;
    }

    /** A sender may be empty: the null reverse-path of RFC 5321 §4.5.5. */
    static boolean isSender(String address) {
        return address.isEmpty() || isAddress(address);
    }

    @Override
    public void from(String sender) {
        from = sender;
    }

    @Override
    public void recipient(String recipient) throws RejectException {
        if (!isAddress(recipient)) throw new RejectException(553, "5.1.3 Bad address");
        var rule = RecipientRule.of(recipient);
        switch (rule) {
            case BOUNCE -> throw new RejectException(550, "5.1.1 No such user here");
            case FULL -> throw new RejectException(452, "4.2.2 Mailbox full");
            case DEFER -> {
                if (greylist.isFirstTry(recipient))
                    throw new RejectException(451, "4.7.1 Greylisted, try again later");
            }
            case SLOW, SPAM, NONE -> {}
        }
        rules.add(rule);
        to.add(recipient);
    }

    /** Answers what follows 250; it ends with the id of the stored message. */
    @Override
    public String data(InputStream content) throws RejectException, IOException {
        if (rules.contains(RecipientRule.SPAM)) {
            content.transferTo(OutputStream.nullOutputStream());
            throw new RejectException(554, "5.7.1 Message refused: looks like spam");
        }
        var id = store(content);
        if (rules.contains(RecipientRule.SLOW)) pause();
        return "2.0.0 Ok: stored as " + id;
    }

    @Override
    public void done() {}

    private MessageId store(InputStream content) throws RejectException, IOException {
        try {
            return messages.store(envelope(), content);
        } catch (TooMuchDataException e) {
            throw new RejectException(552, "5.3.4 Message too big");
        }
    }

    private Envelope envelope() {
        var address = ((InetSocketAddress) client.getRemoteAddress()).getAddress();
        return new Envelope(from, to, client.getHelo().orElse(""), address.getHostAddress());
    }

    // Only this connection's virtual thread waits.
    private static void pause() {
        try {
            Thread.sleep(SLOWLY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAddress(String address) {
        return address.length() <= LONGEST_ADDRESS
                && address.indexOf('@') > 0
                && address.chars()
                        .noneMatch(c -> Character.isISOControl(c) || c == '<' || c == '>');
    }
}
