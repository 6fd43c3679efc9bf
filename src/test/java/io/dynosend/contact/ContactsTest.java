package io.dynosend.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.DatabaseTest;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Schema;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.contact.ContactRef.ByEmail;
import io.dynosend.contact.ContactRef.ByUid;
import io.dynosend.contact.Contacts.Address;
import io.dynosend.contact.Contacts.NewContact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other rooms of the house ask of contacts, and what they are told. */
class ContactsTest extends DatabaseTest {

    private static final Actor SHOP = new Actor("api", 7L, "127.0.0.1", "Shop/1.0");
    private static final Actor LINK = new Actor("link", null, "127.0.0.2", null, "v3");

    /** Notes what it is told; refuses when it is told to. */
    private static final class Listener implements SubscriptionListener {

        private final List<String> told = new ArrayList<>();
        private boolean refusing;

        @Override
        public void created(Handle tx, List<Subscription> contacts) {
            if (refusing) throw new QuotaExceeded("no mails left");
            contacts.forEach(each -> told.add(told(each)));
        }

        @Override
        public void left(Handle tx, Subscription contact) {
            told.add(told(contact));
        }

        private static String told(Subscription subscription) {
            var contact = subscription.contact();
            return contact.status().wire() + " " + contact.email();
        }
    }

    private final Listener listener = new Listener();
    private final Contacts contacts = new Contacts(jdbi, clock, listener, List.of());
    private final long account = holder(http.token()).account();
    private Schema audience = new Schema(0, "", true, List.of());

    @BeforeEach
    void anAudienceWithDoubleOptIn() {
        String uid =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "News", "from_email": "a@example.org", "from_name": "A",
                                 "double_opt_in": true}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        audience = new Audiences(jdbi, clock).schema(account, uid);
    }

    @Test
    void whoIsNewIsToldOfByTheirStatus() {
        create("a@example.org", false);
        create("b@example.org", true);
        contacts.createAll(
                account,
                audience,
                List.of(wanted("a@example.org", true), wanted("c@example.org", false)),
                SHOP);

        assertThat(listener.told)
                .containsExactly(
                        "unconfirmed a@example.org",
                        "subscribed b@example.org",
                        "unconfirmed c@example.org");
    }

    @Test
    void whatTheListenerRefusesIsNotCreated() {
        listener.refusing = true;

        assertThatThrownBy(() -> create("a@example.org", false)).isInstanceOf(QuotaExceeded.class);

        assertThat(contacts.duplicates(account, new EmailAddress("a@example.org"))).isEmpty();
    }

    @Test
    void onlyWhoFollowsTheLinkOutIsToldOf() {
        String byApi = create("a@example.org", true);
        long byLink = id(create("b@example.org", true));
        listener.told.clear();

        contacts.unsubscribe(account, audience.uid(), new ByUid(byApi), SHOP);
        contacts.subscribe(account, audience.uid(), new ByUid(byApi), SHOP);
        boolean left = jdbi.inTransaction(tx -> contacts.unsubscribe(tx, account, byLink, LINK));
        boolean again = jdbi.inTransaction(tx -> contacts.unsubscribe(tx, account, byLink, LINK));

        assertThat(left).isTrue();
        assertThat(again).isFalse();
        assertThat(listener.told).containsExactly("unsubscribed b@example.org");
    }

    @Test
    void aSubscriptionIsConfirmedOnceWithItsWording() {
        long contact = id(create("a@example.org", false));

        boolean first = jdbi.inTransaction(tx -> confirm(tx, contact));
        boolean second = jdbi.inTransaction(tx -> confirm(tx, contact));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(find("a@example.org").status()).isEqualTo(ContactStatus.SUBSCRIBED);
        assertThat(
                        single(
                                String.class,
                                """
                                SELECT string_agg(
                                    concat_ws(' ', kind, source, user_id, ip_address, wording,
                                        detail ->> 'message_id'),
                                    ', ' ORDER BY id)
                                FROM contact_activity WHERE contact_id = ?
                                """,
                                contact))
                .isEqualTo(
                        "unconfirmed api 7 127.0.0.1, confirmed link 127.0.0.2 v3 1@example.org");
    }

    @Test
    void whoHasLeftDoesNotConfirm() {
        String uid = create("a@example.org", false);
        contacts.unsubscribe(account, audience.uid(), new ByUid(uid), SHOP);

        boolean confirmed = jdbi.inTransaction(tx -> confirm(tx, id(uid)));

        assertThat(confirmed).isFalse();
        assertThat(find("a@example.org").status()).isEqualTo(ContactStatus.UNSUBSCRIBED);
    }

    @Test
    void missingContactsAreMadeSilentlyAndTheOthersStayAsTheyAre() {
        String there = create("there@example.org", true);
        contacts.unsubscribe(account, audience.uid(), new ByUid(there), SHOP);
        listener.told.clear();

        var ids =
                jdbi.inTransaction(tx ->
                        contacts.ensure(
                                tx,
                                List.of(
                                        address("new@example.org"),
                                        address("there@example.org"),
                                        address("new@example.org")),
                                SHOP));

        var made = find("new@example.org");
        assertThat(ids).containsExactly(made.id(), id(there), made.id());
        assertThat(made.status()).isEqualTo(ContactStatus.UNCONFIRMED);
        assertThat(made.source()).isEqualTo("transactional");
        assertThat(find("there@example.org").status()).isEqualTo(ContactStatus.UNSUBSCRIBED);
        assertThat(listener.told).isEmpty();
    }

    private boolean confirm(Handle tx, long contact) {
        return contacts.confirm(tx, account, contact, LINK, Map.of("message_id", "1@example.org"));
    }

    private String create(String email, boolean ignoreDoubleOptIn) {
        return contacts.create(account, audience, wanted(email, ignoreDoubleOptIn), SHOP);
    }

    private static NewContact wanted(String email, boolean ignoreDoubleOptIn) {
        return new NewContact(new EmailAddress(email), List.of(), Map.of(), ignoreDoubleOptIn);
    }

    private Address address(String email) {
        return new Address(account, audience.id(), new EmailAddress(email));
    }

    private Contact find(String email) {
        return contacts.get(account, audience.uid(), new ByEmail(new EmailAddress(email)))
                .contact();
    }

    private long id(String uid) {
        return contacts.get(account, audience.uid(), new ByUid(uid)).contact().id();
    }
}
