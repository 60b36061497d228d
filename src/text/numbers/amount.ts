/** A number: exact as a fraction, or a rounded one such as a root or a multiple of π. */
export type Amount = Fraction | number;

export interface Fraction {
  readonly top: bigint;
  /** Greater than 0. */
  readonly bottom: bigint;
}

/** Limits powers, because `9^9^9` would fill the memory. */
const MAX_DIGITS = 2_000;

const isExact = (amount: Amount): amount is Fraction => typeof amount !== "number";
const toNumber = (amount: Amount) => (isExact(amount) ? Number(amount.top) / Number(amount.bottom) : amount);

function reduced(top: bigint, bottom: bigint): Fraction {
  let [one, other] = [top < 0n ? -top : top, bottom];
  while (other !== 0n) [one, other] = [other, one % other];
  const shared = bottom < 0n ? -one : one;
  return shared === 0n ? { top, bottom } : { top: top / shared, bottom: bottom / shared };
}

/** Reads digits with at most one point and an exponent: "12.50e3". */
export function decimal(written: string): Fraction {
  const [digits = "", exponent = "0"] = written.toLowerCase().split("e");
  const [whole = "", decimals = ""] = digits.split(".");
  const power = Number(exponent) - decimals.length;
  const top = BigInt(`${whole}${decimals}` || "0");
  return power < 0 ? reduced(top, 10n ** BigInt(-power)) : { top: top * 10n ** BigInt(power), bottom: 1n };
}

export function plus(one: Amount, other: Amount): Amount {
  if (!isExact(one) || !isExact(other)) return toNumber(one) + toNumber(other);
  return reduced(one.top * other.bottom + other.top * one.bottom, one.bottom * other.bottom);
}

export const negative = (amount: Amount): Amount =>
  isExact(amount) ? { top: -amount.top, bottom: amount.bottom } : -amount;

export function times(one: Amount, other: Amount): Amount {
  if (!isExact(one) || !isExact(other)) return toNumber(one) * toNumber(other);
  return reduced(one.top * other.top, one.bottom * other.bottom);
}

/** Divides; undefined by 0. */
export function over(one: Amount, other: Amount): Amount | undefined {
  if (!isExact(one) || !isExact(other)) {
    const value = toNumber(one) / toNumber(other);
    return Number.isFinite(value) ? value : undefined;
  }
  return other.top === 0n ? undefined : reduced(one.top * other.bottom, one.bottom * other.top);
}

/** Raises to a power, exactly where the exponent is whole; undefined where the result is too large or not a real number. */
export function power(base: Amount, exponent: Amount): Amount | undefined {
  if (!isExact(exponent)) return finite(toNumber(base) ** exponent);
  if (exponent.bottom !== 1n) {
    const root = exponent.top === 1n && exponent.bottom < 100n ? exactRoot(base, Number(exponent.bottom)) : undefined;
    return root ?? finite(toNumber(base) ** toNumber(exponent));
  }
  if (!isExact(base)) return finite(base ** Number(exponent.top));
  const times = exponent.top < 0n ? -exponent.top : exponent.top;
  const digits = Math.max(String(base.top).length, String(base.bottom).length);
  if (times * BigInt(digits) > MAX_DIGITS) return undefined;
  const raised = { top: base.top ** times, bottom: base.bottom ** times };
  return exponent.top < 0n ? over({ top: 1n, bottom: 1n }, raised) : raised;
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

function exactRoot(base: Amount, degree: number): Fraction | undefined {
  if (!isExact(base)) return undefined;
  const [top, bottom] = [base.top, base.bottom].map((part) => {
    const value = Number(part);
    const root = Math.sign(value) * Math.round(Math.abs(value) ** (1 / degree));
    return Number.isSafeInteger(root) && BigInt(root) ** BigInt(degree) === part ? BigInt(root) : undefined;
  });
  return top === undefined || bottom === undefined ? undefined : { top, bottom };
}

/** Writes equal amounts as equal text, without an exponent. Exact decimals are not rounded; roots keep 13 digits. */
export function shownAmount(amount: Amount): string {
  if (!isExact(amount)) return shownNumber(Number(amount.toPrecision(13)));
  const { top, bottom } = amount;
  const digits = decimalsOf(bottom);
  if (digits !== undefined) return shownScaled((top * 10n ** BigInt(digits)) / bottom, digits);
  const limit = 10n ** 7n;
  if (bottom < limit && top < limit && top > -limit) return shownNumber(toNumber(amount)); // as JSON and Python print 1 / 3
  const places = 2 * String(bottom).length + 16;
  return shownScaled((top * 10n ** BigInt(places)) / bottom, places);
}

/** Counts the decimals of a fraction that ends; undefined for 1/3. */
function decimalsOf(bottom: bigint): number | undefined {
  let [rest, twos, fives] = [bottom, 0, 0];
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

function shownScaled(scaled: bigint, places: number): string {
  const all = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, "0");
  const whole = all.slice(0, all.length - places);
  const decimals = all.slice(all.length - places).replace(/0+$/, "");
  const value = decimals === "" ? whole : `${whole}.${decimals}`;
  return scaled < 0n ? `-${value}` : value;
}

const shownNumber = (value: number): string => shownAmount(decimal(String(value)));
