// Distinguished encoding rules (X.690): as much as a request and a .p12 need. Values are Uint8Array.
"use strict";

const der = (() => {
  const concat = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  // Big-endian, without leading zeros; at least one octet.
  const octetsOf = (number) => {
    const found = [];
    for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) found.unshift(rest % 256);
    return found.length ? found : [0];
  };

  const lengthOf = (length) => {
    if (length < 128) return Uint8Array.of(length);
    const octets = octetsOf(length);
    return Uint8Array.of(0x80 | octets.length, ...octets);
  };

  const tlv = (tag, ...contents) => {
    const content = concat(...contents);
    return concat(Uint8Array.of(tag), lengthOf(content.length), content);
  };

  // Of a non-negative number given as octets: none superfluous, the sign bit clear (§8.3).
  const unsigned = (octets) => {
    let start = 0;
    while (start < octets.length - 1 && octets[start] === 0) start += 1;
    const kept = octets.slice(start);
    return kept[0] & 0x80 ? tlv(0x02, Uint8Array.of(0), kept) : tlv(0x02, kept);
  };

  const base128 = (number) => {
    const found = [number % 128];
    for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) {
      found.unshift(0x80 | rest % 128);
    }
    return found;
  };

  const oid = (text) => {
    const [first, second, ...rest] = text.split(".").map(Number);
    return tlv(0x06, Uint8Array.of(...[first * 40 + second, ...rest].flatMap(base128)));
  };

  // UTF-16, big-endian; a character beyond the first plane stays a pair, as everybody writes it.
  const utf16 = (text) => {
    const found = new Uint8Array(2 * text.length);
    for (let at = 0; at < text.length; at += 1) {
      found[2 * at] = text.charCodeAt(at) >> 8;
      found[2 * at + 1] = text.charCodeAt(at) & 0xff;
    }
    return found;
  };

  return {
    concat,
    tlv,
    utf16,
    oid,
    unsigned,
    integer: (number) => unsigned(Uint8Array.from(octetsOf(number))),
    sequence: (...parts) => tlv(0x30, ...parts),
    // §11.6: sorted; there are never two of one value here
    set: (...parts) => tlv(0x31, ...parts.sort(inOrder)),
    octets: (content) => tlv(0x04, content),
    bits: (content) => tlv(0x03, Uint8Array.of(0), content),
    utf8: (text) => tlv(0x0c, new TextEncoder().encode(text)),
    bmp: (text) => tlv(0x1e, utf16(text)),
    nothing: Uint8Array.of(0x05, 0x00),
    within: (number, ...parts) => tlv(0xa0 | number, ...parts),
  };

  function inOrder(one, other) {
    for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
      if (one[at] !== other[at]) return one[at] - other[at];
    }
    return one.length - other.length;
  }
})();
