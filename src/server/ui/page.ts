import { breakerStates } from "../../resilience/breaker-states.js";
import { budgetStates } from "../../resilience/budget.js";
import type { Served } from "../catalogue.js";
import type { RecentRuns } from "../watch/recent-runs.js";
import { layout } from "./layout.js";
import { html, type Markup } from "./markup.js";
import { limitsPanel, spendPanel } from "./panels.js";
import { runItem } from "./run-item.js";

interface Shown {
  readonly runs: RecentRuns;
  readonly served: readonly Served[];
  /** Most runs of the list. */
  readonly most: number;
  /** Where the events go on from here. */
  readonly since: string;
  /** True where a browser gave a key. */
  readonly signedIn: boolean;
}

/** The page: a prompt box, the latest runs, spending, breakers and budgets. */
export function page({ runs, served, most, since, signedIn }: Shown): Markup {
  const latest = runs.all.toReversed();
  return layout({
    title: "multimodel",
    root: "",
    scripted: true,
    body: html`<a class="skip" href="#runs-title">Skip to the runs</a>
<header><h1>multimodel</h1> <p id="live" class="live off" role="status">not live</p> <a id="compare" href="ui/compare">Compare</a>${
      signedIn && html`<form method="post" action="ui/sign-out"><button class="quiet">Sign out</button></form>`
    }</header>
<main data-since="${since}" data-most="${most}">
<section class="ask" aria-labelledby="ask-title">
<h2 id="ask-title">Ask</h2>
${promptBox(served)}
<div class="work"><figure id="graph" class="graph" hidden aria-label="Steps of the graph"></figure>
<div id="run-now" class="run-now"></div></div>
<p id="progress" class="unseen" role="status"></p>
</section>
<section class="runs" aria-labelledby="runs-title">
<h2 id="runs-title" tabindex="-1">Runs</h2>
<p id="no-runs" class="none"${latest.length > 0 && " hidden"}>No run yet. Ask above, or send a request to <code>v1/chat/completions</code>.</p>
<ol id="runs" aria-label="Latest runs, newest first">${latest.map(runItem)}</ol>
</section>
<div class="side">
<section class="spend" aria-labelledby="spend-title">
<h2 id="spend-title">Spent today <small>(UTC)</small></h2>
<div id="spend">${spendPanel(runs.spend)}</div>
</section>
<section class="limits" aria-labelledby="limits-title">
<h2 id="limits-title">Limits</h2>
<div id="limits">${limitsPanel(breakerStates(), budgetStates())}</div>
</section>
</div>
</main>
<p id="news" class="unseen" role="status"></p>`,
  });
}

function promptBox(served: readonly Served[]): Markup {
  return html`<form id="ask" method="post" action="ui/ask">
<label for="question">Question</label>
<textarea id="question" name="question" rows="3" required maxlength="20000" placeholder="Why is the sky blue?"></textarea>
<div class="row"><label for="model">Model or graph</label>
<select id="model" name="model">${served.map(({ name, kind }) => html`<option value="${name}">${name}${kind === "chat" && " (one model)"}</option>`)}</select>
<button>Ask</button></div>
</form>`;
}
