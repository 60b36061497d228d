import { html, type Markup } from "./markup.js";

interface Parts {
  readonly title: string;
  /** Relative path to the folder of `ui`: "" or "../../". */
  readonly root: string;
  readonly body: Markup;
  /** @default false */
  readonly scripted?: boolean;
}

/** A whole document, with one stylesheet and at most one script of this server. */
export function layout({ title, root, body, scripted = false }: Parts): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}ui/style.css">
${scripted && html`<script src="${root}ui/script.js" defer></script>`}
</head>
<body>
${body}
</body>
</html>
`;
}
