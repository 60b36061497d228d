/** Width of an output of JupyterLab in a usual window, in pixels. */
export const pageWidth = 860;

const size = /^(<svg[^>]*? width=")([\d.]+)(pt|px|)("[^>]*? height=")([\d.]+)(pt|px|)"/;

/** Shows a picture that is wider than `most` pixels smaller; its coordinates stay. */
export function fitWidth(svg: string, most: number = pageWidth): string {
  const [found, open, width, unit = "", between, height] = size.exec(svg) ?? [];
  if (found === undefined) return svg;
  const scale = most / (Number(width) * (unit === "pt" ? 4 / 3 : 1));
  if (scale >= 1) return svg;
  return `${open}${most}${between}${Math.ceil(Number(height) * (unit === "pt" ? 4 / 3 : 1) * scale)}"${svg.slice(found.length)}`;
}
