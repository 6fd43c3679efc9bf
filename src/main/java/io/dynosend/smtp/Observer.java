package io.dynosend.smtp;

import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.SSLSession;

/** Is told what happens on a connection, step by step, by the thread that uses it. */
public interface Observer {

    /** Looks away. */
    Observer NONE = new Observer() {};

    /** What comes next; what came before went well. */
    default void begins(Phase phase) {}

    /**
     * What the relay's name leads to.
     *
     * @param allowed those that may be dialled
     * @param others how many may not
     */
    default void found(List<InetAddress> allowed, int others) {}

    default void connected(InetAddress address) {}

    default void encrypted(SSLSession session) {}

    /**
     * How the password is proved, before it is.
     *
     * @param mechanism of AUTH, such as PLAIN
     */
    default void signsIn(String mechanism) {}

    default void answered(Reply reply) {}
}
