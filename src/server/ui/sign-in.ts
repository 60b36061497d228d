import { layout } from "./layout.js";
import { html, type Markup } from "./markup.js";

/** The form that trades a key for a session. */
export function signIn({ root, refused }: { readonly root: string; readonly refused: boolean }): Markup {
  return layout({
    title: "Sign in · multimodel",
    root,
    body: html`<header><h1>multimodel</h1></header>
<main class="sign-in">
<form method="post" action="${root}ui/sign-in">
<h2>Sign in</h2>
<label for="key">Key of this endpoint</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus${refused && html` aria-invalid="true" aria-describedby="wrong"`}>
${refused && html`<p id="wrong" class="failure" role="alert">This key is not accepted.</p>`}
<button>Open the page</button>
</form>
</main>`,
  });
}
