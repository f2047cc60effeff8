// Before the first paint, so that a dark screen does not flash white. A file, since the page allows no script of its own lines.
try {
  const chosen = localStorage.getItem("apex-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {}
