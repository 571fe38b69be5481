// A page in React that uses every component; bundled for a server, which renders it, and for a browser, which takes it over.
import { Chat, Pricing, SignIn, TokenSession, UserButton } from "@mintmark/sdk/react";
import { StrictMode, useState } from "react";

function Page({ embedKey, baseUrl }) {
  const [look, setLook] = useState({});
  const [there, setThere] = useState(true);
  const [chosen, setChosen] = useState([]);
  const [token, setToken] = useState(null);
  const [news, setNews] = useState([]);
  const heard = ({ type }) => setNews((news) => [...news, type]);
  const common = { embedKey, baseUrl, ...look };
  return (
    <div>
      <button onClick={() => setLook({ theme: "dark", lang: "de", appearance: { accent: "#8a2be2" } })}>Dark and German</button>
      <button onClick={() => setLook({})}>As it was</button>
      <button onClick={async () => setToken(await window.widgetToken())}>Token</button>
      <button onClick={() => setThere(!there)}>Mount</button>
      <p id="chosen">{chosen.join(" ")}</p>
      <p id="news">{news.join(" ")}</p>
      {there && (
        <>
          <UserButton {...common} id="who" className="button here" style={{ order: 1 }} data-place="top" getBridgeToken={() => window.bridgeToken()} onSignedIn={heard} onError={heard} />
          <Pricing
            {...common}
            selectable={!look.theme}
            ref={(element) => void (element && (globalThis.pricing = element))}
            onLoad={heard}
            onSelect={(event) => {
              event.preventDefault();
              setChosen([...chosen, event.detail.offering]);
            }}
          />
          <TokenSession {...common} token={token} onLoad={heard} />
          <SignIn {...common} method="link" />
          <Chat {...common} greeting="Good day!" />
        </>
      )}
    </div>
  );
}

/** The page, as both sides render it. */
export const page = (props) => (
  <StrictMode>
    <Page {...props} />
  </StrictMode>
);
