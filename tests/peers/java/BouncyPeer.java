import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMultipart;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSCompressedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSEnvelopedGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientId;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.ZlibCompressor;
import org.bouncycastle.cms.jcajce.ZlibExpanderProvider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.SMIMECompressed;
import org.bouncycastle.mail.smime.SMIMEEnveloped;
import org.bouncycastle.mail.smime.SMIMESigned;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.util.Store;
import org.bouncycastle.util.encoders.Hex;

/**
 * BouncyCastle as a peer, driven over its standard input: one command a line, words divided by
 * tabs; options are {@code name=value}. Answers are {@code ok TAB text} or {@code no TAB reason}.
 *
 * <pre>
 * trust FILE                                    a root, DER
 * person NAME CERTIFICATE KEY                   DER and PKCS#8
 * authority FILE                                an intermediate, DER
 * version
 * verify|decrypt|expand|list ENTITY OUT [reader=NAME,…]       read one MIME layer
 * sign IN OUT signers=NAME,… scheme=JCA,… [detached] [ski] [counter=NAME]
 * encrypt IN OUT recipients=NAME,… cipher=NAME [oaep] [ski] [auth] [streamed]
 * compress IN OUT ; certificates OUT NAME,…     write bare CMS
 * </pre>
 */
public final class BouncyPeer {
    private static final String BC = BouncyCastleProvider.PROVIDER_NAME;
    private static final int SEGMENT = 1000;

    private static final Map<String, ASN1ObjectIdentifier> CIPHERS =
            Map.of(
                    "aes128-cbc", CMSAlgorithm.AES128_CBC,
                    "aes256-cbc", CMSAlgorithm.AES256_CBC,
                    "aes128-gcm", CMSAlgorithm.AES128_GCM,
                    "aes256-gcm", CMSAlgorithm.AES256_GCM,
                    "chacha20-poly1305", new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.3.18"),
                    "3des-cbc", CMSAlgorithm.DES_EDE3_CBC);

    private record Person(X509Certificate certificate, PrivateKey key) {}

    private final Map<String, Person> people = new HashMap<>();
    private final Set<TrustAnchor> anchors = new HashSet<>();
    private final List<X509Certificate> authorities = new ArrayList<>();

