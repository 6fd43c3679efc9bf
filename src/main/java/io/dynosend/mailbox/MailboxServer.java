package io.dynosend.mailbox;

import io.dynosend.pages.Assets;
import io.dynosend.pages.Leaving;
import io.javalin.Javalin;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** The mailbox as a program of its own, for trying whatever sends mail. */
public final class MailboxServer implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final Mailbox mailbox;
    private final Javalin web;

    private MailboxServer(Mailbox mailbox, Javalin web) {
        this.mailbox = mailbox;
        this.web = web;
    }

    /**
     * Serves until the process is told to end.
     *
     * @param data the folder that the mailbox is made in
     * @param smtpPort 0 takes any free one; so does 0 for httpPort
     */
    public static void run(Path data, int smtpPort, int httpPort) throws InterruptedException {
        var server = start(data, smtpPort, httpPort);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            server.close();
                            ended.countDown();
                        }));
        System.out.printf("Mailbox   http://localhost:%d/mailbox%n", server.httpPort());
        System.out.printf("SMTP      smtp://localhost:%d%n", server.smtpPort());
        ended.await();
    }

    /** Open to this machine only. */
    static MailboxServer start(Path data, int smtpPort, int httpPort) {
        var mailbox = Mailbox.start(data.resolve("mailbox"), smtpPort, InstantSource.system());
        var access = new MailboxAccess(true);
        var pages = new MailboxPages(mailbox, access, () -> Leaving.ALL);
        var web =
                Javalin.create(config -> {
                    config.concurrency.useVirtualThreads = true;
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/", ctx -> ctx.redirect("/mailbox"));
                    Assets.routes(config.routes);
                    pages.routes(config.routes);
                });
        try {
            return new MailboxServer(mailbox, web.start(LOOPBACK, httpPort));
        } catch (RuntimeException e) { // the port is taken
            mailbox.close();
            throw e;
        }
    }

    int smtpPort() {
        return mailbox.smtpPort();
    }

    int httpPort() {
        return web.port();
    }

    @Override
    public void close() {
        web.stop();
        mailbox.close();
    }
}
