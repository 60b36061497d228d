import { html as escaping, raw as unescaped } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** HTML in which every text is escaped. */
export type Markup = HtmlEscapedString;

type Piece = Markup | string | number | false | undefined | readonly Piece[];

/** Makes HTML of a template; escapes each value that is not HTML itself. */
export const html = escaping as (strings: TemplateStringsArray, ...values: readonly Piece[]) => Markup; // a promise only where a value is one

/** Marks a text as HTML; only for pictures that this package draws. */
export const picture = (svg: string): Markup => unescaped(svg) as Markup;
