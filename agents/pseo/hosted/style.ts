import { createHash } from "node:crypto";

/** All the style of a hosted page, in its head: one request, and nothing of anybody else's. Readable from 360 px on. */
export const PAGE_STYLE = `:root{--ink:#17202a;--soft:#56616f;--line:#dfe4ea;--paper:#fff;--wash:#f4f6f8;--brand:#0b5c4a;--on-brand:#fff}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-padding-top:5rem}
body{margin:0;font:1.0625rem/1.65 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:break-word}
.in{max-width:46rem;margin:0 auto;padding:0 1rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem;z-index:2}
.top{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);z-index:1}
.top .in{display:flex;align-items:center;justify-content:space-between;gap:1rem;min-height:4rem}
.name{font-weight:700;font-size:1.0625rem;line-height:1.25;color:var(--ink);text-decoration:none}
.call{display:inline-block;background:var(--brand);color:var(--on-brand);text-decoration:none;font-weight:600;border-radius:.6rem;padding:.6rem 1rem;white-space:nowrap;line-height:1.3}
h1,h2,h3{line-height:1.22;text-wrap:balance}h1{font-size:clamp(1.7rem,6vw,2.4rem);letter-spacing:-.015em;margin:2rem 0 1rem}
h2{font-size:1.4rem;margin:2.5rem 0 .75rem}h3{font-size:1.125rem;margin:1.75rem 0 .5rem}
p,ul,ol,table,blockquote,figure{margin:0 0 1.1rem}ul,ol{padding-left:1.3rem}li{margin:.25rem 0}
main a{color:var(--brand);text-underline-offset:.15em}main a.call{color:var(--on-brand)}a:focus-visible,summary:focus-visible,input:focus-visible,textarea:focus-visible,button:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
img{display:block;max-width:100%;height:auto;border-radius:.6rem;background:var(--wash)}figcaption{color:var(--soft);font-size:.9rem;line-height:1.5;margin-top:.6rem}figcaption ol{columns:17rem 2;margin:.5rem 0 0}
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border-bottom:1px solid var(--line);padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top}
blockquote{border-left:.25rem solid var(--line);padding-left:1rem;color:var(--soft)}
details{border-top:1px solid var(--line);padding:.25rem 0}details:last-of-type{border-bottom:1px solid var(--line)}summary{cursor:pointer;font-weight:600;padding:.6rem 0}details p{margin-bottom:.75rem}
nav ul{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0 1.5rem}nav li{margin:0;border-bottom:1px solid var(--line)}nav li a{display:block;padding:.55rem 0;text-decoration:none}nav li a:hover{text-decoration:underline}
.ask{background:var(--wash);border-radius:.9rem;padding:1.25rem;margin:2.5rem 0}.ask h2{margin-top:0}
label{display:block;font-weight:600;font-size:.95rem;margin:0 0 .9rem}input,textarea{display:block;width:100%;font:inherit;color:inherit;background:#fff;border:1px solid #87919d;border-radius:.5rem;padding:.65rem .75rem;margin-top:.25rem}textarea{min-height:6.5rem;resize:vertical}
button{font:inherit;font-weight:600;color:var(--on-brand);background:var(--brand);border:0;border-radius:.6rem;padding:.8rem 1.4rem;cursor:pointer;width:100%}
.hp{position:absolute;left:-99rem;width:1px;height:1px;overflow:hidden}.note{color:var(--soft);font-size:.875rem;margin:.75rem 0 0}.error{border-left:.25rem solid #b3261e;padding-left:.75rem}
footer{border-top:1px solid var(--line);background:var(--wash);color:var(--soft);font-size:.95rem;padding:1.75rem 0;margin-top:3rem}footer p{margin:0 0 .35rem}footer a{color:inherit}
@media (min-width:40rem){.ask{padding:1.75rem}.two{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem}button{width:auto}}
@media print{.top,.ask,nav{display:none}}`;

/** As a Content-Security-Policy names it: this style and no other. */
export const STYLE_HASH = `sha256-${createHash("sha256").update(PAGE_STYLE).digest("base64")}`;
