"""The style sheet of the page: for a screen, for a narrow one, and for paper."""

CSS = """
:root { color-scheme: light;
  --ink: #1a1a1a; --soft: #4a4a4a; --line: #d9d9d9; --accent: #00558a; --paper: #ffffff; --tint: #f3f7fa; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.page { display: grid; grid-template-columns: 13.5rem minmax(0, 56rem); gap: 2.5rem; max-width: 76rem;
  margin: 0 auto; padding: 0 1.5rem 4rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 2.2rem 0 1rem;
  font-size: .875rem; line-height: 1.4; }
nav p { margin: 0 0 .5rem; font-weight: 600; color: var(--soft); }
nav ol { list-style: none; margin: 0; padding: 0; border-left: 2px solid var(--line); }
nav li { margin: 0; padding: .25rem 0 .25rem .8rem; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
main { min-width: 0; padding-top: 2rem; overflow-wrap: anywhere; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.2rem; }
header .kind { margin: 0; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.8rem 0 .6rem; }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 0 0 .15rem; max-width: 46rem; }
p, ul, blockquote, dl { max-width: 44rem; }
p { margin: .5rem 0; }
.question { font-size: 1.15rem; line-height: 1.45; color: var(--soft); margin: 0; }
.lead { font-size: 1.15rem; line-height: 1.5; font-weight: 500; margin-top: .6rem; }
dl.points { margin: 1rem 0; }
dl.points dt { font-weight: 600; margin-top: .6rem; }
dl.points dd { margin: 0; }
aside { background: var(--tint); border-left: 4px solid var(--accent); padding: .7rem 1.1rem .8rem; margin: 1.2rem 0;
  max-width: 46rem; }
aside h3 { font-size: .95rem; margin: 0; }
aside blockquote { margin: .3rem 0; }
aside p { margin: .3rem 0 0; font-size: .9rem; color: var(--soft); }
.warning { background: #fff6e5; border-left: 4px solid #b35900; padding: .5rem 1.1rem; max-width: 46rem; }
.subtitle, .note { color: var(--soft); font-size: .9rem; margin: 0 0 .4rem; }
figure { margin: 1.4rem 0 2.2rem; padding: 0; break-inside: avoid; }
.picture { overflow-x: auto; margin: .6rem 0; }
.picture svg { max-width: 100%; height: auto; display: block; }
details { margin: .4rem 0; font-size: .875rem; }
summary { cursor: pointer; color: var(--accent); }
.scroll { max-height: 26rem; overflow: auto; border: 1px solid var(--line); margin: .4rem 0; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .22rem .7rem; border-bottom: 1px solid #ececec; vertical-align: top; }
th { background: var(--tint); position: sticky; top: 0; font-weight: 600; }
td.n { text-align: right; white-space: nowrap; }
pre { background: var(--tint); padding: .8rem 1rem; overflow: auto; font-size: .82rem; line-height: 1.45;
  white-space: pre-wrap; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
@media (max-width: 1000px) {
  .page { display: block; padding: 0 1rem 3rem; }
  nav { position: static; max-height: none; padding: 1rem 0 0; }
  nav ol { columns: 2; border: 0; }
  nav li { padding: .15rem 0; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; }
  .page { display: block; max-width: none; padding: 0; }
  nav { display: none; }
  a { color: inherit; }
  h2, h3, dt { break-after: avoid; }
  dd, aside, tr { break-inside: avoid; }
  .picture { overflow: visible; }
  .picture svg { max-width: 100%; max-height: 225mm; }
  .scroll { max-height: none; overflow: visible; }
  figure details:not([open]) { display: none; }
  th { position: static; }
}
"""
