// What Thunderbird is asked to do for tests. Every name at the top level is at hand for the
// scripts of thunderbird.py; all of it goes through the program's own interfaces.

const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");

const certificates = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
const STEP = 20; // milliseconds
const PATIENCE = 20000;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function until(happened, what) {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const found = happened();
    if (found) {
      return found;
    }
    await pause(STEP);
  }
  throw new Error(`not in ${PATIENCE} ms: ${what}`);
}

function file(path) {
  const found = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
  found.initWithPath(path);
  return found;
}

// The name of a verdict (VERIFY_UNTRUSTED …); null where there was nothing to judge.
function verdict(status) {
  if (status < 0) {
    return null;
  }
  const names = Object.keys(Ci.nsICMSMessageErrors);
  return names.find((name) => Ci.nsICMSMessageErrors[name] === status) ?? `status ${status}`;
}

const messageWindows = () => [...Services.wm.getEnumerator("mail:messageWindow")];

const body = (view) => view.getMessagePaneBrowser().contentDocument?.body?.textContent ?? "";

// Its own sign that every check is done; a message without protection never gives it. Of what was
// encrypted the signature inside is judged later than that, and the text is there last.
async function judged(view) {
  const opened = () => view.gEncryptionStatus === Ci.nsICMSMessageErrors.SUCCESS;
  for (let waited = 0; waited < 2000 && !view.gSmimeProcessedDispatched; waited += STEP) {
    await pause(STEP);
  }
  if (opened()) {
    await until(() => body(view).trim(), "the text of what was encrypted");
    for (let waited = 0; waited < 2000 && view.gSignatureStatus < 0; waited += STEP) {
      await pause(STEP);
    }
  }
}

// Opens a file as a double click does, and says what the window shows.
async function show(path) {
  const before = new Set(messageWindows());
  const message = file(path);
  const main = Services.wm.getMostRecentWindow("mail:3pane");
  MailUtils.openEMLFile(main, message, Services.io.newFileURI(message));
  const opened = () => messageWindows().find((one) => !before.has(one));
  const outer = await until(opened, "a message window");
  try {
    return await shown(outer);
  } finally {
    outer.close();
  }
}

async function shown(outer) {
  const view = await until(() => {
    const found = outer.document.getElementById("messageBrowser")?.contentWindow;
    const failed = found?.gEncryptionStatus > Ci.nsICMSMessageErrors.SUCCESS;
    return (found?.msgLoaded || failed) && found; // what stays closed is never loaded
  }, "the message in its window");
  await judged(view);
  return {
    signature: verdict(view.gSignatureStatus),
    encryption: verdict(view.gEncryptionStatus),
    text: body(view),
    attachments: view.currentAttachments.map((one) => one.name),
  };
}

function find(fingerprint) {
  const wanted = (one) => one.sha256Fingerprint.replaceAll(":", "").toLowerCase() === fingerprint;
  const found = certificates.getCerts().find(wanted);
  if (!found) {
    throw new Error(`no certificate ${fingerprint}`);
  }
  return found;
}

// The account's own certificates, as its settings page stores them.
function choose(identity, kind, certificate) {
  identity.setUnicharAttribute(`${kind}_cert_name`, certificate.displayName);
  identity.setCharAttribute(`${kind}_cert_dbkey`, certificate.dbKey);
}

function secured(sign, recipients) {
  const secure = Cc["@mozilla.org/messengercompose/composesecure;1"].createInstance(
    Ci.nsIMsgComposeSecure
  );
  secure.signMessage = sign;
  secure.requireEncryptMessage = recipients.length > 0;
  for (const [address, fingerprint] of recipients) {
    secure.cacheValidCertForEmail(address, find(fingerprint).dbKey);
  }
  return secure;
}

// Sends a message and resolves when the server has taken it.
function send({ from, to, subject, text, sign, recipients }) {
  const [address, fingerprint] = from;
  const identity = MailServices.accounts.getIdentity("id1");
  identity.email = address;
  const own = find(fingerprint);
  choose(identity, "signing", own);
  choose(identity, "encryption", own);
  const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(
    Ci.nsIMsgCompFields
  );
  fields.from = address;
  fields.to = to.join(", ");
  fields.subject = subject;
  fields.composeSecure = secured(sign, recipients);
  return new Promise((resolve, reject) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["nsIMsgSendListener"]),
      onStartSending() {},
      onSendProgress() {},
      onStatus() {},
      onGetDraftFolderURI() {},
      onStopSending: (id, status) =>
        status === 0 ? resolve(true) : reject(new Error(`sending ended with ${hex(status)}`)),
      onSendNotPerformed: (id, status) => reject(new Error(`not sent: ${hex(status)}`)),
      onTransportSecurityError: () => reject(new Error("no TLS was wanted")),
    };
    const sender = Cc["@mozilla.org/messengercompose/send;1"].createInstance(Ci.nsIMsgSend);
    const now = Ci.nsIMsgSend.nsMsgDeliverNow;
    const kind = Ci.nsIMsgCompType.New;
    sender
      .createAndSendMessage(
        null, identity, "account1", fields, false, false, now, null,
        "text/plain", text, null, null, listener, null, "", kind
      )
      .catch(reject);
  });
}

const hex = (status) => `0x${(status >>> 0).toString(16)}`;

const LDAP_BOOK = "ldap_2.servers.office";

// Its own dialog that fetches certificates from a directory before it encrypts; the SHA-256
// fingerprints of all certificates it then has.
async function fetchCertificates(url, addresses) {
  Services.prefs.setCharPref(`${LDAP_BOOK}.uri`, url);
  const main = Services.wm.getMostRecentWindow("mail:3pane");
  const dialog = main.openDialog(
    "chrome://messenger-smime/content/certFetchingStatus.xhtml", "", "chrome,dialog", LDAP_BOOK,
    addresses
  );
  await until(() => dialog.closed, "the end of the search");
  return [...certificates.getCerts()].map((one) => one.sha256Fingerprint);
}

// What an address book of LDAP shows for a query of its own language.
async function searchAddressBook(url, query) {
  const kind = Ci.nsIAbManager.LDAP_DIRECTORY_TYPE;
  const made = MailServices.ab.newAddressBook("Office", url, kind);
  const book = MailServices.ab.getDirectoryFromId(made);
  const found = [];
  let finished = false;
  book.search(query, "", {
    onSearchFoundCard: (card) => found.push(card.primaryEmail),
    onSearchFinished: () => (finished = true),
  });
  await until(() => finished, "the end of the search in the address book");
  return found;
}
