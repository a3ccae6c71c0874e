// Writes messages of CMS (AuthEnvelopedData with KEMRecipientInfo) and the private keys that open them, with Bouncy Castle, for the
// integration tests of packages/cms. Run: java -cp 'JARS/*' WriteMessages.java FOLDER, where FOLDER has a file named content.
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSAuthEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.SimpleAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKEMRecipientInfoGenerator;
import org.bouncycastle.jcajce.spec.MLKEMParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;

public final class WriteMessages {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        System.out.println(Security.getProvider("BC").getInfo());
        Path folder = Path.of(args[0]);
        byte[] content = Files.readAllBytes(folder.resolve("content"));
        write(folder, "ml-kem-512", MLKEMParameterSpec.ml_kem_512, content);
        write(folder, "ml-kem-768", MLKEMParameterSpec.ml_kem_768, content);
        write(folder, "ml-kem-1024", MLKEMParameterSpec.ml_kem_1024, content);
    }

    private static void write(Path folder, String name, AlgorithmParameterSpec set, byte[] content) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM", "BC");
        generator.initialize(set);
        KeyPair pair = generator.generateKeyPair();
        Files.write(folder.resolve(name + ".key"), pair.getPrivate().getEncoded());
        ASN1ObjectIdentifier[] kdfs = {
            PKCSObjectIdentifiers.id_alg_hkdf_with_sha256,
            PKCSObjectIdentifiers.id_alg_hkdf_with_sha384,
            PKCSObjectIdentifiers.id_alg_hkdf_with_sha512,
        };
        for (int at = 0; at < kdfs.length; at += 1) {
            CMSAuthEnvelopedDataGenerator whole = new CMSAuthEnvelopedDataGenerator();
            whole.addRecipientInfoGenerator(recipient(pair, kdfs[at]));
            byte[] message = whole.generate(new CMSProcessableByteArray(content), encryptor()).toASN1Structure().getEncoded("DER");
            Files.write(folder.resolve(name + "-kdf" + at + ".p7m"), message);
        }

        Attribute contentType = new Attribute(CMSAttributes.contentType, new DERSet(CMSObjectIdentifiers.data));
        AttributeTable authenticated = new AttributeTable(contentType);
        CMSAuthEnvelopedDataGenerator attributes = new CMSAuthEnvelopedDataGenerator();
        attributes.setAuthenticatedAttributeGenerator(new SimpleAttributeTableGenerator(authenticated));
        // A stranger stands before the one who opens.
        attributes.addRecipientInfoGenerator(recipient(generator.generateKeyPair(), kdfs[0]));
        attributes.addRecipientInfoGenerator(recipient(pair, kdfs[0]));
        byte[] message = attributes.generate(new CMSProcessableByteArray(content), encryptor()).toASN1Structure().getEncoded("DER");
        Files.write(folder.resolve(name + "-attributes.p7m"), message);

        CMSAuthEnvelopedDataStreamGenerator stream = new CMSAuthEnvelopedDataStreamGenerator();
        stream.addRecipientInfoGenerator(recipient(pair, kdfs[0]));
        stream.setBEREncodeRecipients(true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = stream.open(bytes, encryptor())) {
            out.write(content);
        }
        Files.write(folder.resolve(name + "-stream.p7m"), bytes.toByteArray());
    }

    private static JceKEMRecipientInfoGenerator recipient(KeyPair pair, ASN1ObjectIdentifier kdf) {
        byte[] keyIdentifier = new byte[20];
        return new JceKEMRecipientInfoGenerator(keyIdentifier, pair.getPublic(), NISTObjectIdentifiers.id_aes256_wrap)
            .setKDF(new AlgorithmIdentifier(kdf))
            .setProvider("BC");
    }

    private static OutputAEADEncryptor encryptor() throws Exception {
        return (OutputAEADEncryptor) new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM).setProvider("BC").build();
    }
}