    public static void main(String[] arguments) throws IOException {
        Security.addProvider(new BouncyCastleProvider());
        BouncyPeer peer = new BouncyPeer();
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(peer.answer(line.split("\t")));
            System.out.flush();
        }
    }

    private String answer(String[] words) {
        try {
            return "ok\t" + obey(words);
        } catch (Exception | LinkageError refusal) {
            return "no\t" + reason(refusal);
        }
    }

    private static String reason(Throwable refusal) {
        StringBuilder said = new StringBuilder();
        for (Throwable one = refusal; one != null; one = one.getCause()) {
            said.append(said.length() == 0 ? "" : "; ");
            said.append(one.getClass().getSimpleName()).append(": ").append(one.getMessage());
        }
        return said.toString().replaceAll("\\s+", " ");
    }

    private String obey(String[] words) throws Exception {
        Map<String, String> options = options(words);
        switch (words[0]) {
            case "version":
                return new BouncyCastleProvider().getVersionStr();
            case "trust":
                anchors.add(new TrustAnchor(certificate(words[1]), null));
                return "";
            case "authority":
                authorities.add(certificate(words[1]));
                return "";
            case "person":
                people.put(words[1], new Person(certificate(words[2]), privateKey(words[3])));
                return "";
            case "verify":
                return write(words[2], verified(part(words[1])));
            case "decrypt":
                return write(words[2], decrypted(part(words[1]), names(options, "reader")));
            case "expand":
                return write(words[2], expanded(part(words[1])));
            case "list":
                return write(words[2], listed(part(words[1])));
            case "sign":
                return write(words[2], signed(read(words[1]), options));
            case "encrypt":
                return write(words[2], encrypted(read(words[1]), options));
            case "compress":
                return write(words[2], compressed(read(words[1])));
            case "certificates":
                return write(words[1], certificatesOnly(words[2].split(",")));
            default:
                throw new IllegalArgumentException("no such command: " + words[0]);
        }
    }

    // --- reading ---------------------------------------------------------------------------

    /** The signed entity; refuses unless every signer verifies and chains to a trusted root. */
    private byte[] verified(MimeBodyPart part) throws Exception {
        SMIMESigned signed =
                part.isMimeType("multipart/signed")
                        ? new SMIMESigned((MimeMultipart) part.getContent())
                        : new SMIMESigned(part);
        if (signed.getSignerInfos().size() == 0) {
            throw new SecurityException("no signer");
        }
        for (SignerInformation signer : signed.getSignerInfos()) {
            X509Certificate certificate = signerCertificate(signed.getCertificates(), signer);
            JcaSimpleSignerInfoVerifierBuilder builder =
                    new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC);
            if (!signer.verify(builder.build(certificate))) {
                throw new SecurityException("the signature does not verify");
            }
            checkPath(certificate, signed.getCertificates());
        }
        return octets(signed.getContent());
    }

    private X509Certificate signerCertificate(
            Store<X509CertificateHolder> store, SignerInformation signer) throws Exception {
        for (X509CertificateHolder one : store.getMatches(null)) {
            if (signer.getSID().match(one)) {
                return converted(one);
            }
        }
        throw new SecurityException("the certificate of the signer is missing");
    }

    private void checkPath(X509Certificate leaf, Store<X509CertificateHolder> sent)
            throws Exception {
        List<X509Certificate> known = new ArrayList<>(List.of(leaf));
        for (X509CertificateHolder one : sent.getMatches(null)) {
            known.add(converted(one));
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        CertPathBuilder.getInstance("PKIX", BC).build(parameters);
    }

    /** Opens with the first key that fits. */
    private byte[] decrypted(MimeBodyPart part, String[] readers) throws Exception {
        boolean authenticated = part.getContentType().contains("authEnveloped-data");
        RecipientInformationStore recipients =
                authenticated
                        ? new CMSAuthEnvelopedData(part.getInputStream()).getRecipientInfos()
                        : new SMIMEEnveloped(part).getRecipientInfos();
        for (RecipientInformation recipient : recipients) {
            for (String name : readers) {
                Person reader = people.get(name);
                if (matches(recipient.getRID(), reader.certificate())) {
                    return recipient.getContent(opener(reader.key(), recipient, authenticated));
                }
            }
        }
        throw new SecurityException("no recipient whose key is here");
    }

    @SuppressWarnings("unchecked") // the library declares it as a raw type
    private static boolean matches(RecipientId id, X509Certificate certificate) throws Exception {
        return id.match(new JcaX509CertificateHolder(certificate));
    }

    private static Recipient opener(
            PrivateKey key, RecipientInformation recipient, boolean authenticated) {
        if (recipient.getRID().getType() == RecipientId.keyAgree) {
            return new JceKeyAgreeEnvelopedRecipient(key).setProvider(BC);
        }
        return authenticated
                ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider(BC)
                : new JceKeyTransEnvelopedRecipient(key).setProvider(BC);
    }

    private static byte[] expanded(MimeBodyPart part) throws Exception {
        return new SMIMECompressed(part).getContent(new ZlibExpanderProvider());
    }

    /** The certificates one after the other, each as a line of hexadecimal digits. */
    private static byte[] listed(MimeBodyPart part) throws Exception {
        CMSSignedData signed = new CMSSignedData(part.getInputStream());
        if (signed.getSignerInfos().size() > 0) {
            throw new SecurityException("signed");
        }
        StringBuilder lines = new StringBuilder();
        for (X509CertificateHolder one : signed.getCertificates().getMatches(null)) {
            lines.append(Hex.toHexString(one.getEncoded())).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    // --- writing ---------------------------------------------------------------------------

    private byte[] signed(byte[] content, Map<String, String> options) throws Exception {
        String[] schemes = names(options, "scheme");
        boolean ski = options.containsKey("ski");
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        int position = 0;
        for (String name : names(options, "signers")) {
            Person signer = people.get(name);
            generator.addSignerInfoGenerator(infoGenerator(signer, schemes[position++], ski));
            generator.addCertificate(new JcaX509CertificateHolder(signer.certificate()));
        }
        for (X509Certificate authority : authorities) {
            generator.addCertificate(new JcaX509CertificateHolder(authority));
        }
        Person witness = people.get(options.get("counter"));
        if (witness != null) {
            generator.addCertificate(new JcaX509CertificateHolder(witness.certificate()));
        }
        CMSProcessableByteArray whole = new CMSProcessableByteArray(content);
        CMSSignedData made = generator.generate(whole, !options.containsKey("detached"));
        return (witness == null ? made : countersigned(made, witness)).getEncoded();
    }

    private static SignerInfoGenerator infoGenerator(Person signer, String scheme, boolean ski)
            throws Exception {
        JcaSimpleSignerInfoGeneratorBuilder builder =
                new JcaSimpleSignerInfoGeneratorBuilder().setProvider(BC);
        return ski
                ? builder.build(scheme, signer.key(), identifier(signer.certificate()))
                : builder.build(scheme, signer.key(), signer.certificate());
    }

    private CMSSignedData countersigned(CMSSignedData signed, Person witness) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSimpleSignerInfoGeneratorBuilder()
                        .setProvider(BC)
                        .build("SHA256withRSA", witness.key(), witness.certificate()));
        List<SignerInformation> signers = new ArrayList<>();
        for (SignerInformation signer : signed.getSignerInfos()) {
            SignerInformationStore counters = generator.generateCounterSigners(signer);
            signers.add(SignerInformation.addCounterSigners(signer, counters));
        }
        return CMSSignedData.replaceSigners(signed, new SignerInformationStore(signers));
    }

    private byte[] encrypted(byte[] content, Map<String, String> options) throws Exception {
        ASN1ObjectIdentifier cipher = CIPHERS.get(options.get("cipher"));
        OutputEncryptor encryptor =
                new JceCMSContentEncryptorBuilder(cipher).setProvider(BC).build();
        if (options.containsKey("streamed")) {
            return streamed(content, options, encryptor);
        }
        CMSProcessableByteArray whole = new CMSProcessableByteArray(content);
        if (options.containsKey("auth")) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            addRecipients(generator, options);
            return generator.generate(whole, (OutputAEADEncryptor) encryptor).getEncoded();
        }
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        addRecipients(generator, options);
        return generator.generate(whole, encryptor).getEncoded();
    }

    /** Indefinite lengths throughout, and the content in segments. */
    private byte[] streamed(
            byte[] content, Map<String, String> options, OutputEncryptor encryptor)
            throws Exception {
        CMSEnvelopedDataStreamGenerator generator = new CMSEnvelopedDataStreamGenerator();
        addRecipients(generator, options);
        generator.setBufferSize(SEGMENT);
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        try (OutputStream stream = generator.open(made, encryptor)) {
            stream.write(content);
        }
        return made.toByteArray();
    }

    private void addRecipients(CMSEnvelopedGenerator generator, Map<String, String> options)
            throws Exception {
        for (String name : names(options, "recipients")) {
            X509Certificate certificate = people.get(name).certificate();
            generator.addRecipientInfoGenerator(
                    certificate.getPublicKey().getAlgorithm().equals("RSA")
                            ? transport(certificate, options)
                            : agreement(certificate, options));
        }
    }

    private static RecipientInfoGenerator transport(
            X509Certificate certificate, Map<String, String> options) throws Exception {
        boolean ski = options.containsKey("ski");
        if (options.containsKey("oaep")) {
            AlgorithmIdentifier scheme =
                    new JcaAlgorithmParametersConverter()
                            .getAlgorithmIdentifier(CMSAlgorithm.RSA_OAEP, oaep());
            return new JceKeyTransRecipientInfoGenerator(certificate, scheme).setProvider(BC);
        }
        return (ski
                        ? new JceKeyTransRecipientInfoGenerator(
                                identifier(certificate), certificate.getPublicKey())
                        : new JceKeyTransRecipientInfoGenerator(certificate))
                .setProvider(BC);
    }

    private static OAEPParameterSpec oaep() {
        return new OAEPParameterSpec(
                "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    }

    private static RecipientInfoGenerator agreement(
            X509Certificate certificate, Map<String, String> options) throws Exception {
        KeyPair ephemeral = ephemeral(certificate.getPublicKey());
        JceKeyAgreeRecipientInfoGenerator generator =
                new JceKeyAgreeRecipientInfoGenerator(
                        CMSAlgorithm.ECDH_SHA256KDF,
                        ephemeral.getPrivate(),
                        ephemeral.getPublic(),
                        CMSAlgorithm.AES256_WRAP);
        return (options.containsKey("ski")
                        ? generator.addRecipient(
                                identifier(certificate), certificate.getPublicKey())
                        : generator.addRecipient(certificate))
                .setProvider(BC);
    }

    private static KeyPair ephemeral(PublicKey like) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(like.getAlgorithm(), BC);
        if (like instanceof ECPublicKey curve) {
            generator.initialize(curve.getParams(), new SecureRandom());
        }
        return generator.generateKeyPair();
    }

    private static byte[] compressed(byte[] content) throws Exception {
        return new CMSCompressedDataGenerator()
                .generate(new CMSProcessableByteArray(content), new ZlibCompressor())
                .getEncoded();
    }

    private byte[] certificatesOnly(String[] names) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        for (String name : names) {
            generator.addCertificate(new JcaX509CertificateHolder(people.get(name).certificate()));
        }
        return generator.generate(new CMSProcessableByteArray(new byte[0]), false).getEncoded();
    }

    // --- small things ----------------------------------------------------------------------

    private static Map<String, String> options(String[] words) {
        Map<String, String> found = new HashMap<>();
        for (String word : words) {
            int sign = word.indexOf('=');
            found.put(sign < 0 ? word : word.substring(0, sign), word.substring(sign + 1));
        }
        return found;
    }

    private static String[] names(Map<String, String> options, String name) {
        return options.get(name).split(",");
    }

    private static byte[] identifier(X509Certificate certificate) throws Exception {
        SubjectKeyIdentifier found =
                SubjectKeyIdentifier.fromExtensions(
                        new JcaX509CertificateHolder(certificate).getExtensions());
        return found != null
                ? found.getKeyIdentifier()
                : new JcaX509ExtensionUtils()
                        .createSubjectKeyIdentifier(certificate.getPublicKey())
                        .getKeyIdentifier();
    }

    private static X509Certificate converted(X509CertificateHolder holder) throws Exception {
        return new JcaX509CertificateConverter().setProvider(BC).getCertificate(holder);
    }

    private static MimeBodyPart part(String path) throws Exception {
        return new MimeBodyPart(new ByteArrayInputStream(read(path)));
    }

    private static byte[] octets(MimeBodyPart part) throws Exception {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        part.writeTo(found);
        return found.toByteArray();
    }

    private static X509Certificate certificate(String path) throws Exception {
        try (InputStream stream = Files.newInputStream(Path.of(path))) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509", BC);
            return (X509Certificate) factory.generateCertificate(stream);
        }
    }

    private static PrivateKey privateKey(String path) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(read(path));
        PrivateKey key = BouncyCastleProvider.getPrivateKey(info);
        if (key == null) {
            throw new NoSuchAlgorithmException(
                    "no key factory for " + info.getPrivateKeyAlgorithm().getAlgorithm());
        }
        return key;
    }

    private static byte[] read(String path) throws IOException {
        return Files.readAllBytes(Path.of(path));
    }

    private static String write(String path, byte[] octets) throws IOException {
        Files.write(Path.of(path), octets);
        return "";
    }
}
