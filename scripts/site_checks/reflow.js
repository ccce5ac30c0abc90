// Is the page wider than its window, or cut off at its edge? And which elements stick out?
() => {
  const root = document.scrollingElement;
  const cutting = [document.documentElement, document.body].some((element) =>
    ["hidden", "clip"].includes(getComputedStyle(element).overflowX));
  const scrolls = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const named = (element) => {
    const id = element.id ? `#${element.id}` : "";
    return element.localName + id + [...element.classList].map((name) => `.${name}`).join("");
  };
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1 && element.checkVisibility() &&
      !scrolls(element);
  });
  const outermost = out.filter((element) => !out.some((each) => each.contains(element) &&
    each !== element));
  return {
    width: root.scrollWidth,
    wide: root.scrollWidth > innerWidth,
    cut: cutting && out.length > 0,
    culprits: outermost.slice(0, 3).map(named),
  };
}
