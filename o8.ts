import { cascadeTable } from "./bench/quality/cascade-table.js";
for (const t of ["gsm8k","mmlu_pro"] as const) console.log(await cascadeTable("/work/shared/data",t));
