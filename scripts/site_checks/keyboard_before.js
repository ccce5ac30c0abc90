// Remember every stop of the keyboard and how it looks without focus; give their names.
() => {
  const selector = "a[href], area[href], button, input, select, textarea, summary, iframe, " +
    "audio[controls], video[controls], [contenteditable], [tabindex]";
  const stops = [...document.querySelectorAll(selector)].filter((element) =>
    element.tabIndex >= 0 && !element.disabled && element.type !== "hidden" &&
    element.checkVisibility({ visibilityProperty: true }));
  const looks = (element) => {
    const style = getComputedStyle(element);
    return [style.boxShadow, style.backgroundColor, style.backgroundImage, style.borderTopColor,
      style.borderTopWidth, style.borderBottomColor, style.borderBottomWidth,
      style.textDecorationLine, style.textDecorationThickness].join("|");
  };
  const named = (element) => {
    const words = (element.innerText || element.getAttribute("aria-label") || "").trim();
    const id = element.id ? `#${element.id}` : "";
    return `${element.localName}${id} "${words.replace(/\s+/g, " ").slice(0, 40)}"`;
  };
  const unfocused = new Map([...document.body.querySelectorAll("*")].map((element) =>
    [element, looks(element)]));
  window.klarsyn = { stops, looks, named, unfocused, visited: new Set() };
  return stops.map(named);
}
