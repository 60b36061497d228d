/** The stylesheet of the page, for light and dark themes. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --page: #f6f8fa; --card: #fff; --ink: #1f2933; --soft: #52606d; --line: #d5dbe1; --link: #0a58a8; --on: #0072b2; --on-ink: #fff;
  --now: #e69f00; --good: #14713f; --bad: #b3261e; --decides: #fff4e0; --box: #eef2f6; --faint: #9aa5b1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9ea7b3; --line: #30363d; --link: #79b8ff; --on: #1f6feb; --on-ink: #fff;
    --now: #b87900; --good: #56d364; --bad: #ff8a80; --decides: #3d2e00; --box: #1c2430; --faint: #6e7681;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header { display: flex; align-items: center; gap: .75rem; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--card); }
header form { margin-left: auto; }
h1 { font-size: 1.05rem; margin: 0; letter-spacing: .01em; }
h1 a { color: inherit; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
h3 { font-size: .85rem; margin: 1rem 0 .35rem; color: var(--soft); font-weight: 600; }
h2 small { color: var(--soft); font-weight: 400; }
p { margin: 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--now); outline-offset: 2px; border-radius: 3px; }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; max-width: 1180px; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
.side { display: grid; gap: 1rem; align-content: start; min-width: 0; }
section, .sign-in form, .run-page { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; min-width: 0; }
@media (min-width: 900px) {
  main { grid-template-columns: minmax(0, 1fr) 22rem; grid-template-rows: auto 1fr; }
  .side { grid-column: 2; grid-row: 1 / span 2; }
  .work:has(.graph:not([hidden])) { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 1rem; align-items: start; }
}
.live { font-size: .8rem; color: var(--soft); }
.live::before { content: ""; display: inline-block; width: .55rem; height: .55rem; margin-right: .4rem; border-radius: 50%; background: var(--good); }
.live.off::before { background: var(--faint); }
.skip, .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: static; width: auto; height: auto; clip-path: none; display: inline-block; padding: .5rem 1rem; }
label { font-size: .85rem; color: var(--soft); }
textarea, select, input { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--faint); border-radius: 6px; padding: .45rem .6rem; max-width: 100%; }
textarea, input { width: 100%; display: block; margin: .2rem 0 .6rem; resize: vertical; }
button { font: inherit; font-weight: 600; color: var(--on-ink); background: var(--on); border: 1px solid var(--on); border-radius: 6px; padding: .45rem 1.1rem; cursor: pointer; }
button.quiet { background: none; color: var(--link); border-color: var(--line); font-weight: 400; padding: .25rem .7rem; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
.row select { flex: 1 1 10rem; min-width: 0; }
.graph { margin: 1rem 0 0; overflow-x: auto; text-align: center; }
.graph svg { max-width: 100%; height: auto; max-height: 26rem; }
.graph > svg polygon[fill="white"]:first-of-type { fill: none; }
.graph .cluster path, .graph .cluster polygon { fill: var(--box); stroke: var(--faint); }
.graph text { fill: var(--ink); }
.graph .node polygon, .graph .node path, .graph .node ellipse { fill: var(--card); stroke: var(--soft); transition: fill .2s; }
.graph .node polygon[fill="#fff4e0"] { fill: var(--decides); }
.graph .edge path { stroke: var(--soft); }
.graph .edge polygon { fill: var(--soft); stroke: var(--soft); }
.graph .node.ran polygon, .graph .node.ran path, .graph .node.ran ellipse { fill: var(--on); stroke: var(--on); }
.graph .node.ran text { fill: var(--on-ink); }
.graph .node.now polygon, .graph .node.now path, .graph .node.now ellipse { fill: var(--now); stroke: var(--now); }
.graph .node.now text { fill: #1a1a1a; }
.graph .node.failed polygon, .graph .node.failed path, .graph .node.failed ellipse { fill: var(--card); stroke: var(--bad); stroke-width: 2.5; }
.graph .node.failed text { fill: var(--bad); }
.graph .edge.ran path { stroke: var(--on); stroke-width: 2.2; }
.graph .edge.ran polygon { fill: var(--on); stroke: var(--on); }
.answer { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--page); border-left: 3px solid var(--on); border-radius: 4px; padding: .6rem .8rem; margin: .5rem 0; }
.steps, .decisions, .states, #runs { list-style: none; margin: 0; padding: 0; }
.steps li { padding: .2rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.run-now:not(:empty) { margin-top: 1rem; }
.run { padding: .55rem 0; border-top: 1px solid var(--line); }
.run:first-child { border-top: 0; padding-top: 0; }
.run .head { display: flex; gap: .6rem; align-items: baseline; }
.run .question { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; text-decoration: none; }
.run .question:hover { text-decoration: underline; }
.status, .state { font-size: .8rem; white-space: nowrap; color: var(--soft); }
.run.ok .status, .closed .state { color: var(--good); }
.run.error .status, .open .state, .bad, .failure, .half_open .state { color: var(--bad); }
.run.running .status { color: var(--ink); background: var(--now); color: #1a1a1a; border-radius: 4px; padding: 0 .4rem; }
.facts { font-size: .82rem; color: var(--soft); }
p.facts > span { white-space: nowrap; }
p.facts > span:not(:last-child)::after { content: " · "; }
.failure { font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.decisions { font-size: .82rem; color: var(--soft); }
.decisions li { overflow-wrap: anywhere; }
.run .decisions li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.decisions b { color: var(--ink); font-weight: 600; }
.none { color: var(--soft); font-size: .9rem; }
.total { font-size: .9rem; color: var(--soft); margin-bottom: .6rem; }
.total b { font-size: 1.5rem; color: var(--ink); display: block; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; font-size: .85rem; margin-bottom: .8rem; }
th, td { text-align: left; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 400; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
.number { text-align: right; padding-right: 0; padding-left: .5rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: 4px; border-radius: 2px; margin-top: .2rem; }
.bar .rest { fill: var(--line); }
.bar .share { fill: var(--on); }
.bar.near .share { fill: var(--now); }
.bar.full .share { fill: var(--bad); }
.states li { padding: .25rem 0; font-size: .85rem; display: flex; flex-wrap: wrap; gap: 0 .6rem; }
.states .name { flex: 1; min-width: 8rem; overflow-wrap: anywhere; font-weight: 500; }
.states span { color: var(--soft); }
.states .name { color: var(--ink); }
.scroll { overflow-x: auto; }
main.compare { display: block; max-width: 900px; }
.compare section { margin-top: 1rem; }
.compared tbody tr:not(.figure) > * { border-bottom: 0; }
.compared .figure th { padding-top: .8rem; font-weight: 600; border-bottom: 1px solid var(--line); }
.compared small { display: block; color: var(--soft); font-weight: 400; white-space: normal; }
.compared tbody tr > * { width: 25%; }
.differs { font-weight: 700; }
.interval { display: block; width: 100%; max-width: 10rem; height: 8px; margin: .15rem 0 0 auto; }
.interval .rest { fill: var(--line); }
.interval .range { fill: var(--faint); }
.interval .value { fill: var(--on); }
.times { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .2rem .8rem; align-items: end; margin-bottom: 1rem; }
.times input, .times select { margin: .2rem 0 .4rem; width: 100%; }
.times button { margin-bottom: .4rem; justify-self: start; }
.sign-in { grid-template-columns: minmax(0, 24rem); justify-content: center; padding-top: 12vh; }
.run-page { display: block; margin-top: 1rem; }
.run-page table { min-width: 34rem; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (max-width: 420px) { main { padding: .6rem .6rem 2rem; } header { padding: .6rem .8rem; } }
`;
