/** Stylesheet of all reports; colours of pictures follow by `darkRules`. */
export const style = `
:root{--ink:#1f2933;--soft:#52606d;--faint:#616e7c;--paper:#fff;--ground:#f6f7f9;--line:#e4e7eb;--accent:#0072b2;--good:#00745a;--bad:#b54a00;--tint:#f1f5f9;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ea7b3;--faint:#7d8590;--paper:#0d1117;--ground:#010409;--line:#21262d;--accent:#58a6ff;--good:#3fb950;--bad:#f0883e;--tint:#161b22}}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:15px/1.55 var(--sans);-webkit-text-size-adjust:100%}
body{margin:0}
main{overflow-wrap:anywhere;max-width:960px;margin:0 auto;padding:40px 20px 64px}
header{margin:0 4px 24px}
h1{font-size:26px;line-height:1.25;letter-spacing:-.015em;margin:4px 0 6px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:13px;font-weight:600;letter-spacing:.01em;margin:0 0 14px;color:var(--soft)}
h3{font-size:13px;font-weight:600;margin:22px 0 8px;color:var(--soft)}
p{margin:0}
.eyebrow,.note,.foot{color:var(--soft);font-size:13px}
.note{margin:-8px 0 14px}
.foot{margin:28px 4px 0;color:var(--faint)}
section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px;margin:0 0 16px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:1px;background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:0 0 16px}
.tiles>div{box-shadow:0 0 0 1px var(--line);padding:14px 16px}
dt{color:var(--soft);font-size:12.5px}
dd{margin:0}
.tiles dd{font-size:20px;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums;line-height:1.35}
.tiles dd small{display:block;font-size:12px;font-weight:400;letter-spacing:0;color:var(--soft)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;max-height:560px;overflow:auto;unicode-bidi:isolate}
.text:focus-visible,.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:4px}
.said+.said{margin-top:18px;padding-top:18px;border-top:1px solid var(--line)}
.said>p:first-child{font-size:12.5px;color:var(--soft);margin-bottom:4px}
.scroll{overflow-x:auto;margin:0 -20px;padding:0 20px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--soft);text-align:left;font-size:12px;white-space:nowrap}
th,td{padding:7px 14px 7px 0;border-bottom:1px solid var(--line);vertical-align:baseline}
th:last-child,td:last-child{padding-right:0}
td:not(.right){overflow-wrap:anywhere;min-width:76px}
td.right{white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
tfoot td{font-weight:600;border-top:1px solid var(--line);border-bottom:0}
.right{text-align:right}
ul{margin:0;padding:0 0 0 18px}
li+li{margin-top:4px}
ol.decisions{list-style:none;margin:0;padding:0;counter-reset:step}
ol.decisions>li{margin:0;counter-increment:step;position:relative;padding:0 0 18px 34px}
ol.decisions>li:last-child{padding-bottom:0}
ol.decisions>li::before{content:counter(step);position:absolute;left:0;top:1px;width:21px;height:21px;border-radius:50%;background:var(--tint);color:var(--soft);font-size:11.5px;line-height:21px;text-align:center}
ol.decisions>li:not(:last-child)::after{content:"";position:absolute;left:10px;top:26px;bottom:4px;width:1px;background:var(--line)}
.reason{color:var(--soft);overflow-wrap:anywhere}
code{font:12.5px var(--mono);overflow-wrap:anywhere}
b{font-weight:600}
.badge{display:inline-block;max-width:100%;font-size:11.5px;line-height:18px;padding:0 7px;border-radius:9px;background:var(--tint);color:var(--soft);margin:0 2px}
.badge.good{color:var(--good)}.badge.bad{color:var(--bad)}
.bad{color:var(--bad)}.good{color:var(--good)}
.scores{display:grid;grid-template-columns:fit-content(240px) minmax(60px,180px) max-content;gap:3px 12px;align-items:center;margin:8px 0 0;font-size:12.5px;max-width:100%}
.scores>span{overflow-wrap:anywhere}
.scores svg{width:100%;height:10px;display:block}
.drawing.wide{margin:0 -16px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:8px 40px}
.pair h3{margin:0 0 10px}
.pair svg{width:100%}
.inside section{border:0;border-radius:0;padding:0;margin:0 0 22px;background:none}
.inside .tiles{margin-bottom:22px}
.inside .scroll,.inside .drawing.wide{margin-left:0;margin-right:0;padding-left:0;padding-right:0}
.drawing svg,.picture img{display:block;max-width:100%;height:auto}
.drawing,.picture{display:block;margin:0;overflow-x:auto}
.drawing.narrow{display:none}
.picture img{margin:0 auto}
@media (max-width:640px){main{padding:24px 12px 48px}section{padding:16px}.scroll{margin:0 -16px;padding:0 16px}.drawing.wide{display:none}.drawing.narrow{display:block;margin:0 -16px}.picture img{min-width:600px}table{min-width:600px}.inside{padding-left:0!important}h1{font-size:22px}}
.track{fill:var(--tint)}.mark{fill:var(--accent)}.mark.low{fill:var(--faint)}.limit{stroke:var(--ink);stroke-width:1.5}
details{border-top:1px solid var(--line)}
details:last-child{border-bottom:0}
summary{cursor:pointer;padding:10px 0;display:flex;gap:4px 14px;align-items:baseline;flex-wrap:wrap;font-variant-numeric:tabular-nums}
summary::before{content:"›";color:var(--faint);width:8px;transition:transform .12s}
details[open]>summary::before{transform:rotate(90deg)}
summary .name{flex:1 1 240px;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
summary>span:not(.name,.badge){min-width:64px;text-align:right}
details>.inside{padding:4px 0 20px 22px}
@media (prefers-reduced-motion:reduce){summary::before{transition:none}}
@media print{html{background:#fff}section,.tiles{break-inside:avoid}.text{max-height:none}}
`;
