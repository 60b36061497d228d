/** Background of dark pages, as code hosts have it. */
const paper = "#0d1117";
const text: Readonly<Record<string, string>> = {
  "#1f2933": "#e6edf3",
  "#52606d": "#9ea7b3",
  "#0072b2": "#58a6ff",
  "#1a1a1a": "#e6edf3",
  "#4d4d4d": "#b1bac4",
  "#b54a00": "#f0883e",
};
const areas: Readonly<Record<string, string>> = {
  white: paper,
  "#ffffff": paper,
  "#eef2f6": "#161b22",
  "#fff4e0": "#3d2e00",
  "#52606d": "#8b949e", // heads of arrows
  "#9aa5b1": "#6e7681",
  "#0072b2": "#1f6feb",
  "#e69f00": "#955000", // dark enough for the light ink that replaces the dark one
  "#d55e00": "#f0883e",
  "#d98e04": "#d29922",
  "#009e73": "#2ea043",
  "#b85c9e": "#bc6fb0",
  "#56a3c9": "#4c9fc9",
  "#8895a3": "#7d8996",
  "#b9a37e": "#a08c68",
};
const lines: Readonly<Record<string, string>> = {
  ...areas,
  "#0072b2": "#58a6ff",
  "#e69f00": "#f0b72f",
  "#009e73": "#3fb950",
  "#6b6b6b": "#8b949e",
  "#bdbdbd": "#30363d",
  "#e8e8e8": "#21262d",
};

/** Replaces the colours of a picture of this package for dark pages; white text, which stands on blue, stays. */
export function inDark(svg: string): string {
  return svg.replace(/<(\w+)[^>]*>/g, (tag, element: string) =>
    tag.replace(/ (fill|stroke)="([^"]*)"/g, (whole, attribute: string, value: string) => {
      const table = attribute === "stroke" ? lines : element === "text" ? text : areas;
      const other = table[value.toLowerCase()];
      return other === undefined ? whole : ` ${attribute}="${other}"`;
    }),
  );
}

/** Writes the same replacements as rules of CSS, for pictures inside a page that follows the reader's theme. */
export function darkRules(within: string): string {
  const rules = (element: string, attribute: string, colours: Readonly<Record<string, string>>) =>
    Object.entries(colours).map(([from, to]) => `${within} ${element}[${attribute}="${from}"]{${attribute}:${to}}`);
  return [...rules("text", "fill", text), ...rules(":not(text)", "fill", areas), ...rules("", "stroke", lines)].join(
    "\n",
  );
}
