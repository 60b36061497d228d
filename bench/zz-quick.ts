import { startUpstream, measureApart } from "./processes.js";
const [suite, procs, rounds, only] = process.argv.slice(2);
const up = await startUpstream();
const t = performance.now();
for (let i=0;i<Number(procs);i++) {
  const m = await measureApart({port: up.port, suite: suite as "invoke", rounds: Number(rounds), runs: 10, warmUp: 60, ...(only&&{only})});
  const by = new Map(m.map(x=>[x.name,x]));
  for (const x of m) console.log(x.name.padEnd(42), x.cpuMs.toFixed(2), x.wallMs.toFixed(2), x.against ? (x.cpuMs/by.get(x.against)!.cpuMs).toFixed(3)+" wall "+(x.wallMs/by.get(x.against)!.wallMs).toFixed(3):"");
  console.log("--", ((performance.now()-t)/1000).toFixed(0)+"s");
}
up.end();
