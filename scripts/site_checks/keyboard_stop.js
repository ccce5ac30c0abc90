// Where is the focus, and does the element show it?
async () => {
  const { stops, looks, named, unfocused, visited } = window.klarsyn;
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const again = visited.has(element);
  visited.add(element);
  await Promise.all(element.getAnimations().map((animation) => animation.finished));
  const pixel = (colour, under) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    for (const each of [...under, colour]) {
      brush.fillStyle = each;
      brush.fillRect(0, 0, 1, 1);
    }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((value) => value / 255).map((value) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (from) => {
    const layers = [];
    for (let up = from; up; up = up.parentElement) layers.push(getComputedStyle(up).backgroundColor);
    return ["Canvas", ...layers.reverse()];
  };
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const behind = ground(parseFloat(style.outlineOffset) < 0 ? element : element.parentElement);
  const [one, two] = [pixel(style.outlineColor, behind), pixel("transparent", behind)].map(light);
  const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  const changed = looks(element) !== unfocused.get(element);
  const strong = outlined && (style.outlineStyle === "auto" || contrast >= 3);
  const box = element.getBoundingClientRect();
  const outside = box.width < 2 || box.height < 2 || box.right <= 1 || box.bottom <= 1 ||
    box.left >= innerWidth || box.top >= innerHeight;
  const faults = [];
  if (outside) faults.push("focused outside the window");
  if (!changed && (!outlined || contrast < 1.05)) faults.push("no visible focus indicator");
  const target = element.matches("a[href^='#']") &&
    document.getElementById(decodeURIComponent(element.hash.slice(1)));
  return {
    again, contrast, faults,
    index: stops.indexOf(element),
    name: named(element),
    weak: outlined && !strong && !changed && contrast >= 1.05,
    in_main: Boolean(element.closest("main")),
    skips: Boolean(target) && (target.localName === "main" || Boolean(target.closest("main")) ||
      Boolean(target.querySelector("main"))),
  };
}
