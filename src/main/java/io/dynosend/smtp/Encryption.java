package io.dynosend.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How the connection to a relay is encrypted, and whom it trusts.
 *
 * @param here whether the relay is on this machine
 */
record Encryption(SSLContext trust, Relay relay, boolean here) {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /**
     * Shakes hands.
     *
     * @throws IOException also if the certificate is not to be trusted, or is another host's
     */
    TlsTransport over(Transport below) throws IOException {
        return TlsTransport.over(below, engine());
    }

    private SSLEngine engine() {
        var engine = context().createSSLEngine(relay.host(), relay.port());
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        // RFC 8314 §3 has certificates checked as RFC 7817 does: as HTTPS does.
        if (verifies()) parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private boolean verifies() {
        return !here || relay.security() != Security.STARTTLS_IF_OFFERED;
    }

    private SSLContext context() {
        return verifies() ? trust : TrustsThisMachine.CONTEXT;
    }

    /** A self-signed certificate is what servers are installed with. */
    private static final class TrustsThisMachine extends X509ExtendedTrustManager {

        static final SSLContext CONTEXT = context();

        private static SSLContext context() {
            try {
                var context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustsThisMachine()}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
