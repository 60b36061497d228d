import { InvalidOptionError, MissingPackageError } from "../errors/index.js";

/**
 * Converts SVG to PNG without a browser.
 *
 * **When to use** - where SVG is not supported: chats, slides, some code hosts.
 * **Gotchas** - needs the optional package `@resvg/resvg-js`; uses system fonts.
 *
 * @param options.scale pixels for each unit of the SVG, default 2
 * @example
 * ```ts
 * import { drawGraph, toPng } from "langgraph-multimodel/notebook";
 * const png = await toPng(await drawGraph(createFallback({ models: { small, large } })));
 * ```
 * @throws {InvalidOptionError} when `svg` is not SVG, or `scale` is not above 0 or makes a picture of more than 100 million pixels
 * @throws {MissingPackageError} when `@resvg/resvg-js` is not installed
 */
export async function toPng(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Promise<Uint8Array> {
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    throw new InvalidOptionError("toPng.scale", scale, "give a number above 0");
  }
  const { Resvg } = await import("@resvg/resvg-js").catch((error) => {
    throw new MissingPackageError("toPng", ["@resvg/resvg-js"], error);
  });
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const picture = parsed(() => new Resvg(svg, { fitTo: { mode: "zoom", value: scale }, font }), svg);
  if (picture.width * picture.height * scale ** 2 > MOST_PIXELS) {
    const size = `${picture.width} x ${picture.height}`;
    throw new InvalidOptionError("toPng.scale", scale, `the picture is ${size}; give a smaller scale`);
  }
  return picture.render().asPng();
}

/** Maximum pixels, at four bytes each; running out of memory would end the process. */
const MOST_PIXELS = 1e8;

function parsed<Picture>(parse: () => Picture, svg: string): Picture {
  try {
    return parse();
  } catch (error) {
    throw new InvalidOptionError(
      "toPng.svg",
      svg,
      `give SVG, as \`drawGraph\` does (${(error as Error).message ?? error})`,
    );
  }
}
