// Remember every text that the main part shows on a screen once its folds are open.
() => {
  const concealed = (element) => {
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.clipPath !== "none" || style.clip !== "auto") return true;
      if (style.overflowX !== "visible" && Math.min(up.offsetWidth, up.offsetHeight) <= 1) {
        return true;
      }
    }
    return false;
  };
  const boxes = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  };
  const seen = (node) => node.parentElement.checkVisibility({
    opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true,
  }) && boxes(node).some((box) => box.right > 0) && !concealed(node.parentElement);
  const main = document.querySelector("main") ?? document.body;
  const folded = [...main.querySelectorAll("details:not([open])")];
  for (const fold of folded) fold.open = true;
  const texts = [];
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.data.trim() && !node.parentElement.closest("nav, script, style") && seen(node)) {
      texts.push(node);
    }
  }
  for (const fold of folded) fold.open = false;
  window.klarsyn = { texts, seen, boxes };
}
