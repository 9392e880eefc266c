/** The one style of the page for developers. */
export const style = `
:root { background: Canvas; color: CanvasText; color-scheme: light dark }
body { font: 1rem/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 56rem; overflow-wrap: break-word; padding: 1rem 1rem 4rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 1rem 0 }
h2 { font-size: 1.375rem; line-height: 1.3; margin: 2.5rem 0 0.5rem }
h3 { font-size: 1.0625rem; margin: 1.5rem 0 0.25rem }
p, ul, ol { margin: 0 0 0.75rem }
code { font: 0.9em/1.45 ui-monospace, monospace; overflow-wrap: anywhere }
pre { border: 1px solid #767676; margin: 0.5rem 0 1rem; overflow-x: auto; padding: 0.75rem }
pre code { overflow-wrap: normal }
.wide { margin: 0.5rem 0 1rem; overflow-x: auto }
table { border-collapse: collapse; width: 100% }
caption { font-weight: 600; padding: 0.25rem 0; text-align: start }
th, td { border-top: 1px solid #767676; min-width: 7rem; padding: 0.5rem 0.75rem 0.5rem 0; text-align: start; vertical-align: top }
summary { cursor: pointer; padding: 0.25rem 0 }
:focus-visible { outline: 3px solid; outline-offset: 2px }
`;
