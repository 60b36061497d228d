import { InvalidOptionError } from "../errors/index.js";
import { type Html, html, raw } from "./html.js";

/** SVG of the steps of a run, for both themes or one of each. */
export type StepsPicture = string | { readonly light: string; readonly dark: string };

/** Shows the picture as an image, so that no script of an untrusted SVG runs. */
export function stepsPicture(picture: StepsPicture): Html {
  const { light, dark } = typeof picture === "string" ? { light: picture, dark: undefined } : picture;
  for (const svg of [light, dark ?? light]) {
    if (typeof svg !== "string" || !svg.startsWith("<svg"))
      throw new InvalidOptionError("runReport.steps", svg, "give the SVG of drawSteps");
  }
  const source =
    dark === undefined ? "" : html`<source media="(prefers-color-scheme: dark)" srcset="${raw(dataUrl(dark))}">`;
  return html`<picture class="picture">${source}<img src="${raw(dataUrl(light))}" alt="The graph at each step of the run; the decisions are listed below"></picture>`;
}

/** Encodes what an attribute or an URL cannot hold. */
function dataUrl(svg: string): string {
  const encoded = svg.replace(/[%#"'<>&\s\p{Cc}\u0080-\u{10ffff}]+/gu, (part) => {
    const whole = part.replace(/\s+/g, " ");
    return encodeURIComponent(whole.toWellFormed()).replaceAll("'", "%27");
  });
  return `data:image/svg+xml,${encoded}`;
}
