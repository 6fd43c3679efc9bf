package io.dynosend.contact;

import io.dynosend.audience.Schema;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The contacts of an account, and, with {@link Imports}, the only door to those who write them. */
public final class Contacts {

    /**
     * What a new contact is made of.
     *
     * @param fields by tag, as {@link CustomFields#given} lets them pass
     * @param ignoreDoubleOptIn subscribes at once although the audience asks for a confirmation;
     *     that the actor may do so is the caller's to know
     */
    public record NewContact(
            EmailAddress email,
            List<String> tags,
            Map<String, String> fields,
            boolean ignoreDoubleOptIn) {

        /** The same with these fields. */
        public NewContact with(Map<String, String> otherFields) {
            return new NewContact(email, tags, otherFields, ignoreDoubleOptIn);
        }
    }

    /**
     * What is to change.
     *
     * @param email null: stays
     * @param tags null: stay; else all of them are replaced
     * @param fields by tag, as {@link CustomFields#checked} lets them pass; null clears one
     */
    public record Changes(
            @Nullable EmailAddress email,
            @Nullable List<String> tags,
            Map<String, @Nullable String> fields) {}

    /** An address in an audience, by their ids. */
    public record Address(long account, long audience, EmailAddress email) {}

    private static final String BY_IDS =
            """
            SELECT %s
            FROM contact c
            WHERE c.account_id = :account AND c.id = ANY(:ids)
            """
                    .formatted(ContactRows.COLUMNS);

    private static final String PAGE =
            """
            SELECT %s
            FROM contact c
            WHERE c.account_id = :account AND c.audience_id = :audience AND c.id > :after
            ORDER BY c.id
            LIMIT :limit OFFSET :skip
            """
                    .formatted(ContactRows.COLUMNS);

    private final Jdbi jdbi;
    private final Lookup lookup;
    private final Creations creations;
    private final Ensuring ensuring;
    private final Tagging tagging;
    private final ContactChanges changes;
    private final Subscriptions subscriptions;
    private final Deletion deletion;

    /**
     * @param erasures of all who keep something about contacts
     */
    public Contacts(
            Jdbi jdbi,
            InstantSource clock,
            SubscriptionListener listener,
            List<? extends Erasure> erasures) {
        this.jdbi = jdbi;
        var activities = new Activities(clock);
        lookup = new Lookup(jdbi);
        creations = new Creations(jdbi, clock, listener);
        ensuring = new Ensuring(creations);
        tagging = new Tagging(jdbi, clock);
        changes = new ContactChanges(clock, activities);
        subscriptions = new Subscriptions(clock, activities, listener);
        deletion = new Deletion(erasures);
    }

    /**
     * One contact of an audience.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public Profile get(long account, String audienceUid, ContactRef ref) {
        return lookup.find(account, audienceUid, ref);
    }

    /** The contacts with this address in all audiences of the account, the oldest first. */
    public List<Profile> duplicates(long account, EmailAddress email) {
        return jdbi.withHandle(db -> Lookup.inAllAudiences(db, account, email.value()));
    }

    /** Some contacts of any audience, by id; the erased ones are missing. */
    public Map<Long, Contact> byId(long account, Collection<Long> ids) {
        var found = new HashMap<Long, Contact>();
        jdbi.useHandle(db ->
                db.createQuery(BY_IDS)
                        .bind("account", account)
                        .bindArray("ids", Long.class, ids)
                        .map((row, _) -> ContactRows.contact(row))
                        .forEach(contact -> found.put(contact.id(), contact)));
        return found;
    }

    /**
     * Contacts of an audience in the order of their ids.
     *
     * @param after the id of the last one of the page before; 0 for the first page
     * @param skip how many more are left out
     * @param limit how many at most; fewer where they are large, none only at the end
     */
    public List<Contact> page(long account, long audience, long after, long skip, int limit) {
        return jdbi.inTransaction(tx ->
                ContactRows.some(
                        tx.createQuery(PAGE)
                                .bind("account", account)
                                .bind("audience", audience)
                                .bind("after", after)
                                .bind("skip", skip)
                                .bind("limit", limit)));
    }

    /**
     * Adds a contact (section "Create a contact" of the API document).
     *
     * @return the uid of the new contact
     * @throws Conflict if the audience has this address, whatever its status
     */
    public String create(long account, Schema audience, NewContact wanted, Actor actor) {
        return creations.create(account, audience, wanted, actor).orElseThrow(Contacts::exists);
    }

    /**
     * Adds contacts, those whose address the audience has not yet.
     *
     * @return the uid of each, or why it was not added, in the order given
     */
    public List<Result> createAll(
            long account, Schema audience, List<NewContact> wanted, Actor actor) {
        return creations.createAll(account, audience, wanted, actor).stream()
                .map(uid ->
                        uid.<Result>map(Result.Created::new)
                                .orElseGet(() -> new Result.Refused(exists())))
                .toList();
    }

    /** What became of one of many new contacts. */
    public sealed interface Result {
        record Created(String uid) implements Result {}

