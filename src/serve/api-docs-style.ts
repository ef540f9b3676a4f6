/** How the pages of the API's documentation look: the dashboard's calm, without its code. */

export const API_DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #5b6570; --line: #dfe3e8; --paper: #fff; --shade: #f5f7f9; --accent: #0b6bcb; --post: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --quiet: #a2adb9; --line: #2c333b; --paper: #14181c; --shade: #1c2228; --accent: #6cb2ff; --post: #f0b060; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: minmax(15rem, 19rem) minmax(0, 1fr); }
a { color: var(--accent); }
a:focus-visible, pre:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; }
header { border-right: 1px solid var(--line); padding: 2rem 1.5rem; position: sticky; top: 0; height: 100vh; overflow: auto; font-size: .9rem; }
.brand { margin: 0 0 1.5rem; font-size: 1.1rem; font-weight: 650; }
.brand a { color: inherit; text-decoration: none; }
.brand span { color: var(--quiet); font-weight: 400; font-size: .85rem; }
nav h2 { font-size: .8rem; margin: 1.25rem 0 .25rem; }
nav h2 a { color: var(--quiet); text-decoration: none; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .2rem 0; text-decoration: none; color: var(--ink); font-family: ui-monospace, monospace; font-size: .8rem; }
nav li b { color: var(--quiet); font-weight: 400; display: inline-block; width: 2.6rem; }
main { padding: 2rem clamp(1rem, 4vw, 4rem) 6rem; max-width: 60rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .75rem; letter-spacing: -.02em; }
main h2 { font-size: 1.35rem; margin: 3.5rem 0 .25rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h4 { font-size: .8rem; margin: 1.25rem 0 .4rem; color: var(--quiet); }
.lead { font-size: 1.05rem; max-width: 44rem; }
article { border-top: 1px solid var(--line); padding: 1.5rem 0; }
article > p { margin: 0 0 .75rem; max-width: 46rem; }
code { font-family: ui-monospace, monospace; font-size: .875em; }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0 .75rem; }
.method { font: 600 .75rem/1 ui-monospace, monospace; border: 1px solid currentColor; border-radius: 4px; padding: .2rem .4rem; color: var(--accent); vertical-align: .1em; }
.method.post { color: var(--post); }
.type { color: var(--quiet); font-size: .8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--quiet); font-size: .8rem; }
dl { margin: 0; display: grid; grid-template-columns: minmax(3.5rem, max-content) minmax(0, 1fr); gap: .4rem 1rem; font-size: .9rem; }
dt { font-variant-numeric: tabular-nums; }
dd { margin: 0; min-width: 0; }
dl.shape { grid-template-columns: minmax(7rem, 13rem) minmax(0, 1fr); }
dl.shape dl.shape { margin-top: .4rem; padding-left: .75rem; border-left: 2px solid var(--line); grid-template-columns: minmax(6rem, 11rem) minmax(0, 1fr); }
tr:target, h3:target { background: color-mix(in srgb, var(--accent) 14%, transparent); }
@media (max-width: 52rem) { body { display: block; } header { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1.25rem 1rem; } main { padding: 1.5rem 1rem 4rem; } dl.shape { grid-template-columns: minmax(0, 1fr); gap: .1rem; } dl.shape dd { margin-bottom: .5rem; } dl.shape dl.shape { grid-template-columns: minmax(0, 1fr); } }
`;
