const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Encodes a text as UTF-8; half of a surrogate pair becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Counts UTF-8 bytes without encoding, since conversations are counted before every call. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    const isPair = unit >= 0xd800 && unit < 0xdc00 && text.charCodeAt(index + 1) >> 10 === 0x37;
    if (isPair) index++; // a pair is two units and four bytes
    bytes += unit < 0x800 ? 1 : 2;
  }
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Decodes hexadecimal UTF-8; invalid bytes become U+FFFD. */
export function textOfHex(digits: string): string {
  return decoder.decode(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Decodes base64 or base64url UTF-8, with or without padding; skips other characters. */
export function textOfBase64(text: string): string {
  const plain = text.split("=", 1)[0]!.replaceAll("-", "+").replaceAll("_", "/");
  const digits = plain.replace(/[^A-Za-z0-9+/]/g, "");
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits; // a single digit is less than a byte
  return decoder.decode(Uint8Array.from(atob(whole), (character) => character.charCodeAt(0)));
}
