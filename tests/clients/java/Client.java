// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT

import java.io.FileInputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * One request through the proxy with Java's own clients: Client new|field|old|socks HOST PORT URL KEY CA [USER
 * PASSWORD]. "new" is HttpClient with an authenticator, "field" the same with a Proxy-Authorization that it is given, "old"
 * is HttpURLConnection, "socks" the same through SOCKS5. Prints "STATUS TEXT" of the answer, or the error as a stack trace's first line would have it.
 */
public final class Client {
    public static void main(String[] args) throws Exception {
        InetSocketAddress proxy = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
        Authenticator authenticator = args.length < 8 || args[0].equals("field") ? null : new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                // For SOCKS5 Java names no requestor.
                return getRequestorType() == RequestorType.PROXY || args[0].equals("socks")
                    ? new PasswordAuthentication(args[6], args[7].toCharArray()) : null;
            }
        };
        try {
            String field = args[0].equals("field") ? basic(args[6], args[7]) : null;
            Proxy.Type type = args[0].equals("socks") ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
            System.out.println(args[0].equals("old") || args[0].equals("socks")
                ? withUrlConnection(new Proxy(type, proxy), authenticator, args[3], args[4], trust(args[5]))
                : withHttpClient(proxy, authenticator, field, args[3], args[4], trust(args[5])));
        } catch (IOException error) {
            System.out.println(error);
        }
        System.exit(0);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String withHttpClient(InetSocketAddress proxy, Authenticator authenticator, String field, String url,
                                         String key, SSLContext trust) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).sslContext(trust);
        if (authenticator != null)
            builder.authenticator(authenticator);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        request.header(authenticator == null ? "Authorization" : "x-api-key", authenticator == null ? "Bearer " + key : key);
        if (field != null)
            request.header("Proxy-Authorization", field);
        HttpResponse<String> response = builder.build().send(request.build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static String withUrlConnection(Proxy proxy, Authenticator authenticator, String url, String key,
                                            SSLContext trust) throws Exception {
        Authenticator.setDefault(authenticator);
        HttpURLConnection connection =
            (HttpURLConnection) URI.create(url).toURL().openConnection(proxy);
        if (connection instanceof HttpsURLConnection secure)
            secure.setSSLSocketFactory(trust.getSocketFactory());
        connection.setRequestProperty("Authorization", "Bearer " + key);
        if (connection.getResponseCode() != 200)
            return connection.getResponseCode() + " " + connection.getResponseMessage();
        return "200 " + new String(connection.getInputStream().readAllBytes(), "UTF-8");
    }

    private static SSLContext trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (FileInputStream data = new FileInputStream(file)) {
            store.setCertificateEntry("test", CertificateFactory.getInstance("X.509").generateCertificate(data));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private Client() {}
}
