// A choice is the page's to act upon: it knows how its visitors pay.
document.querySelector("mintmark-pricing").addEventListener("mintmark-select", ({ detail }) => {
  document.getElementById("chosen").textContent = `You chose ${detail.offering}. Here Northwind would go on to its checkout.`;
});
