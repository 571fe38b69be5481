/** How elements look: what the page says by custom properties, else the product's appearance, else ours. */

import type { Appearance } from "../mintmark.js";

/**
 * What all elements share. The page's own `--mintmark-*` come first, then the product's `--_p-*`. Lines and quiet words are mixed from text
 * and background, so that they fit whatever those are.
 */
export const BASE = `
:host{display:block;color-scheme:light dark;box-sizing:border-box;max-width:100%;
--_background:var(--mintmark-background,var(--_p-background,light-dark(#fff,#17191c)));
--_text:var(--mintmark-text,var(--_p-text,light-dark(#1b1d21,#eceef0)));
--_accent:var(--mintmark-accent,var(--_p-accent,light-dark(#1a6b4f,#63c49d)));
--_on-accent:var(--mintmark-on-accent,var(--_p-on-accent,light-dark(#fff,#0d1f18)));
--_radius:var(--mintmark-radius,var(--_p-radius,8px));
--_muted:color-mix(in srgb,var(--_text) 68%,var(--_background));
--_line:color-mix(in srgb,var(--_text) 16%,var(--_background));
--_soft:color-mix(in srgb,var(--_text) 5%,var(--_background));
--_danger:light-dark(#b3261e,#ff8a80);
color:var(--_text);font-family:var(--mintmark-font,var(--_p-font,inherit));font-size:15px;font-weight:400;font-style:normal;line-height:1.5;letter-spacing:normal;text-transform:none;text-align:start;-webkit-text-size-adjust:100%}
:host([hidden]){display:none}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*,*::before,*::after{box-sizing:border-box}
h2,h3,p,ul,dl,dd{margin:0;padding:0}
h2,h3{font-size:1.0667em;line-height:1.35;font-weight:600;overflow-wrap:anywhere}
ul{list-style:none}
p,dd{overflow-wrap:anywhere}
button,input,textarea{font:inherit;color:inherit}
a{color:inherit}
.card{background:var(--_background);border:1px solid var(--_line);border-radius:var(--_radius);padding:20px}
.stack{display:grid;gap:12px;justify-items:start}
.stack>form,.stack>.wide{width:100%}
.muted{color:var(--_muted);font-size:.9333em}
.button{appearance:none;display:inline-flex;align-items:center;justify-content:center;gap:8px;min-height:40px;padding:8px 16px;border:1px solid var(--_line);border-radius:min(var(--_radius),20px);background:var(--_background);font-weight:550;text-decoration:none;cursor:pointer;text-align:center}
.button:hover{background:var(--_soft)}
.button.primary{background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent)}
.button.primary:hover{background:color-mix(in srgb,var(--_accent) 88%,var(--_text))}
.button[aria-disabled=true]{opacity:.55;cursor:default}
.button.plain{border-color:transparent;background:none;min-height:0;padding:0;text-decoration:underline;text-underline-offset:3px;font-weight:400}
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
:focus:not(:focus-visible){outline:none}
label{display:block;font-weight:550;margin-bottom:6px}
input,textarea{display:block;width:100%;min-height:40px;padding:8px 12px;background:var(--_background);border:1px solid color-mix(in srgb,var(--_text) 52%,var(--_background));border-radius:min(var(--_radius),12px)}
[aria-invalid=true]{border-color:var(--_danger)}
.wrong{color:var(--_danger);font-size:.9333em;margin-top:6px}
.wrong:empty{display:none}
.bone{height:1em;border-radius:min(var(--_radius),6px);background:var(--_line);animation:pulse 1.4s ease-in-out infinite alternate}
.bones{display:grid;gap:10px}
@keyframes pulse{from{opacity:.5}to{opacity:1}}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.sign{width:16px;height:16px;flex:none;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
`;

/** From 0, black, to 1, white (WCAG 2.2, relative luminance); nothing of what is no `#rrggbb`. */
function luminance(colour: string | undefined): number | null {
  if (!colour || !/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The product's looks as a rule. Whatever is not as the server would have checked it is left out: this text becomes a style sheet. */
export function looks({ mode, accent, background, text, radius, font }: Appearance): string {
  const said: string[] = [];
  const behind = luminance(background);
  const words = luminance(text);
  const on = luminance(accent);
  // A background that is light in the dark wants all else to be as by day; the same where only the words are said.
  const scheme = behind !== null ? (behind > 0.18 ? "light" : "dark") : words !== null ? (words > 0.18 ? "dark" : "light") : mode;
  if (behind !== null) said.push(`--_p-background:${background}`);
  if (words !== null) said.push(`--_p-text:${text}`);
  if (on !== null) said.push(`--_p-accent:${accent}`, `--_p-on-accent:${on > 0.18 ? "#111" : "#fff"}`);
  if (Number.isInteger(radius) && radius! >= 0 && radius! <= 32) said.push(`--_p-radius:${radius}px`);
  if (font && /^[\w ,-]{1,120}$/.test(font)) said.push(`--_p-font:${font.replace(/[^\s,][^,]*/g, (name) => `"${name.trim()}"`)},system-ui,sans-serif`);
  const fixed = behind !== null || words !== null;
  // What the page says by `theme` counts more than the product's choice, but for colours that fit one of the two only.
  if (scheme === "light" || scheme === "dark") return `:host${fixed ? "" : "(:not([theme=light],[theme=dark]))"}{color-scheme:${scheme}${fixed ? "!important" : ""}}:host{${said.join(";")}}`;
  return `:host{${said.join(";")}}`;
}
