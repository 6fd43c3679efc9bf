package io.dynosend.jobs;

import io.dynosend.account.IdempotentAnswers;
import io.dynosend.audience.ContactCounts;
import io.dynosend.campaign.Schedules;
import io.dynosend.contact.BulkChanges;
import io.dynosend.contact.ContactFigures;
import io.dynosend.contact.ImportJobs;
import io.dynosend.database.MonthlyPartitions;
import io.dynosend.optin.Confirmations;
import io.dynosend.optin.SignUpLimits;
import io.dynosend.optin.UnansweredRequests;
import io.dynosend.sending.Alarms;
import io.dynosend.sending.Couriers;
import io.dynosend.sending.LedgerHome;
import io.dynosend.sending.Mailings;
import io.dynosend.sending.Outbox;
import io.dynosend.tracking.EngagementHours;
import java.time.Duration;
import java.util.List;

/** All loops of this node. */
public final class Jobs implements AutoCloseable {

    private final List<Loop> loops;

    public Jobs(
            Mailings mailings,
            Schedules schedules,
            Couriers couriers,
            LedgerHome ledgerHome,
            Alarms alarms,
            Outbox outbox,
            MonthlyPartitions partitions,
            IdempotentAnswers idempotentAnswers,
            Confirmations confirmations,
            UnansweredRequests unansweredRequests,
            ImportJobs importJobs,
            BulkChanges bulkChanges,
            EngagementHours engagementHours,
            ContactCounts contactCounts,
            ContactFigures contactFigures,
            SignUpLimits signUpLimits) {
        loops =
                List.of(
                        new Loop("mailings", Duration.ofMillis(200), () -> advance(mailings)),
                        new Loop("schedules", Duration.ofMillis(500), schedules::startDue),
                        new Loop("couriers", Duration.ofMillis(200), couriers::sendOut),
                        new Loop("single messages", Duration.ofMillis(200), couriers::sendSingles),
                        new Loop("relays", Duration.ofSeconds(2), couriers::meetOthers),
                        new Loop("ledger position", Duration.ofSeconds(5), ledgerHome::note),
                        new Loop("alarms", Duration.ofSeconds(5), alarms::look),
                        new Loop("contents", Duration.ofHours(1), outbox::forgetContents),
                        new Loop("partitions", Duration.ofHours(6), partitions::createAhead),
                        new Loop(
                                "idempotency keys",
                                Duration.ofMinutes(10),
                                idempotentAnswers::forgetOld),
                        new Loop(
                                "confirmation limits",
                                Duration.ofMinutes(10),
                                confirmations::forgetOldLimits),
                        new Loop(
                                "unanswered confirmations",
                                Duration.ofHours(6),
                                unansweredRequests::forget),
                        new Loop("imports", Duration.ofMillis(500), importJobs::runQueued),
                        new Loop("old imports", Duration.ofHours(1), importJobs::forgetOld),
                        new Loop(
                                "changes of many contacts",
                                Duration.ofMillis(500),
                                () -> finish(bulkChanges)),
                        new Loop(
                                "hours of engagement",
                                Duration.ofMinutes(1),
                                engagementHours::fold),
                        new Loop("counts of contacts", Duration.ofSeconds(10), contactCounts::fold),
                        new Loop(
                                "figures of contacts",
                                Duration.ofSeconds(30),
                                contactFigures::refresh),
                        new Loop("form limits", Duration.ofMinutes(10), signUpLimits::forgetOld));
    }

    /** Ends every loop after its present round. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
    }

    private static void finish(BulkChanges changes) {
        boolean changed = changes.advance();
        while (changed) changed = changes.advance();
    }

    private static void advance(Mailings mailings) {
        boolean written = mailings.writeRecipients();
        while (written) written = mailings.writeRecipients();
        mailings.closeFinished();
    }
}
