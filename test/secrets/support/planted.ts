/** A secret that shows by nothing that it is one: it can only be found by what it is. */
let count = 0;
export function plant(place: string): string {
  count++;
  return `Planted ${place}`.replace(/[^A-Za-z]+/g, "-").concat(`-orchid/lantern+${count}=velvet`);
}

/** Every way a secret may be written in a text. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before, 58), bytes]).toString("base64");
    return whole.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const core = secret.slice(0, 20); // a secret that is cut is one all the same
  return [
    ...[secret, core, encodeURIComponent(secret), percent, bytes.toString("hex")],
    ...base64.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_"), form.slice(0, 20)]),
  ].map((form) => form.toLowerCase());
}

/** The secrets a text shows, in any form. */
export function shownIn(text: string, secrets: readonly string[]): string[] {
  const lower = text.toLowerCase();
  const bare = lower.replace(/\\+/g, ""); // escaped as JSON within JSON
  return secrets.flatMap((secret) => {
    const form = formsOf(secret).find((each) => lower.includes(each) || bare.includes(each));
    if (form === undefined) return [];
    const at = Math.max(lower.indexOf(form), 0);
    return [`${secret} as ${form}: …${text.slice(Math.max(0, at - 120), at + 160)}…`];
  });
}
