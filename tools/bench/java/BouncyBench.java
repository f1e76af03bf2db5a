import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.smime.SMIMECapabilitiesAttribute;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.bouncycastle.asn1.smime.SMIMECapabilityVector;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.SMIMEEnveloped;
import org.bouncycastle.mail.smime.SMIMEEnvelopedGenerator;
import org.bouncycastle.mail.smime.SMIMESigned;
import org.bouncycastle.mail.smime.SMIMESignedGenerator;
import org.bouncycastle.mail.smime.SMIMEUtil;

/**
 * BouncyCastle under a clock: whole messages in memory on both sides, its own S/MIME classes with
 * JavaMail, its own provider. These classes know no AuthEnvelopedData: GCM stands inside
 * EnvelopedData, and they are given a message of their own making to open.
 *
 * <p>Arguments: signer certificate and key, chain, reader certificate and key (DER; the chain in
 * PEM). Each line of standard input is "OPERATION FILE"; each line of standard output is the
 * processor time of the calling thread in nanoseconds.
 */
public final class BouncyBench {
    private static final String PROVIDER = "BC";
    private static final Session SESSION = Session.getInstance(new Properties());
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final X509Certificate signer;
    private final PrivateKey signingKey;
    private final JcaCertStore chain;
    private final X509Certificate reader;
    private final PrivateKey readingKey;

    private BouncyBench(String[] files) throws Exception {
        signer = certificate(files[0]);
        signingKey = key(files[1]);
        List<X509Certificate> certificates = new ArrayList<>(List.of(signer));
        certificates.addAll(certificates(files[2]));
        chain = new JcaCertStore(certificates);
        reader = certificate(files[3]);
        readingKey = key(files[4]);
    }

    public static void main(String[] files) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        BouncyBench bench = new BouncyBench(files);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        String known = "";
        byte[] given = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int blank = line.lastIndexOf(' ');
            String operation = line.substring(0, blank);
            if (!line.equals(known)) {
                given = null;
                given = bench.given(operation, Files.readAllBytes(Path.of(line.substring(blank + 1))));
                known = line;
            }
            long begin = CLOCK.getCurrentThreadCpuTime();
            bench.run(operation, given);
            System.out.println(CLOCK.getCurrentThreadCpuTime() - begin);
        }
    }

    private byte[] given(String operation, byte[] file) throws Exception {
        boolean plain = operation.equals("decrypt+verify GCM");
        return plain ? written(sealed(signed(file), CMSAlgorithm.AES256_GCM)) : file;
    }

    private void run(String operation, byte[] given) throws Exception {
        switch (operation) {
            case "sign" -> written(signed(given));
            case "verify" -> verify(message(given).getContent());
            case "sign+encrypt CBC" -> written(sealed(signed(given), CMSAlgorithm.AES256_CBC));
            case "sign+encrypt GCM" -> written(sealed(signed(given), CMSAlgorithm.AES256_GCM));
            case "decrypt+verify CBC", "decrypt+verify GCM" ->
                    verify(opened(message(given)).getContent());
            default -> throw new IllegalArgumentException(operation);
        }
    }

    private MimeMessage signed(byte[] plain) throws Exception {
        MimeMessage message = message(plain);
        InternetHeaders fields = new InternetHeaders();
        fields.addHeader("Content-Type", message.getContentType());
        byte[] body = message.getRawInputStream().readAllBytes();
        SMIMECapabilityVector capabilities = new SMIMECapabilityVector();
        capabilities.addCapability(SMIMECapability.aES256_CBC);
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new SMIMECapabilitiesAttribute(capabilities));
        SMIMESignedGenerator generator = new SMIMESignedGenerator();
        generator.addSignerInfoGenerator(
                new JcaSimpleSignerInfoGeneratorBuilder()
                        .setProvider(PROVIDER)
                        .setSignedAttributeGenerator(new AttributeTable(attributes))
                        .build("SHA256withRSA", signingKey, signer));
        generator.addCertificates(chain);
        MimeMultipart made = generator.generate(new MimeBodyPart(fields, body));
        return around(message, made, made.getContentType());
    }

    private MimeMessage sealed(MimeMessage signed, ASN1ObjectIdentifier cipher) throws Exception {
        SMIMEEnvelopedGenerator generator = new SMIMEEnvelopedGenerator();
        generator.addRecipientInfoGenerator(
                new JceKeyTransRecipientInfoGenerator(reader).setProvider(PROVIDER));
        MimeBodyPart made =
                generator.generate(
                        signed,
                        new JceCMSContentEncryptorBuilder(cipher).setProvider(PROVIDER).build());
        return around(signed, made.getContent(), made.getContentType());
    }

    private static MimeMessage around(MimeMessage outer, Object content, String type)
            throws Exception {
        MimeMessage message = new MimeMessage(SESSION);
        message.setFrom(outer.getFrom()[0]);
        message.setSubject(outer.getSubject());
        message.setContent(content, type);
        message.saveChanges();
        return message;
    }

    private MimeBodyPart opened(MimeMessage message) throws Exception {
        return SMIMEUtil.toMimeBodyPart(
                new SMIMEEnveloped(message)
                        .getRecipientInfos()
                        .get(new JceKeyTransRecipientId(reader))
                        .getContent(
                                new JceKeyTransEnvelopedRecipient(readingKey)
                                        .setProvider(PROVIDER)));
    }

    @SuppressWarnings("unchecked")
    private static void verify(Object content) throws Exception {
        SMIMESigned signed = new SMIMESigned((MimeMultipart) content);
        for (SignerInformation information : signed.getSignerInfos().getSigners()) {
            Collection<X509CertificateHolder> found =
                    signed.getCertificates().getMatches(information.getSID());
            boolean valid =
                    information.verify(
                            new JcaSimpleSignerInfoVerifierBuilder()
                                    .setProvider(PROVIDER)
                                    .build(found.iterator().next()));
            if (!valid) {
                throw new IllegalStateException("the signature does not hold");
            }
        }
    }

    private static MimeMessage message(byte[] octets) throws Exception {
        return new MimeMessage(SESSION, new ByteArrayInputStream(octets));
    }

    private static byte[] written(MimeMessage message) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        return octets.toByteArray();
    }

    private static X509Certificate certificate(String file) throws Exception {
        return certificates(file).iterator().next();
    }

    private static Collection<X509Certificate> certificates(String file) throws Exception {
        List<X509Certificate> found = new ArrayList<>();
        try (var input = Files.newInputStream(Path.of(file))) {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(input)
                    .forEach(one -> found.add((X509Certificate) one));
        }
        return found;
    }

    private static PrivateKey key(String file) throws Exception {
        byte[] octets = Files.readAllBytes(Path.of(file));
        return KeyFactory.getInstance("RSA", PROVIDER)
                .generatePrivate(new PKCS8EncodedKeySpec(octets));
    }
}
