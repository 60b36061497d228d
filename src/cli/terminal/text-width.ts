/** Characters two columns wide: East Asian, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Characters without width: combining marks, and invisible ones. */
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Returns the width of text in columns of a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

export const padRight = (text: string, columns: number) => text + " ".repeat(Math.max(0, columns - widthOf(text)));
export const padLeft = (text: string, columns: number) => " ".repeat(Math.max(0, columns - widthOf(text))) + text;
