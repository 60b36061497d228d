export { type Html as Markup, html, raw as picture } from "../../report/html.js";
