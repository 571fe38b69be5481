/** How `<mintmark-chat>` looks: one's own messages stand at the end of the line. On a small screen the launcher's panel is all of it. */

export const RULES = `
:host{--_end:max(16px,env(safe-area-inset-right));--_low:max(16px,env(safe-area-inset-bottom))}
[hidden],.log :empty,.write>p:empty,span:empty{display:none!important}
section{display:flex;flex-direction:column;padding:0;height:min(480px,80vh);overflow:hidden}
.head{display:flex;align-items:center;justify-content:space-between;padding:8px 8px 8px 16px;min-height:56px}
.log{flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:4px 16px 16px;display:flex;flex-direction:column;gap:12px}
.log:focus-visible{outline-offset:-2px}
.log>div{max-width:85%;display:grid;gap:2px;justify-items:start}
.mine{align-self:flex-end;justify-items:end}
[dir]{padding:8px 12px;border:1px solid var(--_line);border-radius:min(var(--_radius),16px);white-space:pre-wrap}
.mine [dir]{background:var(--_soft)}
.log>p{align-self:center;text-align:center}
.write{display:grid;grid-template-columns:1fr auto;gap:8px;align-items:end;padding:12px 16px 16px;border-top:1px solid var(--_line)}
.write label,.write p{grid-column:1/-1;margin:0}
[aria-invalid=true]~p{color:var(--_danger)}
textarea{resize:none;max-height:120px;field-sizing:content}
.round{padding:0;width:40px}
.head .button{border:0}
.launcher{width:56px;height:56px;border-radius:50%;position:relative}
.launcher .sign{display:block;width:24px;height:24px}
.count{position:absolute;inset:-4px -4px auto auto;min-width:24px;border-radius:12px;background:var(--_text);color:var(--_background)}
:host([launcher]){position:fixed;z-index:2147483000;bottom:var(--_low);right:var(--_end)}
:host([launcher]) section{position:fixed;bottom:calc(var(--_low) + 68px);right:var(--_end);width:380px;height:min(600px,100dvh - 112px)}
.launcher,:host([launcher]) section{box-shadow:0 4px 24px #0004}
@media (max-width:480px),(max-height:480px){:host([launcher]) section{inset:0;width:auto;height:auto;border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}}
`;
