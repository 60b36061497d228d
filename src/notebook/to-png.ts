import { MissingPackageError } from "../errors.js";

/**
 * Turns SVG into PNG, without a browser.
 *
 * **When to use** - where a picture must be a bitmap: a chat, a slide, a code host that shows no SVG.
 * **Gotchas** - the optional package `@resvg/resvg-js` draws it, with fonts of the system.
 *
 * @param options.scale pixels for each unit of the SVG, default 2
 * @example
 * ```ts
 * import { drawGraph, toPng } from "langgraph-multimodel/notebook";
 * const png = await toPng(await drawGraph(createFallback({ models: { small, large } })));
 * ```
 * @throws {MissingPackageError} when `@resvg/resvg-js` is not installed
 */
export async function toPng(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js").catch((error) => {
    throw new MissingPackageError("toPng", ["@resvg/resvg-js"], error);
  });
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: scale }, font }).render().asPng();
}
