// Filters the routes by what is typed; without it all of them stand there.
const box = document.getElementById("filter");
box.closest("label").hidden = false;
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item) => words.every((word) => (item.textContent + item.firstChild.hash).toLowerCase().includes(word));
  for (const list of document.querySelectorAll("nav ul")) {
    for (const item of list.children) item.hidden = !fits(item);
    const none = [...list.children].every((item) => item.hidden);
    list.hidden = list.previousElementSibling.hidden = none;
  }
});
