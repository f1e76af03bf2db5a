// Two files made in the browser: a certification request (PKCS #10, RFC 2986), and key, certificate
// and chain under a passphrase (PKCS #12, RFC 7292). Primitives are those of the browser.
"use strict";

const ownKey = (() => {
  const OID = {
    commonName: "2.5.4.3",
    rsaWithSha256: "1.2.840.113549.1.1.11",
    ecdsaWithSha256: "1.2.840.10045.4.3.2",
    data: "1.2.840.113549.1.7.1",
    encryptedData: "1.2.840.113549.1.7.6",
    pbes2: "1.2.840.113549.1.5.13",
    pbkdf2: "1.2.840.113549.1.5.12",
    hmacWithSha256: "1.2.840.113549.2.9",
    aes256Cbc: "2.16.840.1.101.3.4.1.42",
    sha256: "2.16.840.1.101.3.4.2.1",
    shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
    certBag: "1.2.840.113549.1.12.10.1.3",
    x509Certificate: "1.2.840.113549.1.9.22.1",
    friendlyName: "1.2.840.113549.1.9.20",
    localKeyId: "1.2.840.113549.1.9.21",
  };
  const KINDS = {
    rsa: {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 3072,
      publicExponent: Uint8Array.of(1, 0, 1),
    },
    ec: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  };
  const PBKDF2_ROUNDS = 600_000;
  const MAC_ROUNDS = 20_000; // each is a call of the browser: a second in all
  const BLOCK = 64; // octets of a block of SHA-256

  const make = (kind) => crypto.subtle.generateKey(KINDS[kind], true, ["sign", "verify"]);

  // The name is a wish; the authority writes what was proved.
  const request = async (pair, address) => {
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    const name = der.sequence(
      der.set(der.sequence(der.oid(OID.commonName), der.utf8(address))),
    );
    const info = der.sequence(der.integer(0), name, spki, der.within(0));
    const [algorithm, signature] = await signed(pair.privateKey, info);
    return der.sequence(info, algorithm, der.bits(signature));
  };

  const signed = async (key, octets) => {
    const algorithm = KINDS[key.algorithm.name === "ECDSA" ? "ec" : "rsa"];
    const made = new Uint8Array(await crypto.subtle.sign(algorithm, key, octets));
    if (key.algorithm.name !== "ECDSA") {
      return [der.sequence(der.oid(OID.rsaWithSha256), der.nothing), made];
    }
    const half = made.length / 2; // the browser gives r and s side by side, RFC 3279 wants two numbers
    const pair = der.sequence(der.unsigned(made.slice(0, half)), der.unsigned(made.slice(half)));
    return [der.sequence(der.oid(OID.ecdsaWithSha256)), pair];
  };

  // certificates: DER, that of the key first.
  const pkcs12 = async (pair, certificates, address, passphrase) => {
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
    const mark = new Uint8Array(await crypto.subtle.digest("SHA-256", certificates[0])).slice(0, 20);
    const marks = der.set(
      attribute(OID.friendlyName, der.bmp(address)),
      attribute(OID.localKeyId, der.octets(mark)),
    );
    const [own, ...chain] = certificates;
    const bags = [certificateBag(own, marks), ...chain.map((one) => certificateBag(one))];
    const [keyAlgorithm, shrouded] = await encrypted(pkcs8, passphrase);
    const keyBag = bag(OID.shroudedKeyBag, der.sequence(keyAlgorithm, der.octets(shrouded)), marks);
    const authenticated = der.sequence(
      await encryptedData(der.sequence(...bags), passphrase),
      data(der.sequence(keyBag)),
    );
    const mac = await macData(authenticated, passphrase);
    return der.sequence(der.integer(3), data(authenticated), mac);
  };

  const data = (content) => der.sequence(der.oid(OID.data), der.within(0, der.octets(content)));

  const attribute = (name, value) => der.sequence(der.oid(name), der.set(value));

  const bag = (kind, value, marks) =>
    der.sequence(der.oid(kind), der.within(0, value), ...(marks ? [marks] : []));

  const certificateBag = (certificate, marks) =>
    bag(
      OID.certBag,
      der.sequence(der.oid(OID.x509Certificate), der.within(0, der.octets(certificate))),
      marks,
    );

  const encryptedData = async (content, passphrase) => {
    const [algorithm, ciphertext] = await encrypted(content, passphrase);
    const inside = der.tlv(0x80, ciphertext); // [0] IMPLICIT OCTET STRING
    const info = der.sequence(der.oid(OID.data), algorithm, inside);
    const whole = der.sequence(der.integer(0), info);
    return der.sequence(der.oid(OID.encryptedData), der.within(0, whole));
  };

  // PBES2 (RFC 8018 §6.2): AES-256-CBC under a key of PBKDF2 with HMAC-SHA-256.
  const encrypted = async (content, passphrase) => {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const iv = crypto.getRandomValues(new Uint8Array(16));
    const secret = new TextEncoder().encode(passphrase);
    const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations: PBKDF2_ROUNDS },
      base,
      { name: "AES-CBC", length: 256 },
      false,
      ["encrypt"],
    );
    const ciphertext = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, content);
    const derivation = der.sequence(
      der.oid(OID.pbkdf2),
      der.sequence(
        der.octets(salt),
        der.integer(PBKDF2_ROUNDS),
        der.sequence(der.oid(OID.hmacWithSha256), der.nothing),
      ),
    );
    const scheme = der.sequence(der.oid(OID.aes256Cbc), der.octets(iv));
    const algorithm = der.sequence(der.oid(OID.pbes2), der.sequence(derivation, scheme));
    return [algorithm, new Uint8Array(ciphertext)];
  };

  // RFC 7292 §4 and appendix B: HMAC-SHA-256 under a key of its own derivation.
  const macData = async (content, passphrase) => {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const octets = await macKey(passphrase, salt);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", octets, algorithm, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
    const digest = der.sequence(der.oid(OID.sha256), der.nothing);
    return der.sequence(
      der.sequence(digest, der.octets(mac)),
      der.octets(salt),
      der.integer(MAC_ROUNDS),
    );
  };

  // B.2 for one block: the key is as long as the digest, so the step between blocks never comes.
  const macKey = async (passphrase, salt) => {
    const secret = der.concat(der.utf16(passphrase), Uint8Array.of(0, 0));
    const purpose = new Uint8Array(BLOCK).fill(3);
    let found = der.concat(purpose, filled(salt), filled(secret));
    for (let round = 0; round < MAC_ROUNDS; round += 1) {
      found = new Uint8Array(await crypto.subtle.digest("SHA-256", found));
    }
    return found;
  };

  const filled = (octets) => {
    const whole = new Uint8Array(BLOCK * Math.ceil(octets.length / BLOCK));
    for (let at = 0; at < whole.length; at += 1) whole[at] = octets[at % octets.length];
    return whole;
  };

  const toPem = (octets, label) => {
    const text = btoa(Array.from(octets, (each) => String.fromCharCode(each)).join(""));
    const lines = text.match(/.{1,64}/g).join("\n");
    return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
  };

  const fromPem = (text) =>
    Uint8Array.from(atob(text.replace(/-----[^-]+-----|\s/g, "")), (each) => each.charCodeAt(0));

  return { make, request, pkcs12, toPem, fromPem };
})();