        record Refused(Problem problem) implements Result {}
    }

    /**
     * Makes sure that addresses have a contact, within the caller's transaction. Who is new is
     * unconfirmed, of the source "transactional", and told nothing. Until the transaction ends none
     * of them is erased.
     *
     * @return their ids in the order given; whatever their status
     */
    public List<Long> ensure(Handle tx, List<Address> addresses, Actor actor) {
        return ensuring.ensure(tx, addresses, actor.by("transactional"));
    }

    /**
     * Changes address, tags or custom fields; the status stays.
     *
     * @return the contact's uid
     * @throws NotFound if the audience or the contact is not there
     * @throws Conflict if the new address is another contact's
     */
    public String update(
            long account, String audienceUid, ContactRef ref, Changes wanted, Actor actor) {
        var contact = get(account, audienceUid, ref).contact();
        jdbi.useTransaction(tx -> changes.update(tx, account, contact.id(), wanted, actor));
        return contact.uid();
    }

    /**
     * Adds tags; those that are there stay where they are.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public void addTags(
            long account, String audienceUid, ContactRef ref, List<String> tags, Actor actor) {
        var contact = get(account, audienceUid, ref).contact();
        if (!tagging.add(account, contact.id(), tags, actor)) throw new NotFound("Contact");
    }

    /**
     * Takes tags away; those it has not are passed over.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public void removeTags(
            long account, String audienceUid, ContactRef ref, List<String> tags, Actor actor) {
        var contact = get(account, audienceUid, ref).contact();
        jdbi.useTransaction(tx -> changes.removeTags(tx, account, contact.id(), tags, actor));
    }

    /**
     * Subscribes, whatever the status was. Idempotent; nobody is told.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public void subscribe(long account, String audienceUid, ContactRef ref, Actor actor) {
        var contact = get(account, audienceUid, ref).contact();
        jdbi.useTransaction(tx -> subscriptions.subscribe(tx, account, contact.id(), actor));
    }

    /**
     * Unsubscribes. Idempotent: who has left before keeps the time of the first leave. Nobody is
     * told.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public void unsubscribe(long account, String audienceUid, ContactRef ref, Actor actor) {
        var contact = get(account, audienceUid, ref).contact();
        jdbi.useTransaction(tx -> subscriptions.unsubscribe(tx, account, contact.id(), actor));
    }

    /**
     * As above, of a contact who followed a signed link, within the caller's transaction; the
     * listener is told.
     *
     * @return whether it was subscribed or unconfirmed until now
     */
    public boolean unsubscribe(Handle tx, long account, long contact, Actor actor) {
        return subscriptions.leave(tx, account, contact, actor);
    }

    /**
     * The contact has confirmed its subscription, within the caller's transaction.
     *
     * @param evidence what else proves it, by key
     * @return whether it was unconfirmed until now; if not, nothing is changed
     */
    public boolean confirm(
            Handle tx, long account, long contact, Actor actor, Map<String, String> evidence) {
        return subscriptions.confirm(tx, account, contact, actor, evidence);
    }

    /**
     * Erases a contact and all that tells of it, for good (GDPR Art. 17). The blacklist stays.
     *
     * @throws NotFound if the audience or the contact is not there (any more)
     */
    public void delete(long account, String audienceUid, ContactRef ref) {
        var contact = get(account, audienceUid, ref).contact();
        var erased = jdbi.inTransaction(tx -> deletion.delete(tx, account, contact.id()));
        // Whoever read the contact before it was gone may have written since.
        jdbi.useTransaction(tx -> deletion.sweep(tx, erased));
    }

    /**
     * As above, within the caller's transaction.
     *
     * @return whether it was there still
     */
    boolean delete(Handle tx, long account, long contact) {
        try {
            deletion.sweep(tx, deletion.delete(tx, account, contact));
            return true;
        } catch (NotFound e) {
            return false;
        }
    }

    /**
     * Who has left asks to come back, within the caller's transaction: unconfirmed until the click.
     *
     * @return whether it was unsubscribed until now
     */
    public boolean askToReturn(Handle tx, long account, long contact, Actor actor) {
        return subscriptions.askToReturn(tx, account, contact, actor);
    }

    /**
     * Who asked to come back and never confirmed is unsubscribed as before, within the caller's
     * transaction.
     *
     * @return whether it had left before
     */
    public boolean stayAway(Handle tx, long account, long contact) {
        return subscriptions.stayAway(tx, account, contact);
    }

    /**
     * As above, if the contact is there and has not confirmed by now.
     *
     * @return whether it was
     */
    public boolean deleteUnconfirmed(long account, long contact) {
        var erased = jdbi.inTransaction(tx -> deletion.deleteUnconfirmed(tx, account, contact));
        erased.ifPresent(each -> jdbi.useTransaction(tx -> deletion.sweep(tx, each)));
        return erased.isPresent();
    }

    private static Conflict exists() {
        return new Conflict("The audience has a contact with this email", "contact_exists");
    }
}
