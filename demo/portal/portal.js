// On every page: who is here, and what the elements say.
document.getElementById("person").value = document.body.dataset.who;

const names = ["load", "select", "signed-in", "signed-out", "link-requested", "message-sent", "message-received", "expired", "revoked", "error"];
for (const name of names) {
  document.addEventListener(`mintmark-${name}`, ({ type, target, detail }) => {
    const line = document.createElement("li");
    line.textContent = `<${target.localName}> ${type} ${JSON.stringify(detail)}`;
    document.getElementById("heard").append(line);
  });
}

/** Asks this portal's backend for a token of whoever is signed in here; nothing for nobody. */
export const token = (kind) => async () => {
  const answer = await fetch(`/tokens/${kind}`);
  if (!answer.ok) throw new Error(`/tokens/${kind}: ${answer.status}`);
  return (await answer.json()).token;
};
