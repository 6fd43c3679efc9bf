package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.AuditEntry;
import io.dynosend.account.AuditLog;
import io.dynosend.contact.CsvCells;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Who did what: for owners and admins, page by page, or all of it as a file. */
public final class AuditRoom implements Dashboard.Room {

    /**
     * A page of the log.
     *
     * @param older leads to what was before; empty: nothing was
     * @param export the same filter as a file
     */
    public record AuditPage(
            List<AuditEntry> entries,
            List<String> people,
            String email,
            String words,
            String older,
            boolean first,
            String export,
            OptionalLong broken) {}

    private static final String PATH = "/people/log";
    private static final int ON_A_PAGE = 50;
    private static final int AT_ONCE = 1_000;

    private final AuditLog audit;
    private final Templates templates = new StaticTemplates();

    public AuditRoom(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get(PATH, this::show);
        doors.get(PATH + ".csv", this::export);
    }

    private void show(Visit visit) {
        requireAdministers(visit);
        long account = visit.account();
        String email = visit.query("who");
        String words = visit.query("search");
        long before = before(visit);
        var entries = audit.page(account, before, email, words, ON_A_PAGE + 1);
        boolean more = entries.size() > ON_A_PAGE;
        if (more) entries = entries.subList(0, ON_A_PAGE);
        boolean first = before == Long.MAX_VALUE;
        var log =
                new AuditPage(
                        entries,
                        audit.people(account),
                        email,
                        words,
                        more
                                ? filtered(PATH, email, words)
                                        .with("before", Long.toString(entries.getLast().number()))
                                        .toString()
                                : "",
                        first,
                        filtered(PATH + ".csv", email, words).toString(),
                        first && email.isEmpty() && words.isEmpty()
                                ? audit.broken(account)
                                : OptionalLong.empty());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardAuditRows(visit, log)
                        : templates.dashboardAudit(visit, log));
    }

    private void export(Visit visit) throws IOException {
        requireAdministers(visit);
        visit.note("exported the audit log");
        visit.download("text/csv; charset=utf-8", "audit-log.csv");
        var out = visit.http().outputStream();
        out.write("number,at,who,action,from,hash\r\n".getBytes(UTF_8));
        long before = Long.MAX_VALUE;
        List<AuditEntry> entries;
        do {
            entries =
                    audit.page(
                            visit.account(),
                            before,
                            visit.query("who"),
                            visit.query("search"),
                            AT_ONCE);
            for (var entry : entries) {
                out.write(line(entry).getBytes(UTF_8));
                before = entry.number();
            }
        } while (entries.size() == AT_ONCE);
    }

    private static String line(AuditEntry entry) {
        return "%d,%s,%s,%s,%s,%s\r\n"
                .formatted(
                        entry.number(),
                        entry.at(),
                        cell(entry.email()),
                        cell(entry.action()),
                        cell(entry.ipAddress() == null ? "" : entry.ipAddress()),
                        entry.hash());
    }

    private static String cell(String text) {
        return '"' + CsvCells.guarded(text).replace("\"", "\"\"") + '"';
    }

    private static long before(Visit visit) {
        String text = visit.query("before");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    private static Address filtered(String path, String email, String words) {
        return Address.of(path).with("who", email).with("search", words);
    }

    private static void requireAdministers(Visit visit) {
        visit.requireAdmin();
    }
}
