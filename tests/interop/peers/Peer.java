// Peer.java - a peer that is Java's JSSE; how it is called, peer.h says. One file, run as it is (JEP 330).
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import javax.net.ssl.*;

public class Peer {
    static Map<String, String> wishes(String[] words) {
        Map<String, String> w = new HashMap<>();
        for (String word : words)
            if (word.contains("="))
                w.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        return w;
    }

    static class Lacking extends Exception {
        Lacking(String why) { super(why); }
    }

    static X509Certificate certificate(String path) throws Exception {
        try (InputStream in = new FileInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    static PrivateKey key(String path) throws Exception {
        String text = Files.readString(Path.of(path)).replaceAll("-----[^-]*-----|\\s", "");
        for (String kind : new String[] { "RSA", "RSASSA-PSS", "EC", "Ed25519" })
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
            } catch (java.security.spec.InvalidKeySpecException e) {
                continue;
            }
        throw new Lacking("no such key: " + path);
    }

    static SSLContext context(Map<String, String> w) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType()), own = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        own.load(null, null);
        trusted.setCertificateEntry("ca", certificate(w.get("ca")));
        if (w.containsKey("cert"))
            own.setKeyEntry("own", key(w.get("key")), new char[0], new Certificate[] { certificate(w.get("cert")) });
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyManagerFactory keys = KeyManagerFactory.getInstance("NewSunX509");
        trust.init(trusted);
        KeyStore.ProtectionParameter none = new KeyStore.PasswordProtection(new char[0]);
        keys.init(new KeyStoreBuilderParameters(KeyStore.Builder.newInstance(own, none)));
        SSLContext c = SSLContext.getInstance("TLS");
        c.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return c;
    }

    static SSLParameters parameters(Map<String, String> w, SSLParameters p, SSLContext c) throws Lacking {
        p.setProtocols(new String[] { "TLSv1.2" });
        if (w.containsKey("iana")) {
            if (!Arrays.asList(c.getSupportedSSLParameters().getCipherSuites()).contains(w.get("iana")))
                throw new Lacking("no " + w.get("suite"));
            p.setCipherSuites(new String[] { w.get("iana") });
        } else
            p.setCipherSuites(c.getSupportedSSLParameters().getCipherSuites());
        if (w.containsKey("alpn"))
            p.setApplicationProtocols(w.get("alpn").split(","));
        if (w.containsKey("mfl"))
            p.setMaximumPacketSize(Integer.parseInt(w.get("mfl")) + 50);
        return p;
    }

    static void put(OutputStream to, Map<String, String> w, byte[] data) throws IOException {
        int some = w.containsKey("write") ? Integer.parseInt(w.get("write")) : data.length;
        for (int at = 0; at < data.length; at += some) {
            to.write(data, at, Math.min(some, data.length - at));
            to.flush();
        }
    }

    static byte[] page(int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++)
            data[i] = (byte) (i % 251);
        return data;
    }

    static String visit(Map<String, String> w, SSLContext c, byte[] before) throws Exception {
        try (SSLSocket s = (SSLSocket) c.getSocketFactory().createSocket(
                 new Socket("127.0.0.1", Integer.parseInt(w.get("port"))), "localhost", Integer.parseInt(w.get("port")), true)) {
            SSLParameters p = parameters(w, s.getSSLParameters(), c);
            p.setEndpointIdentificationAlgorithm("HTTPS");
            s.setSSLParameters(p);
            s.setSoTimeout(10000);
            s.startHandshake();
            put(s.getOutputStream(), w, ("GET /" + w.get("size") + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes());
            byte[] all = s.getInputStream().readAllBytes(), page = page(Integer.parseInt(w.get("size")));
            boolean resumed = before != null && s.getSession().getCreationTime() == java.nio.ByteBuffer.wrap(before).getLong();
            if (all.length < page.length || !Arrays.equals(page, Arrays.copyOfRange(all, all.length - page.length, all.length)))
                throw new Exception("no page in " + all.length + " octets");
            if (before != null && !resumed)
                throw new Exception("not resumed");
            if (w.containsKey("alpn") && !"http/1.1".equals(s.getApplicationProtocol()))
                throw new Exception("no ALPN");
            if (w.containsKey("staple") && ((ExtendedSSLSession) s.getSession()).getStatusResponses().isEmpty())
                throw new Exception("nothing was stapled");
            w.put("created", Base64.getEncoder().encodeToString(java.nio.ByteBuffer.allocate(8).putLong(s.getSession().getCreationTime()).array()));
            return "suite=" + s.getSession().getCipherSuite() + " resumed=" + resumed;
        }
    }

    static String client(Map<String, String> w) throws Exception {
        SSLContext c = context(w);
        String facts = visit(w, c, null);
        if (w.containsKey("resume")) {
            Thread.sleep(5);                          // a session is known again by the time at which it was made
            facts = visit(w, c, Base64.getDecoder().decode(w.get("created")));
        }
        return facts;
    }

    static void answer(Map<String, String> w, SSLSocket s) {
        try (s) {
            s.setSoTimeout(10000);
            BufferedReader in = new BufferedReader(new InputStreamReader(s.getInputStream(), StandardCharsets.ISO_8859_1));
            String asked = in.readLine();
            if (asked == null)
                return;
            for (String line = asked; line != null && !line.isEmpty(); line = in.readLine())
                continue;
            int size = Integer.parseInt(asked.split("[ /]+")[1]);
            put(s.getOutputStream(), w, ("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\nConnection: close\r\n\r\n").getBytes());
            put(s.getOutputStream(), w, page(size));
        } catch (Exception e) {
            System.out.println(e);
        }
    }

    static void server(Map<String, String> w) throws Exception {
        System.setProperty("jdk.tls.server.enableSessionTicketExtension", "" + !"id".equals(w.get("resume")));
        SSLContext c = context(w);
        SSLServerSocket listener = (SSLServerSocket) c.getServerSocketFactory().createServerSocket(
            Integer.parseInt(w.get("port")), 64, InetAddress.getByName("127.0.0.1"));
        SSLParameters p = parameters(w, listener.getSSLParameters(), c);
        p.setNeedClientAuth("1".equals(w.get("auth")));
        listener.setSSLParameters(p);
        System.out.println("ready");
        for (;;) {
            SSLSocket s = (SSLSocket) listener.accept();
            new Thread(() -> answer(w, s)).start();
        }
    }

    public static void main(String[] words) throws Exception {
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        Security.setProperty("jdk.certpath.disabledAlgorithms", "");
        System.setProperty("jsse.enableMFLNExtension", "true");
        System.setProperty("jdk.tls.client.enableStatusRequestExtension", "true");
        System.setProperty("jdk.tls.namedGroups", "x25519,secp256r1,secp384r1,secp521r1,ffdhe2048,ffdhe3072,ffdhe4096");
        if (words[0].equals("version"))
            System.out.println(System.getProperty("java.version"));
        else if (words[0].equals("server"))
            server(wishes(words));
        else
            for (Scanner in = new Scanner(System.in); in.hasNextLine();)
                try {
                    System.out.println("ok " + client(wishes(in.nextLine().split("\\s+"))));
                } catch (Lacking e) {
                    System.out.println("no " + e.getMessage());
                } catch (Exception e) {
                    System.out.println("failed " + ("" + e).replace('\n', ' '));
                }
    }
}
