// What a single-page site does: fetch, then draw.
const draw = (page, { brand, phone, email, address, hours, services, areas, why }) => {
  const list = (items) => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
  const nav = `<nav><a href="/sites/scripted/">Home</a> <a href="/sites/scripted/services.html">Services and prices</a></nav>`;
  const home = `<h1>${brand}</h1><p>Electricians in Wellington.</p><h2>Why us</h2>${list(why)}<h2>Areas we cover</h2>${list(areas)}
    <h2>Opening hours</h2><p>${hours}</p><h2>Contact</h2><p><a href="tel:${phone.replace(/ /g, "")}">${phone}</a> <a href="mailto:${email}">${email}</a></p><address>${address}</address>`;
  const offers = `<h1>Services</h1>${list(services.map(([name, price]) => (price ? `${name} from $${price}` : name)))}`;
  document.getElementById("app").innerHTML = nav + (page === "services" ? offers : home);
};
fetch("/sites/scripted/data.json").then((answer) => answer.json()).then((data) => draw(document.getElementById("app").dataset.page, data));
